// Elements without a library, and the one screen that is shown.
type Child = Node | string | false | null | undefined;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** An element; functions among the attributes listen to the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes | null, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export const button = (label: string, act: () => void, kind = ''): HTMLButtonElement => h('button', { type: 'button', class: `button full ${kind}`, click: act }, label);

export type Tone = 'info' | 'good' | 'warn' | 'bad';
const MARK: Record<Tone, string> = { info: 'i', good: '✓', warn: '!', bad: '×' };

export const notice = (tone: Tone, ...children: Child[]): HTMLElement => h('div', { class: `notice ${tone}` }, h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK[tone]), h('div', null, ...children));

/** A place for words that come and go, read out when they come. */
export function voice(role: 'alert' | 'status'): { box: HTMLElement; say: (tone: Tone, text: string, ...more: Child[]) => void; hush: () => void } {
  const box = h('div', { role });
  return {
    box,
    say: (tone, text, ...more) => box.replaceChildren(notice(tone, text, ...more)),
    hush: () => box.replaceChildren(),
  };
}

let leave = (): void => undefined;
let drawn = false;

/** Shows a screen instead of the former one; its title takes the focus, except on the first. */
export function show(title: string, children: Child[], onLeave: () => void = () => undefined): void {
  leave();
  leave = onLeave;
  const head = h('h1', { tabindex: -1 }, title);
  document.getElementById('screen')?.replaceChildren(head, ...children.filter((child): child is Node | string => Boolean(child)));
  scrollTo(0, 0);
  if (drawn) head.focus({ preventScroll: true });
  drawn = true;
}
