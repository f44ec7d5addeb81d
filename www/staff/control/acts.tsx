// Acts that are asked about once more, what came of them, and how the desk reads money and days.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { newKey, Refusal } from '../../shared/api';
import { Badge, Notice, TextField, type Tone } from '../../shared/kit';
import { go, place, unlessLost } from '../../shared/route';
import { orderPath } from '../orders';
import { Dialog } from '../parts';
import { t } from './text';
import { wordsOf } from '../session';
import { lookAtWork } from '../work';

/** "1,234.50" */
export function money(fen: number): string {
  const [whole, part] = (Math.abs(fen) / 100).toFixed(2).split('.');
  return `${fen < 0 ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`;
}

/** Yuan as somebody types them, in fen; null when they are none. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/[,，]/g, ''));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
}

/** The civil day in China, so many days from now: "2026-11-22". */
export const day = (later = 0): string => new Date(Date.now() + (8 * 3600 + later * 86_400) * 1000).toISOString().slice(0, 10);

/** Goes to the same page with these members of its query; an empty one is left out. */
export function turn(query: URLSearchParams, more: Record<string, string>): void {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) if (value) next.set(name, value); else next.delete(name);
  const text = next.toString();
  go(place.get().path + (text && `?${text}`), { replace: true });
}

export const OrderLink = ({ no }: { no: string }) => <a href={orderPath(no)}>{no}</a>;

export function Subject({ no, name }: { no: string; name?: string | null }) {
  return <><OrderLink no={no} />{name && <><br />{name}</>}</>;
}

export function State({ code, tones, words }: { code: string; tones: Record<string, Tone>; words: (code: string) => string }) {
  return <Badge tone={tones[code] ?? 'info'}>{words(code)}</Badge>;
}

/** Parts of one page side by side; which one stands in the address. */
export function Tabs({ label, tabs, at }: { label: string; tabs: [string, string][]; at: string }) {
  const { path } = place.get();
  return <nav class="subnav" aria-label={label}>{tabs.map(([name, word], i) => <a key={name} href={i ? `${path}?tab=${name}` : path} aria-current={name === at ? 'page' : undefined}>{word}</a>)}</nav>;
}

/** What just happened, said where the eye is. */
export function useSaid(): [ComponentChildren, (text: string) => void] {
  const [text, setText] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const say = (what: string) => {
    setText(what);
    unlessLost(() => box.current?.focus());
  };
  return [<div role="status" class="said" tabIndex={-1} ref={box}>{text && <Notice tone="good">{text}</Notice>}</div>, say];
}

export type Faults = Record<string, string>;

/** One call at a time: what is wrong with which member, and what is wrong altogether. */
export function useAct() {
  const [problem, setProblem] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  /** The act gets a name for what is wanted, the same until it was answered. */
  const run = async <T,>(act: (key: string) => Promise<T>, done: (answer: T) => void): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem('');
    setFaults({});
    try {
      done(await act(key.current));
      void lookAtWork(true);
      return true;
    } catch (error) {
      const found = error instanceof Refusal ? error.problem.errors : undefined;
      if (found?.length) setFaults(Object.fromEntries(found.map(({ pointer, detail }) => [pointer, detail])));
      else setProblem(wordsOf(error));
      if (error instanceof Refusal && error.problem.status) key.current = newKey();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { problem, faults, busy, run, setFaults };
}

export interface Asked<T> {
  title: string;
  confirm: string;
  danger?: boolean;
  /** Enter alone agrees: for hands that hold a scanner. */
  ready?: boolean;
  act: (key: string) => Promise<T>;
  done: (answer: T) => void;
  close: () => void;
  /** What is wrong before anybody is asked, by pointer. */
  check?: () => Faults;
  children?: ComponentChildren | ((faults: Faults) => ComponentChildren);
}

/** Says what will happen, and does it when it is wanted. */
export function Ask<T>({ title, confirm, danger, ready, act, done, close, check, children }: Asked<T>) {
  const { problem, faults: told, busy, run, setFaults } = useAct();
  const [tried, setTried] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const faults = { ...(tried ? check?.() : {}), ...told };
  useEffect(() => { if (ready) box.current?.querySelector<HTMLElement>('.buttons .button:last-child')?.focus(); }, []);
  const wrong = () => box.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  // Not at once: a tick that is drawn anew between its input and its change would be lost.
  const mended = () => { if (Object.keys(told).length) setTimeout(() => setFaults({})); };
  const send = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(check?.() ?? {}).length || !await run(act, done)) setTimeout(wrong);
  };
  const named = typeof children === 'function';
  const strays = named ? [] : Object.values(faults);
  return (
    <Dialog title={title} onClose={close}>
      <form noValidate onSubmit={send} onInput={mended} ref={box}>
        <div role="alert">{(problem || strays.length > 0) && <Notice tone="bad">{problem || strays.join('；')}</Notice>}</div>
        <div class="stacked">{named ? children(faults) : children}</div>
        <div class="buttons">
          <button type="button" class="button second" onClick={close}>{t('cancel')}</button>
          <button type="submit" class={`button${danger ? ' danger' : ''}`} disabled={busy}>{confirm}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Several lines of text with their label, hint and fault. */
export function Area({ id, label, value, onValue, error, hint, max = 500, rows = 3, required }:
  { id: string; label: string; value: string; onValue: (value: string) => void; error?: string; hint?: string; max?: number; rows?: number; required?: boolean }) {
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      <label for={id}>{required && <span class="star" aria-hidden="true">*</span>}{label}</label>
      <div class="control">
        <textarea id={id} rows={rows} maxLength={max} value={value} aria-required={required || undefined} aria-describedby={notes || undefined} aria-invalid={error ? true : undefined} onInput={(event) => onValue(event.currentTarget.value)} />
        {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
        {error && <p class="error" id={`${id}-error`}>{error}</p>}
      </div>
    </div>
  );
}

/** First and last day of a span; asks for another when the form is sent. */
export function Span({ from, to, look, children }: { from: string; to: string; look: (from: string, to: string) => void; children?: ComponentChildren }) {
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(to);
  const send = (event: Event) => {
    event.preventDefault();
    look(first, last);
  };
  return (
    <form class="filters" noValidate onSubmit={send}>
      <label>{t('from')}<input id="from" type="date" value={first} max={last} onInput={(event) => setFirst(event.currentTarget.value)} /></label>
      <label>{t('to')}<input id="to" type="date" value={last} min={first} onInput={(event) => setLast(event.currentTarget.value)} /></label>
      <button type="submit" class="button small">{t('show')}</button>
      {children}
    </form>
  );
}

/** An amount in yuan. */
export const Yuan = (props: Parameters<typeof TextField>[0]) => <TextField {...props} inputMode="decimal" autoComplete="off" maxLength={14} after={<span>{t('yuan')}</span>} />;
