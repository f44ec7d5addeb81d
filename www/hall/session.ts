// Who is signed in. A hint in this browser saves asking when nobody is.
import { call, get, Refusal } from '../shared/api';
import { recall, remember } from '../shared/prefs';
import { go } from '../shared/route';
import { Store } from '../shared/store';

export interface Account { phone: string; name: string; created_at: string }

/** undefined: not known yet. */
export const account = new Store<Account | null | undefined>(undefined);

/** Whether the last session ended by itself, which the page for signing in says. */
let over = false;

export function signedIn(who: Account | null): void {
  if (who) over = false;
  remember('signed-in', who ? '1' : '');
  account.set(who);
}

function ended(): void {
  over = true;
  signedIn(null);
}

export async function findAccount(): Promise<void> {
  if (!recall('signed-in')) {
    account.set(null);
    return;
  }
  try {
    signedIn((await get<Account>('/session')).data);
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) ended();
    else account.set(null);
  }
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/session').catch(() => undefined);
  over = false;
  signedIn(null);
  go('/');
}

/** Where to sign in, and to come back to. */
export const loginPath = (next: string): string => `/login?next=${encodeURIComponent(next)}${over ? '&over=1' : ''}`;

/** Only places of this site; nobody is sent elsewhere after signing in. */
export function nextPlace(query: URLSearchParams): string {
  const next = query.get('next') ?? '';
  return /^\/(?![/\\])/.test(next) ? next : '/orders';
}

/** A call of a page found the session gone. */
export function lostSession(error: unknown): boolean {
  if (!(error instanceof Refusal) || error.problem.status !== 401) return false;
  ended();
  go(loginPath(location.pathname + location.search), { replace: true });
  return true;
}
