// A bank branch, found by keywords while typing (GET /banks of whichever site it stands on).
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from './api';
import { Around, describe } from './kit';

interface Props {
  id: string; label: string; required?: boolean; hint?: ComponentChildren; error?: string; warning?: string; wide?: boolean; value: string; onValue: (value: string) => void; onLeave?: () => void;
  say: (word: 'bankFound' | 'bankNone' | 'bankCode', values?: { n?: number; code?: string }) => string;
}
interface Bank { code: string; name: string }

const LEAST = 2, PAUSE = 200;
const find = (q: string, limit: number, signal?: AbortSignal) => get<{ items: Bank[] }>(`/banks?q=${encodeURIComponent(q)}&limit=${limit}`, { signal });

/** WAI-ARIA combobox with a list: only what was chosen from the list counts. */
export function BankField({ say, value, onValue, onLeave, ...field }: Props) {
  const { id } = field;
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Bank[] | null>(null);
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const chosen = useRef(''); // the code of what stands in the field
  const asked = useRef<AbortController | null>(null);
  const timer = useRef(0);

  useEffect(() => {
    if (!value || chosen.current === value) return;
    find(value, 1).then(({ data }) => {
      const [bank] = data.items;
      if (bank?.code !== value) return;
      chosen.current = value;
      setTyped(bank.name);
    }, () => undefined);
  }, [value]);

  const search = (text: string) => {
    const q = text.trim();
    setTyped(text);
    setAt(-1);
    if (value) onValue('');
    chosen.current = '';
    clearTimeout(timer.current);
    asked.current?.abort();
    if (q.length < LEAST) {
      setFound(null);
      setOpen(false);
      return;
    }
    timer.current = window.setTimeout(() => {
      asked.current = new AbortController();
      find(q, 20, asked.current.signal).then(({ data }) => {
        setFound(data.items);
        setOpen(true);
      }, () => undefined);
    }, PAUSE);
  };
  const choose = (bank: Bank) => {
    chosen.current = bank.code;
    setTyped(bank.name);
    setOpen(false);
    onValue(bank.code);
  };
  const keys = (event: KeyboardEvent) => {
    const list = found ?? [];
    if (event.key === 'Escape') setOpen(false);
    else if (event.key === 'Enter' && open && list[at]) choose(list[at]);
    else if (event.key === 'ArrowDown' && list.length) { setOpen(true); setAt((at + 1) % list.length); }
    else if (event.key === 'ArrowUp' && list.length) { setOpen(true); setAt((at - 1 + list.length) % list.length); }
    else return;
    event.preventDefault();
  };
  const leave = () => {
    setOpen(false);
    onLeave?.();
  };
  useEffect(() => { document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' }); }, [at]);
  return (
    <Around {...field}>
      <div class="combo">
        <input type="text" id={id} value={typed} role="combobox" autoComplete="off" aria-autocomplete="list" aria-expanded={open} aria-controls={`${id}-list`} aria-required={field.required || undefined}
          aria-activedescendant={open && at >= 0 ? `${id}-${at}` : undefined} {...describe(field)} onInput={(event) => search(event.currentTarget.value)} onKeyDown={keys} onBlur={leave} />
        <ul id={`${id}-list`} role="listbox" aria-label={field.label} hidden={!open || !found?.length}>
          {(found ?? []).map((bank, i) => (
            <li key={bank.code} id={`${id}-${i}`} role="option" aria-selected={i === at} onMouseDown={(event) => { event.preventDefault(); choose(bank); }}>
              {bank.name}<span>{bank.code}</span>
            </li>
          ))}
        </ul>
        <p class="hint" role="status">{open && found ? (found.length ? say('bankFound', { n: found.length }) : say('bankNone')) : value ? say('bankCode', { code: value }) : ''}</p>
      </div>
    </Around>
  );
}
