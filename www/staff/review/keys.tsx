// Keys of the review page: which there are, and whether single keys act at all (WCAG 2.1.4).
import { useLayoutEffect, useState } from 'preact/hooks';
import { recall, remember } from '../../shared/prefs';
import { Dialog } from '../parts';
import { t } from './text';

export const keysOn = (): boolean => recall('desk-keys') !== 'off';

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (/^(?:TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !/^(?:checkbox|radio|button)$/.test(target.type)));

/** act answers whether the key meant something; Escape always comes through. */
export function useKeys(act: (key: string) => boolean): void {
  // Before the next key can come: keys are pressed faster than frames are painted.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (event.key !== 'Escape' && (!keysOn() || typing(event.target))) return;
      if (act(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  });
}

const ROWS: [string[], 'kApprove' | 'kReturn' | 'kGive' | 'kDeny' | 'kNext' | 'kRenew' | 'kNote' | 'kPaper' | 'kZoom' | 'kRotate' | 'kPages' | 'kHelp' | 'kEsc'][] = [
  [['a'], 'kApprove'], [['x'], 'kReturn'], [['g'], 'kGive'], [['d'], 'kDeny'], [['n'], 'kNext'], [['l'], 'kRenew'], [['m'], 'kNote'], [['1', '…', '9'], 'kPaper'], [['+', '−', '0'], 'kZoom'], [['r'], 'kRotate'], [['[', ']'], 'kPages'], [['?'], 'kHelp'], [['Esc'], 'kEsc'],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(keysOn());
  const change = (to: boolean) => {
    remember('desk-keys', to ? '' : 'off');
    setOn(to);
  };
  return (
    <Dialog title={t('keysTitle')} onClose={onClose}>
      <label class="choice"><input type="checkbox" checked={on} onChange={(event) => change(event.currentTarget.checked)} /><span>{t('keysOn')}</span></label>
      <p class="soft">{t('keysLead')}</p>
      <dl class="keys">{ROWS.map(([keys, word]) => <div key={word}><dt>{keys.map((key) => (key === '…' ? ' … ' : <kbd key={key}>{key}</kbd>))}</dt><dd>{t(word)}</dd></div>)}</dl>
    </Dialog>
  );
}
