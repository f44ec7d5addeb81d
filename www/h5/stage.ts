// Where a camera is seen, and what is said when it cannot be.
import { openCamera, type Camera, type Trouble } from './camera';
import { h, voice } from './dom';
import { t, type Word } from './text';

export interface Stage { box: HTMLElement; words: HTMLElement; camera: () => Camera | null; open: () => void; close: () => void; prompt: (text: string) => void }

/** A camera's picture; `changed` is told when it can be used, and when there is none to wait for. */
export function stage(facing: 'environment' | 'user', changed: (ready: boolean, hopeless: boolean) => void): Stage {
  const video = h('video', { tabindex: -1, playsinline: true, autoplay: true, 'aria-label': t('cameraLabel') });
  video.muted = true;
  const text = h('p', { class: 'now', role: 'status' }, t('cameraStarting'));
  const box = h('div', { class: `camera ${facing}` }, video, h('div', { class: 'frame', 'aria-hidden': 'true' }), text);
  const trouble = voice('status');
  let camera: Camera | null = null, round = 0, asked = false;

  const close = () => {
    round += 1;
    camera?.close();
    camera = null;
    document.removeEventListener('visibilitychange', woken);
    changed(false, false);
  };
  const failed = (what: Trouble) => {
    box.hidden = true;
    const again = what !== 'Missing' && h('button', { type: 'button', class: 'quiet', click: () => { asked = true; open(); } }, t('cameraAgain'));
    trouble.say('warn', t(`${facing === 'user' ? 'face' : 'camera'}${what}` as Word), again);
    changed(false, true);
    if (asked && again) again.focus(); // the button that was pressed is gone
    asked = false;
  };
  function open() {
    close();
    const mine = round;
    const gone = () => mine !== round;
    box.hidden = false;
    trouble.hush();
    text.textContent = t('cameraStarting');
    openCamera(video, facing, gone).then((opened) => {
      if (gone()) return;
      camera = opened;
      text.textContent = '';
      document.addEventListener('visibilitychange', woken);
      changed(true, false);
      if (asked) video.focus();
      asked = false;
    }, (what: Trouble) => { if (!gone()) failed(what); });
  }
  /** Phones take the camera away from a page that is not seen. */
  function woken() {
    if (document.visibilityState === 'visible' && camera?.stream.getVideoTracks().some((track) => track.readyState === 'ended')) open();
  }
  return { box, words: trouble.box, camera: () => camera, open, close, prompt: (now) => { text.textContent = now; } };
}

/** The file picker, which works without any permission. */
export function picker(label: string, accept: string, capture: string, take: (file: File) => void): HTMLElement {
  const input = h('input', {
    type: 'file', accept, capture, change: () => {
      const file = input.files?.[0];
      input.value = '';
      if (file) take(file);
    },
  });
  return h('label', { class: 'button second full file' }, h('span', null, label), input);
}

/** The button of the camera is in front while there is hope for it, the file picker otherwise. */
export function inFront(live: HTMLButtonElement, file: HTMLElement, ready: boolean, hopeless: boolean): void {
  live.disabled = !ready;
  live.hidden = hopeless;
  file.classList.toggle('second', !hopeless);
}

/** What is on its way: how much has left, and the way to send it again. */
export function parcel(name: string): { box: HTMLElement; part: (part: number) => void; say: (text: string) => void; lost: (text: string) => (go: () => void) => void } {
  const bar = h('progress', { max: 1, value: 0, 'aria-label': name });
  const words = h('p', { role: 'status' }, name);
  const trouble = voice('alert');
  const box = h('div', { class: 'parcel' }, bar, words, trouble.box);
  return {
    box,
    part: (part) => {
      trouble.hush();
      bar.value = part;
      words.textContent = part < 1 ? t('sendingPart', { part: Math.round(part * 100) }) : name;
    },
    say: (text) => {
      trouble.hush();
      bar.removeAttribute('value'); // goes to and fro: nobody knows how long
      words.textContent = text;
    },
    lost: (text) => (go) => trouble.say('warn', text, h('button', { type: 'button', class: 'quiet', click: go }, t('sendNow'))),
  };
}

const SLOW_MS = 12_000;

/** What the server is doing; after a while it says that it takes longer. Answers what ends the clock. */
export function working(say: (text: string) => void, text: string): () => void {
  say(text);
  const timer = setTimeout(() => say(`${text}${t('slow')}`), SLOW_MS);
  return () => clearTimeout(timer);
}

/** Where one is on the way. */
export function steps(current: number): HTMLElement {
  const names: Word[] = ['stepFront', 'stepBack', 'stepFace', 'stepEnd'];
  return h('ol', { class: 'way', 'aria-label': t('steps') }, ...names.map((name, i) => h('li', { class: i < current ? 'done' : i === current ? 'current' : undefined, 'aria-current': i === current ? 'step' : undefined },
    t(name), i < current && h('span', { class: 'unseen' }, t('done')))));
}
