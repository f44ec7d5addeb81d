// The separate consent to the processing of face information, and the way without it.
import { get } from '../shared/api';
import { statusOf, wordsOf } from './check';
import { button, h, notice, show, voice } from './dom';
import { t } from './text';

/** The few marks of the agreements: headings, lists, bold. */
function paragraphs(text: string): HTMLElement[] {
  const bold = (line: string) => line.split('**').map((part, i) => (i % 2 ? h('b', null, part) : part));
  return text.split(/\n{2,}/).filter((part) => !/^# /.test(part)).map((part) => {
    const head = /^#+ (.*)/.exec(part);
    if (head) return h('h2', null, head[1]);
    return /^- /.test(part) ? h('ul', null, ...part.split('\n').map((line) => h('li', null, ...bold(line.replace(/^- /, ''))))) : h('p', null, ...bold(part));
  });
}

function wholeText(): HTMLElement {
  const body = h('div', { class: 'prose', lang: 'zh-CN' });
  let asked = false;
  const details = h('details', {
    toggle: async () => {
      if (asked || !details.open) return;
      asked = true;
      try {
        const { data } = await get<{ text: string }>('/agreements/face');
        body.replaceChildren(...paragraphs(data.text));
      } catch (error) {
        asked = false;
        body.replaceChildren(notice('bad', wordsOf(error)));
      }
    },
  }, h('summary', null, t('consentRead')), body);
  return details;
}

/** `open` opens the check with the answer; what it throws is said here. */
export function consentScreen(open: (consent: boolean) => Promise<void>): void {
  const said = voice('alert');
  const tick = h('input', { type: 'checkbox', id: 'consent', change: () => said.hush() });
  const yes = button(t('consentYes'), () => {
    if (tick.checked) void answer(true, yes);
    else {
      said.say('bad', t('consentNeeded'));
      tick.focus();
    }
  });
  const answer = async (consent: boolean, pressed: HTMLButtonElement) => {
    said.hush();
    pressed.disabled = true;
    await open(consent).catch((error) => {
      pressed.disabled = false;
      said.say(statusOf(error) === 0 ? 'warn' : 'bad', wordsOf(error));
    });
  };
  const manual = () => {
    const sure = button(t('manualYes'), () => void answer(false, sure));
    show(t('manualTitle'), [h('p', null, t('manualText')), said.box, h('div', { class: 'tools' }, sure, button(t('manualNo'), () => consentScreen(open), 'second'))]);
  };
  show(t('consentTitle'), [
    h('p', null, t('consentLead')),
    h('ul', { class: 'how' }, h('li', null, t('consent1')), h('li', null, t('consent2')), h('li', null, t('consent3'))),
    wholeText(), said.box, h('label', { class: 'choice agree' }, tick, h('span', null, t('consentTick'))),
    h('div', { class: 'tools' }, yes, button(t('consentNo'), manual, 'second')),
  ]);
}
