// The phone page: opened by the code on the computer, it shows what the check needs next. What is
// done stands with the server; whoever comes back goes on where it stopped.
import { follow } from '../shared/api';
import { applyPreferences, highContrast, language, setHighContrast, setLanguage, setSize, size, type Size } from '../shared/prefs';
import { cardReading, cardScreen, type SideName, type Ways } from './card';
import { codeOf, openSession, statusOf, wordsOf, type Check } from './check';
import { consentScreen } from './consent';
import { button, h, show, voice, type Tone } from './dom';
import { faceJudging, faceScreen } from './face';
import { steps } from './stage';
import { loadText, t, type Word } from './text';

const KEPT = 'hall-phone-code';

/** The code of the address, taken out of it at once; kept for a reload until it is used. */
function takeCode(): string {
  const code = location.hash.slice(1);
  try {
    if (code) sessionStorage.setItem(KEPT, code);
    else return sessionStorage.getItem(KEPT) ?? '';
  } catch {
    // it lasts for this page then
  }
  if (code) history.replaceState(null, '', location.pathname);
  return code;
}

function forgetCode(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // nothing was kept
  }
}

// ---- the ends ----

interface Bridge { call: (name: string) => void }
const bridge = (): Bridge | undefined => (window as unknown as { WeixinJSBridge?: Bridge }).WeixinJSBridge;

function end(tone: Tone, title: Word, text: Word, more?: string | null, step?: number): void {
  const close = bridge() && button(t('closePage'), () => bridge()?.call('closeWindow'), 'second');
  show(t(title), [step !== undefined && steps(step), h('div', { class: `end ${tone}`, 'aria-hidden': 'true' }, tone === 'good' ? '✓' : tone === 'bad' ? '×' : 'i'),
    more && h('p', { class: 'reason' }, more), h('p', { class: 'big' }, t(text)), close && h('div', { class: 'tools' }, close)]);
}

// ---- what the check needs ----

let watching = new AbortController();
let shown = '';
let redraw = (): void => undefined;

function look(): void {
  shown = '';
  watch();
}

function lost(): void {
  watching.abort();
  redraw = lost;
  end('info', 'lostTitle', 'lostText');
}

function over(check: Check): void {
  watching.abort();
  if (check.state === 'passed') end('good', 'passedTitle', 'passedText', '', 4);
  else if (check.state === 'manual_requested') end('info', 'manualDoneTitle', 'manualDoneText');
  else if (check.state === 'failed') end('bad', 'failedTitle', 'failedText', check.reason);
  else end('info', 'expiredTitle', 'expiredText');
}

/** Which screen stands for it, and what draws that. */
function screenOf(check: Check): [string, () => void] {
  if (check.state === 'id_card_done') {
    const { state } = check.liveness;
    if (state === 'checking' || state === 'passed') return [state === 'passed' ? 'confirming' : 'judging', () => faceJudging(state)];
    return ['face', () => faceScreen(check, waysFor('judging'))];
  }
  if (check.state !== 'scanned' && check.state !== 'waiting') return ['over', () => over(check)];
  const side: SideName = check.front?.state === 'accepted' ? 'back' : 'front';
  const next = `reading-${side}`;
  if (check[side]?.state === 'checking') return [next, () => cardReading(side)];
  return [side, () => cardScreen(side, check, waysFor(next))];
}

/** While a file is on its way, older news must not replace its screen. */
function waysFor(next: string): Ways {
  return {
    sending: () => watching.abort(),
    sent: () => {
      shown = next;
      watch();
    },
    look,
    lost,
  };
}

function drive(check: Check): void {
  const [name, draw] = screenOf(check);
  redraw = look;
  if (name === shown) return;
  shown = name;
  draw();
}

function watch(): void {
  watching.abort();
  const mine = watching = new AbortController();
  follow<Check>('/h5/check', mine.signal, (check) => { if (!mine.signal.aborted) drive(check); }).catch((error) => {
    if (mine.signal.aborted) return;
    if (statusOf(error) === 401) lost();
    else show(t('brokenTitle'), [h('p', null, wordsOf(error)), button(t('retry'), look)]);
  });
}

// ---- around it ----

const SIZES: [Size, Word][] = [['standard', 'sizeStandard'], ['large', 'sizeLarge'], ['largest', 'sizeLargest']];

function settings(): HTMLElement {
  const choose = (label: string, pressed: boolean, act: () => void) => h('button', { type: 'button', 'aria-pressed': String(pressed), click: () => { act(); head(); } }, label);
  const speak = h('button', { type: 'button', lang: language() === 'en' ? 'zh-CN' : 'en', click: async () => {
    setLanguage(language() === 'en' ? 'zh-CN' : 'en');
    await loadText();
    head();
    redraw();
  } }, t('otherLanguage'));
  return h('div', { class: 'prefs' }, h('div', { role: 'group', 'aria-label': t('sizes') }, ...SIZES.map(([name, word]) => choose(t(word), size() === name, () => setSize(name)))),
    choose(t('contrast'), highContrast(), () => setHighContrast(!highContrast())), speak);
}

function head(): void {
  document.title = `${t('page')} - ${t('brand')}`;
  const opened = document.querySelector('details.settings')?.hasAttribute('open');
  const focused = [...document.querySelectorAll('.prefs button')].indexOf(document.activeElement as Element);
  document.getElementById('head')?.replaceChildren(h('p', { class: 'brand' }, t('brand')), h('details', { class: 'settings', open: opened }, h('summary', null, t('settings')), settings()));
  (document.querySelectorAll('.prefs button')[focused] as HTMLElement | undefined)?.focus();
}

function start(): void {
  const code = takeCode();
  if (!code) return look();
  redraw = start;
  consentScreen(async (consent) => {
    try {
      await openSession(code, consent);
    } catch (error) {
      if (codeOf(error) !== 'link_expired') throw error;
      forgetCode();
      const known = await fetch('/api/v1/h5/check', { cache: 'no-store' }).catch(() => null); // this phone may have used it itself
      redraw = () => end('info', 'usedTitle', 'usedText');
      return known?.ok ? look() : redraw();
    }
    forgetCode();
    look();
  });
}

function frame(): void {
  const net = voice('status');
  const page = document.getElementById('page') as HTMLElement;
  page.replaceChildren(h('header', { id: 'head' }), h('main', { id: 'main' }, net.box, h('div', { id: 'screen' })));
  addEventListener('offline', () => net.say('warn', t('offline')));
  addEventListener('online', net.hush);
  addEventListener('hashchange', () => { if (location.hash.length > 20) start(); }); // another code in the same window
}

applyPreferences();
void loadText().then(() => {
  frame();
  head();
  start();
});
