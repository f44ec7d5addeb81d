// The papers of an order as pictures that the hall has drawn anew: choose, zoom, turn, page.
import { useEffect, useRef, useState } from 'preact/hooks';
import materials from 'defs:material';
import { Refusal, settings } from '../../shared/api';
import { language } from '../../shared/prefs';
import { Notice } from '../../shared/kit';
import { unlessLost } from '../../shared/route';
import { wordsOf } from '../session';
import { of } from '../text';
import { api, type Desk } from './data';
import { code, t } from './text';

export interface Picture { url: string; pages: number; width: number; height: number }

export const paperName = (kind: string): string => of(materials[kind] ?? { zh: kind, en: kind }).replace(/[（(,].*/, '');

/** Fetches one page; the answer says how many there are. */
export async function fetchPage(no: string, kind: string, page: number, signal: AbortSignal): Promise<Picture> {
  const response = await fetch(`${settings.base}${api(no)}/documents/${kind}/preview?page=${page}`, { signal, cache: 'no-store', credentials: 'same-origin', headers: { 'Accept-Language': language() } });
  if (!response.ok) {
    const problem = /json/.test(response.headers.get('Content-Type') ?? '') ? await response.json() : { status: response.status, code: 'unavailable', title: '', detail: t('paperFailed') };
    if (problem.code === 'unauthenticated') settings.lost?.();
    throw new Refusal(problem);
  }
  const url = URL.createObjectURL(await response.blob());
  const image = new Image();
  image.src = url;
  await image.decode();
  return { url, pages: Number(response.headers.get('X-Pages')) || 1, width: image.naturalWidth, height: image.naturalHeight };
}

type Pictures = Record<string, Picture | string | undefined>;
const nameOf = (kind: string, page: number): string => `${kind}/${page}`;

/** The first page of every paper at once, the others when they are wanted; a text says why there is none. */
function usePictures(order: Desk, kinds: string[], wanted: string): Pictures {
  const [pictures, setPictures] = useState<Pictures>({});
  const asked = useRef(new Set<string>());
  const stop = useRef<AbortController>();
  const key = `${order.order_no}:${order.documents.map(({ sha256 }) => sha256).join()}`;
  const ask = (name: string) => {
    if (!name || asked.current.has(name) || !stop.current) return;
    asked.current.add(name);
    const [kind, page] = name.split('/');
    const { signal } = stop.current;
    fetchPage(order.order_no, kind, Number(page), signal)
      .then((picture) => (signal.aborted ? URL.revokeObjectURL(picture.url) : setPictures((old) => ({ ...old, [name]: picture }))))
      .catch((error) => signal.aborted || setPictures((old) => ({ ...old, [name]: error instanceof Refusal ? wordsOf(error) : t('paperFailed') })));
  };
  useEffect(() => {
    stop.current = new AbortController();
    asked.current = new Set();
    setPictures({});
    kinds.forEach((kind) => ask(nameOf(kind, 1)));
    return () => {
      stop.current?.abort();
      setPictures((old) => {
        Object.values(old).forEach((picture) => typeof picture === 'object' && URL.revokeObjectURL(picture.url));
        return {};
      });
    };
  }, [key]);
  useEffect(() => ask(wanted), [wanted, key]);
  return pictures;
}

const ZOOMS = [1, 1.25, 1.5, 2, 3, 4, 6];

export interface PaperKeys { handle: (key: string) => boolean }

/** keys: filled with what the page's keyboard may ask of the papers. To be keyed by the order: nothing of one is shown with another. */
export function Papers({ order, kinds, fresh = [], keys }: { order: Desk; kinds: string[]; fresh?: string[]; keys?: { current: PaperKeys | null } }) {
  const [kind, setKind] = useState(kinds[0] ?? '');
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(0);
  const [turn, setTurn] = useState(0);
  const [space, setSpace] = useState(600);
  const box = useRef<HTMLDivElement>(null);
  const shown = kinds.includes(kind) ? kind : kinds[0] ?? '';
  const pictures = usePictures(order, kinds, shown && nameOf(shown, page));
  const picture = pictures[nameOf(shown, page)];
  const first = pictures[nameOf(shown, 1)];
  const pages = typeof first === 'object' ? first.pages : 1;
  useEffect(() => {
    if (!box.current || !('ResizeObserver' in window)) return undefined;
    const watch = new ResizeObserver(([entry]) => setSpace(entry.contentRect.width));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [kinds.length > 0]);
  const choose = (to: string) => {
    setKind(to);
    setPage(1);
    setTurn(0);
    setZoom(0);
    box.current?.scrollTo(0, 0);
  };
  const larger = () => setZoom((z) => Math.min(z + 1, ZOOMS.length - 1));
  const smaller = () => setZoom((z) => Math.max(z - 1, 0));
  const rotate = () => setTurn((n) => (n + 90) % 360);
  const leaf = (by: number) => setPage((n) => Math.min(Math.max(n + by, 1), pages));
  if (keys) {
    keys.current = { handle: (key) => {
      const acts: Record<string, () => void> = { '+': larger, '=': larger, '-': smaller, 0: () => setZoom(0), r: rotate, '[': () => leaf(-1), ']': () => leaf(1) };
      const act = acts[key] ?? (/^[1-9]$/.test(key) && kinds[Number(key) - 1] ? () => choose(kinds[Number(key) - 1]) : undefined);
      act?.();
      return !!act;
    } };
  }
  if (!kinds.length) return <Notice>{t('noPapers')}</Notice>;
  const scan = order.documents.find((document_) => document_.kind === shown);
  const failed = scan?.checks.filter(({ passed }) => !passed) ?? [];
  return (
    <div class="papers">
      <div class="paperTabs" role="group" aria-label={t('paperList')}>
        {kinds.map((name, i) => {
          const small = pictures[nameOf(name, 1)];
          return (
            <button key={name} type="button" aria-pressed={name === shown} onClick={() => choose(name)} data-kind={name}>
              <span class="thumb">{typeof small === 'object' && <img src={small.url} alt="" />}</span>
              <span class="label">{code('d_', name)}<span>{keys && i < 9 && <kbd aria-hidden="true">{i + 1}</kbd>}{fresh.includes(name) && <b class="tag">{t('newPaper')}</b>}</span></span>
            </button>
          );
        })}
      </div>
      <div class="paperTools">
        {scan && (
          <details class={failed.length ? 'bad' : 'good'} open={failed.length > 0}>
            <summary>{failed.length ? `! ${t('checksBad', { bad: failed.length })}` : `✓ ${t('checksGood', { n: scan.checks.length })}`}</summary>
            <ul>{scan.checks.map((check) => <li key={check.code} class={check.passed ? 'good' : 'bad'}><span aria-hidden="true">{check.passed ? '✓' : '✕'}</span><span class="unseen">{t(check.passed ? 'passed' : 'notPassed')}</span> {check.detail}</li>)}</ul>
          </details>
        )}
        <div class="tools" role="group" aria-label={paperName(shown)}>
          {pages > 1 && <><button type="button" aria-label={t('prevPage')} disabled={page === 1} onClick={() => leaf(-1)}>‹</button><span role="status">{t('pageOf', { n: page, all: pages })}</span><button type="button" aria-label={t('nextPage')} disabled={page === pages} onClick={() => leaf(1)}>›</button></>}
          <button type="button" aria-label={t('zoomOut')} disabled={zoom === 0} onClick={smaller}>−</button>
          <button type="button" aria-label={t('zoomIn')} disabled={zoom === ZOOMS.length - 1} onClick={larger}>＋</button>
          <button type="button" class="worded" disabled={zoom === 0} onClick={() => setZoom(0)}>{t('zoomFit')}</button>
          <button type="button" class="worded" onClick={rotate}>{t('rotate')}</button>
        </div>
      </div>
      <div class="canvas" ref={box} role="region" aria-label={t('canvas', { name: paperName(shown), n: page })} tabIndex={0}>
        {typeof picture === 'object' ? <Sheet picture={picture} name={paperName(shown)} width={space * ZOOMS[zoom]} turn={turn} /> : picture ? <Notice tone="bad" live>{picture}</Notice> : <p class="opening" role="status">{t('paperLoading')}</p>}
      </div>
    </div>
  );
}

/** The picture as wide as asked, turned by quarters. */
function Sheet({ picture, name, width, turn }: { picture: Picture; name: string; width: number; turn: number }) {
  const { width: w, height: h } = picture;
  const [wide, high] = turn % 180 ? [h, w] : [w, h];
  const moved = { 0: '', 90: `translate(${h} 0) rotate(90)`, 180: `translate(${w} ${h}) rotate(180)`, 270: `translate(0 ${w}) rotate(270)` }[turn];
  return (
    <svg class="sheet" width={Math.floor(width)} height={Math.round((width * high) / wide)} viewBox={`0 0 ${wide} ${high}`} role="img" aria-label={name}>
      <image href={picture.url} width={w} height={h} transform={moved || undefined} />
    </svg>
  );
}

/** The same once somebody has asked to see them, or taken the order: opening it shows no whole number yet. */
export function PapersOnDemand({ taken, ...props }: Parameters<typeof Papers>[0] & { taken?: boolean }) {
  const [open, setOpen] = useState(false);
  const show = () => {
    setOpen(true);
    unlessLost(() => document.querySelector<HTMLElement>('.paperTabs button')?.focus());
  };
  if (taken || open) return <Papers {...props} />;
  return <div class="blank"><p>{props.kinds.map(paperName).join('、') || t('noPapers')}</p>{props.kinds.length > 0 && <><button type="button" class="button" onClick={show}>{t('papersShow')}</button><p class="soft">{t('papersNote')}</p></>}</div>;
}
