// What several pages of the desk are made of: lists that go on, tables, facts, dialogs.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { Notice } from '../shared/kit';
import { wordsOf } from './session';
import { t } from './text';

export interface Data<T> { data: T | null; problem: string; reload: () => Promise<void>; set: (data: T) => void }

/** What a GET answers; path null asks nothing. Asked again when the path changes. */
export function useData<T>(path: string | null): Data<T> {
  const [data, set] = useState<T | null>(null);
  const [problem, setProblem] = useState('');
  const latest = useRef(path);
  latest.current = path;
  const reload = async () => {
    if (path === null) return;
    try {
      const reply = await get<T>(path);
      if (latest.current !== path) return;
      set(reply.data);
      setProblem('');
    } catch (error) {
      if (latest.current === path) setProblem(wordsOf(error));
    }
  };
  useEffect(() => {
    set(null);
    void reload();
  }, [path]);
  return { data, problem, reload, set };
}

export interface Items<T> { items: T[] | null; problem: string; more: (() => Promise<void>) | null; reload: () => Promise<void> }

/** A list that comes in pages: {items, next_cursor}. */
export function useItems<T>(path: string | null): Items<T> {
  const [items, setItems] = useState<T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const latest = useRef(path);
  latest.current = path;
  const fetchPage = async (from: string | null) => {
    if (path === null) return;
    try {
      const { data } = await get<{ items: T[]; next_cursor?: string | null }>(`${path}${from ? `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(from)}` : ''}`);
      if (latest.current !== path) return;
      setItems((old) => (from && old ? old.concat(data.items) : data.items));
      setCursor(data.next_cursor ?? null);
      setProblem('');
    } catch (error) {
      if (latest.current === path) setProblem(wordsOf(error));
    }
  };
  useEffect(() => {
    setItems(null);
    setCursor(null);
    void fetchPage(null);
  }, [path]);
  return { items, problem, more: cursor ? () => fetchPage(cursor) : null, reload: () => fetchPage(null) };
}

/** brief: a few words that stay on one line. */
export interface Column<T> { name: string; show: (row: T) => ComponentChildren; wide?: boolean; right?: boolean; brief?: boolean }

function Cell<T>({ column: { name, show, wide, right, brief }, row }: { column: Column<T>; row: T }) {
  const value = show(row);
  return <td data-name={name} class={[wide && 'wide', right && 'right', brief && 'brief', value === '—' && 'nothing'].filter(Boolean).join(' ')}><div>{value}</div></td>;
}

/** A table in a scroller of its own; on narrow screens each row is a card. */
export function Table<T>({ label, columns, list, keyOf, empty }:
  { label: string; columns: Column<T>[]; list: Items<T>; keyOf: (row: T) => string; empty: string }) {
  const { items, problem, more, reload } = list;
  if (problem) return <Notice tone="bad" live>{problem} <button type="button" class="button small second" onClick={reload}>{t('retry')}</button></Notice>;
  if (!items) return <p class="loading" role="status">{t('loading')}</p>;
  if (!items.length) return <p class="empty">{empty}</p>;
  return (
    <>
      <div class="scroller" role="region" aria-label={label} tabIndex={0}>
        <table class="table">
          <caption class="unseen">{label}</caption>
          <thead><tr>{columns.map(({ name, right }) => <th key={name} scope="col" class={right ? 'right' : ''}>{name}</th>)}</tr></thead>
          <tbody>{items.map((row) => <tr key={keyOf(row)}>{columns.map((column) => <Cell key={column.name} column={column} row={row} />)}</tr>)}</tbody>
        </table>
      </div>
      {more && <p class="moreline"><button type="button" class="button second small" onClick={more}>{t('more')}</button></p>}
    </>
  );
}

export type Line = [string, ComponentChildren];

/** Names and values side by side; what has no value is left out. */
export function Facts({ lines }: { lines: Line[] }) {
  return <dl class="facts">{lines.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

/** A dialog of the browser's own; it closes with Escape. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => {
      gone.current = true;
      dialog?.close(); // which gives the focus back, if Escape has not yet
    };
  }, []);
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onClose={() => { if (!gone.current) onClose(); }}>
      <div class="dialogHead"><h2 id="dialog-title">{title}</h2><button type="button" class="quiet" onClick={onClose}>{t('close')}</button></div>
      {children}
    </dialog>
  );
}
