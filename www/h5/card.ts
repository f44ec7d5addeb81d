// One side of the card: taken live or as a file, looked at here first, then read by the server.
import { seen } from './camera';
import { codeOf, send, statusOf, wordsOf, type Check } from './check';
import { button, h, notice, show, voice } from './dom';
import { decoded, drawn, encoded, fault, isPlainJpeg } from './picture';
import { inFront, parcel, picker, stage, steps, working } from './stage';
import { t } from './text';

export type SideName = 'front' | 'back';
/** What the main part is told: something is on its way, has arrived, or the check must be asked. */
export interface Ways { sending: () => void; sent: () => void; look: () => void; lost: () => void }

/** What the card says, for its owner to see that it was read rightly. */
function readFrom(side: SideName, check: Check): HTMLElement | false {
  const { state, recognised } = check[side] ?? {};
  if (state !== 'accepted' || !recognised) return false;
  const { name_masked: name, id_number_masked: number } = recognised;
  return notice('good', t('frontAccepted'), name && h('span', { class: 'facts' }, t('recognisedName', { name })), number && h('span', { class: 'facts' }, t('recognisedNumber', { number })));
}

const number = (side: SideName) => (side === 'front' ? 0 : 1);
const title = (side: SideName) => t(side === 'front' ? 'frontTitle' : 'backTitle');

/** For whoever comes back while the server reads. */
export function cardReading(side: SideName): void {
  const on = parcel(t('reading'));
  const stop = working(on.say, t('reading'));
  show(title(side), [steps(number(side)), on.box], stop);
}

export function cardScreen(side: SideName, check: Check, ways: Ways): void {
  const said = voice('alert');
  const view = stage('environment', (ready, hopeless) => inFront(shoot, file, ready, hopeless));
  const shoot = button(t('shoot'), () => void shot());
  const file = picker(t('shootFile'), 'image/*', 'environment', (chosen) => void picked(chosen));
  const photo = h('div', { class: 'photo', hidden: true });
  const tools = h('div', { class: 'tools' }, shoot, file);
  let stop = (): void => undefined;

  const back = () => {
    stop();
    photo.hidden = true;
    tools.hidden = false;
    view.open();
  };
  const refuse = (words: string) => {
    said.say('bad', words);
    said.box.scrollIntoView({ block: 'nearest' });
  };
  const shot = async () => {
    const camera = view.camera();
    if (!camera) return;
    const picture = drawn(camera.video, ...seen(camera));
    const wrong = fault(picture);
    if (wrong) return refuse(wrong);
    await hand(picture, await encoded(picture));
  };
  const picked = async (chosen: File) => {
    said.hush();
    const picture = await decoded(chosen);
    if (!picture) return refuse(t('notPicture'));
    const wrong = fault(picture);
    if (wrong) return refuse(wrong);
    await hand(picture, (await isPlainJpeg(chosen, picture)) ? chosen : await encoded(picture));
  };
  /** Sends it and shows it meanwhile. */
  const hand = async (picture: HTMLCanvasElement, jpeg: Blob | null) => {
    if (!jpeg) return refuse(t('notPicture'));
    const on = parcel(t('sending'));
    said.hush();
    view.close();
    view.box.hidden = tools.hidden = true;
    view.words.replaceChildren();
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', t('photoTaken'));
    photo.replaceChildren(picture, on.box);
    photo.hidden = false;
    ways.sending();
    try {
      await send(`/h5/id-card/${side}`, jpeg, 'image/jpeg', on.part, on.lost(t('interrupted')));
      stop = working(on.say, t('reading'));
      ways.sent();
    } catch (error) {
      if (statusOf(error) === 401) return ways.lost();
      if (codeOf(error) === 'in_progress' || statusOf(error) === 409) return ways.look();
      ways.look();
      back();
      refuse(wordsOf(error));
    }
  };
  const reason = check[side]?.state === 'refused' ? check[side]?.reason : '';
  if (reason) said.say('bad', `${t(side === 'front' ? 'frontRefused' : 'backRefused')}${reason}`);
  show(title(side), [steps(number(side)), side === 'back' && readFrom('front', check), said.box, h('p', { class: 'lead' }, t('cardLead')), view.box, view.words, photo, tools], () => {
    stop();
    view.close();
  });
  view.open();
}
