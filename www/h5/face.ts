// The living face: what to do is asked of the server, done before the camera, and sent as a video.
import { FACE_VIDEO } from 'defs:reason';
import { actWord, askChallenge, codeOf, send, statusOf, wordsOf, type Challenge, type Check } from './check';
import { button, h, show, voice } from './dom';
import { MOST_BYTES, record, recordable, shrunk } from './recorder';
import { inFront, parcel, picker, stage, steps, working } from './stage';
import { of, t } from './text';
import type { Ways } from './card';

const READY_MS = 1000, ACT_MS = 2500;
const STEP = 2;
const pause = (ms: number) => new Promise<void>((done) => { setTimeout(done, ms); });

let recordedHere = ''; // type of the last video that this page made itself
let unusable = false; // and the service could not use it

export function faceJudging(state: string): void {
  const on = parcel(t('judging'));
  const stop = working(on.say, t(state === 'passed' ? 'confirming' : 'judging'));
  show(t('faceTitle'), [steps(STEP), on.box], stop);
}

/** What will be asked, before the camera opens. */
export function faceScreen(check: Check, ways: Ways): void {
  const { reason, state, attempts_left: left } = check.liveness;
  const said = voice('alert');
  if (state === 'failed' && reason === of(FACE_VIDEO) && recordedHere) unusable = true;
  if (state === 'failed' && reason) said.say('bad', `${t('faceRefused')}${reason}${unusable ? t('otherRecording') : ''}`);
  const start = button(t('faceStart'), async () => {
    start.disabled = true;
    said.hush();
    try {
      const challenge = await askChallenge();
      if (challenge.kind === 'hosted') {
        show(t('faceTitle'), [steps(STEP), h('p', { role: 'status' }, t('away'))]);
        location.assign(challenge.redirect_url as string);
      } else recordScreen(challenge, ways);
    } catch (error) {
      start.disabled = false;
      if (statusOf(error) === 401) ways.lost();
      else if (statusOf(error) === 409) ways.look();
      else said.say('bad', wordsOf(error));
    }
  });
  show(t('faceTitle'), [
    steps(STEP), said.box, h('p', null, t('faceLead')),
    h('ul', { class: 'how' }, h('li', null, t('face1')), h('li', null, t('face2')), h('li', null, t('face3', { seconds: 6 }))),
    h('p', { class: 'left' }, t('faceLeft', { n: left })), h('div', { class: 'tools' }, start), h('p', { class: 'hint' }, t('faceOther')),
  ]);
}

const megabytes = (bytes: number) => (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1);

function recordScreen(challenge: Challenge, ways: Ways): void {
  const acts = challenge.actions ?? [];
  const said = voice('alert');
  const view = stage('user', (ready, hopeless) => inFront(begin, file, ready, hopeless));
  const begin = button(t('record'), () => void live());
  const file = picker(t('recordFile'), 'video/*', 'user', (chosen) => void picked(chosen));
  const going = h('div', { hidden: true });
  const tools = h('div', { class: 'tools' }, begin, file, h('p', { class: 'hint' }, t('recordFileHint')));
  const list = h('ol', { class: 'acts' }, ...acts.map((act) => h('li', null, actWord('action', act))));
  let stop = (): void => undefined;
  let left = false;

  const back = () => {
    stop();
    going.hidden = true;
    tools.hidden = false;
    if (!unusable && recordable()) view.open();
  };
  const refuse = (words: string) => {
    said.say('bad', words);
    said.box.scrollIntoView({ block: 'nearest' });
  };
  /** Records while it says what to do. */
  const live = async () => {
    const camera = view.camera();
    if (!camera) return;
    said.hush();
    tools.hidden = true;
    const hidden = () => document.visibilityState === 'hidden';
    try {
      const recording = record(camera.stream);
      recording.video.catch(() => undefined); // told below
      for (const [i, act] of ['', ...acts].entries()) {
        view.prompt(act ? `${i}/${acts.length} ${actWord('now', act)}` : t('nowReady'));
        list.querySelectorAll('li').forEach((item, at) => item.classList.toggle('current', at === i - 1));
        if (act) navigator.vibrate?.(60);
        await pause(act ? ACT_MS : READY_MS);
        if (left) return recording.stop();
        if (hidden()) throw new Error('left the page');
      }
      recording.stop();
      const video = await recording.video;
      recordedHere = video.type;
      await hand(video);
    } catch {
      view.close();
      back();
      refuse(t('recordFailed'));
    }
  };
  const picked = async (chosen: File) => {
    said.hush();
    if (!/^video\//.test(chosen.type)) return refuse(t('notVideo'));
    recordedHere = '';
    if (chosen.size <= MOST_BYTES) return hand(chosen);
    tools.hidden = true;
    const on = parcel(t('sending'));
    going.replaceChildren(on.box);
    going.hidden = false;
    view.close();
    view.box.hidden = true;
    try {
      const smaller = await shrunk(chosen, (seconds) => on.say(t('shrinking', { seconds })));
      if (smaller.size > MOST_BYTES) throw new Error('still too large');
      await hand(smaller);
    } catch {
      back();
      refuse(t('videoLarge', { size: megabytes(chosen.size), most: megabytes(MOST_BYTES) }));
    }
  };
  const hand = async (video: Blob) => {
    const on = parcel(t('sending'));
    view.close();
    view.box.hidden = tools.hidden = list.hidden = true;
    view.words.replaceChildren();
    going.replaceChildren(on.box);
    going.hidden = false;
    ways.sending();
    try {
      const type = /webm/.test(video.type) ? 'video/webm' : 'video/mp4'; // an iPhone's MOV is one of MP4's family
      await send(`/h5/liveness-challenges/${challenge.challenge_id}/video`, video, type, on.part, on.lost(t('interruptedVideo')));
      stop = working(on.say, t('judging'));
      ways.sent();
    } catch (error) {
      if (statusOf(error) === 401) return ways.lost();
      if (statusOf(error) === 409 || statusOf(error) === 404 || codeOf(error) === 'challenge_expired') return ways.look();
      ways.look();
      list.hidden = false;
      back();
      refuse(wordsOf(error));
    }
  };
  show(t('faceTitle'), [steps(STEP), said.box, h('p', { class: 'lead' }, t('actionsLead')), list, view.box, view.words, going, tools], () => {
    left = true;
    stop();
    view.close();
  });
  if (unusable || !recordable()) {
    view.box.hidden = true;
    view.words.append(h('p', { class: 'hint' }, t(unusable ? 'otherRecording' : 'faceMissing')));
    inFront(begin, file, false, true);
  } else view.open();
}
