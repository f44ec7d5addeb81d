// Addresses of pages: the browser's own history, links are plain links.
import { Store } from './store';

export interface Place { path: string; query: URLSearchParams }

const here = (): Place => ({ path: location.pathname.replace(/(.)\/$/, '$1'), query: new URLSearchParams(location.search) });
export const place = new Store<Place>(here());

export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  place.set(here());
  if (!replace) scrollTo(0, 0);
}

function followed(event: MouseEvent): void {
  const link = (event.target as Element).closest?.('a');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const { href, target, origin, pathname, hash } = link;
  if (!href || target || link.hasAttribute('download') || origin !== location.origin) return;
  if (hash && pathname === location.pathname) return; // a place in this page
  if (/^\/(?:api|pki|h5)\/|\.\w+$/.test(pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

/** Reading begins here: at the start of the page, or of a step. */
export const focusMain = (): void => document.getElementById('main')?.focus({ preventScroll: true });

const SOON_MS = 5000;

/** What has the focus may go when the page is drawn anew, now or with the next answer: then it goes on here, and not from the top. */
export function unlessLost(focus: () => void): void {
  const lost = () => !document.activeElement || document.activeElement === document.body;
  setTimeout(() => {
    const at = document.activeElement;
    const mend = () => {
      if (at !== document.body && at?.isConnected) return;
      if (lost()) focus(); // in vain as long as a dialog is open
      if (!lost()) watch.disconnect();
    };
    const watch = new MutationObserver(mend);
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => watch.disconnect(), SOON_MS);
    mend();
  });
}

export function startRouting(): void {
  addEventListener('popstate', () => place.set(here()));
  document.addEventListener('click', followed);
}
