// Choosing from long lists: a bank branch while typing, a region level by level, a date or 长期.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../../shared/api';
import { Around, describe } from '../../shared/kit';
import { allRegions, type Region } from '../order';
import { t } from '../text';

interface Props { id: string; label: string; required?: boolean; hint?: ComponentChildren; error?: string; warning?: string; wide?: boolean; value: string; onValue: (value: string) => void; onLeave: () => void }
interface Bank { code: string; name: string }

const LEAST = 2, PAUSE = 200;
const find = (q: string, limit: number, signal?: AbortSignal) => get<{ items: Bank[] }>(`/banks?q=${encodeURIComponent(q)}&limit=${limit}`, { signal });

/** WAI-ARIA combobox with a list: only what was chosen from the list counts. */
export function BankField({ value, onValue, onLeave, ...field }: Props) {
  const { id } = field;
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Bank[] | null>(null);
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const chosen = useRef<Bank | null>(null);
  const asked = useRef<AbortController | null>(null);
  const timer = useRef(0);

  useEffect(() => {
    if (!value || chosen.current?.code === value) return;
    find(value, 1).then(({ data }) => {
      if (data.items[0]?.code !== value) return;
      [chosen.current] = data.items;
      setTyped(data.items[0].name);
    }, () => undefined);
  }, [value]);

  const search = (text: string) => {
    setTyped(text);
    setAt(-1);
    if (value) onValue('');
    chosen.current = null;
    clearTimeout(timer.current);
    asked.current?.abort();
    if (text.trim().length < LEAST) {
      setFound(null);
      setOpen(false);
      return;
    }
    timer.current = window.setTimeout(() => {
      asked.current = new AbortController();
      find(text.trim(), 20, asked.current.signal).then(({ data }) => {
        setFound(data.items);
        setOpen(true);
      }, () => undefined);
    }, PAUSE);
  };
  const choose = (bank: Bank) => {
    chosen.current = bank;
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
    onLeave();
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
        <p class="hint" role="status">{open && found ? (found.length ? t('bankFound', { n: found.length }) : t('bankNone')) : value ? t('bankCode', { code: value }) : ''}</p>
      </div>
    </Around>
  );
}

/** Province, city, district; the value is the code of a place that has no parts. */
export function RegionField({ value, onValue, onLeave, ...field }: Props) {
  const [regions, setRegions] = useState<Region[]>([]);
  const [path, setPath] = useState<string[]>(['', '', '']);
  useEffect(() => { allRegions().then(setRegions, () => undefined); }, []);
  useEffect(() => {
    if (!value || !regions.length) return;
    const known = new Map(regions.map((region) => [region.code, region]));
    const up: string[] = [];
    for (let region = known.get(value); region; region = region.parent ? known.get(region.parent) : undefined) up.unshift(region.code);
    setPath([up[0] ?? '', up[1] ?? '', up[2] ?? '']);
  }, [value, regions]);
  const below = (parent: string | null) => regions.filter((region) => region.parent === parent);
  const choose = (level: number, code: string) => {
    const next = path.map((old, i) => (i < level ? old : i === level ? code : ''));
    for (let i = level; i < 2 && next[i]; i++) { // a city that is the only one is not asked for
      const only = below(next[i]);
      if (only.length !== 1) break;
      next[i + 1] = only[0].code;
    }
    setPath(next);
    const last = next.filter(Boolean).pop() ?? '';
    onValue(regions.find((region) => region.code === last)?.is_leaf ? last : '');
  };
  const { id, label } = field;
  const levels: [string | null, string][] = [[null, t('province')], [path[0], t('city')], [path[1], t('district')]];
  return (
    <Around {...field}>
      <div class="cascade">
        {levels.map(([parent, name], level) => {
          const choices = parent === '' ? [] : below(parent);
          return (
            <select key={name} id={level ? `${id}-${level}` : id} aria-label={`${label} ${name}`} value={path[level]} disabled={level > 0 && !choices.length} aria-required={field.required || undefined}
              {...describe(field)} onChange={(event) => choose(level, event.currentTarget.value)} onBlur={() => { if (level === 2 || !choices.length) onLeave(); }}>
              <option value="">{name}</option>
              {choices.map((region) => <option key={region.code} value={region.code}>{region.name}</option>)}
            </select>
          );
        })}
      </div>
    </Around>
  );
}

export function DateField({ value, onValue, onLeave, ...field }: Props) {
  const { id, label } = field;
  const long = value === 'long_term';
  return (
    <Around {...field}>
      <div class="inline">
        <input id={id} type="date" value={long ? '' : value} disabled={long} min="1990-01-01" max="2199-12-31" aria-required={field.required || undefined} {...describe(field)}
          onInput={(event) => onValue(event.currentTarget.value)} onBlur={onLeave} />
        <label class="choice"><input type="checkbox" checked={long} aria-label={`${label} ${t('longTerm')}`} onChange={(event) => onValue(event.currentTarget.checked ? 'long_term' : '')} /><span>{t('longTerm')}</span></label>
      </div>
    </Around>
  );
}
