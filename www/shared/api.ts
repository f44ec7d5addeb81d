// Calls to the hall. A refusal is thrown as the problem document that came with it.
import { language } from './prefs';

export interface Fault { pointer: string; code: string; detail: string }
export interface Problem { status: number; code: string; title: string; detail: string; request_id?: string; errors?: Fault[]; state?: string }

export class Refusal extends Error {
  constructor(readonly problem: Problem, readonly retryAfter = 0) {
    super(problem.detail);
  }
}

export interface Reply<T> { status: number; data: T; etag: string | null }
export interface Options {
  json?: unknown; ifMatch?: string | null; etag?: string | null; key?: string; signal?: AbortSignal;
}

/** Where this set of pages asks, and whom it tells that it was answered, or that the session is gone. */
export const settings: { base: string; answered?: () => void; lost?: () => void } = { base: '/api/v1' };

const OFFLINE = { 'zh-CN': '网络连接中断，请检查网络后重试', en: 'The connection was lost; please check your network and try again' };

function offline(): Refusal {
  const text = OFFLINE[language()];
  return new Refusal({ status: 0, code: 'offline', title: text, detail: text });
}

function headersOf({ json, ifMatch, etag, key }: Options): Record<string, string> {
  return {
    'Accept-Language': language(),
    ...(json !== undefined && { 'Content-Type': 'application/json' }),
    ...(ifMatch && { 'If-Match': ifMatch }),
    ...(etag && { 'If-None-Match': etag }),
    ...(key && { 'Idempotency-Key': key }),
  };
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<Reply<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${settings.base}${path}`, {
      method, headers: headersOf(options), signal: options.signal, cache: 'no-store', credentials: 'same-origin',
      keepalive: method === 'PUT' && document.visibilityState === 'hidden', // of whoever leaves
      body: options.json === undefined ? undefined : JSON.stringify(options.json),
    });
    text = await response.text();
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw offline();
  }
  const type = response.headers.get('Content-Type') || '';
  settings.answered?.();
  if (response.status >= 400) {
    const refusal = refusalOf(response.status, type, text, Number(response.headers.get('Retry-After')) || 0);
    if (refusal.problem.code === 'unauthenticated') settings.lost?.();
    throw refusal;
  }
  return { status: response.status, etag: response.headers.get('ETag'), data: (text && /json/.test(type) ? JSON.parse(text) : undefined) as T };
}

function refusalOf(status: number, type: string, text: string, retryAfter: number): Refusal {
  if (!/json/.test(type)) return new Refusal({ ...offline().problem, status });
  return new Refusal(JSON.parse(text) as Problem, retryAfter);
}

export const get = <T>(path: string, options?: Options) => call<T>('GET', path, options);
export const post = <T>(path: string, json?: unknown, options?: Options) => call<T>('POST', path, { ...options, json });
export const put = <T>(path: string, json: unknown, options?: Options) => call<T>('PUT', path, { ...options, json });

const MOST_MS = 60_000;

/** Sends a file as it is; tells how much of it has left, from 0 to 1. */
export function upload<T>(path: string, file: Blob, type: string, progress: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${settings.base}${path}`);
    request.setRequestHeader('Content-Type', type);
    request.setRequestHeader('Accept-Language', language());
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.timeout = MOST_MS;
    request.onerror = request.ontimeout = () => reject(offline());
    request.onload = () => {
      const kind = request.getResponseHeader('Content-Type') || '';
      if (request.status < 300) resolve((/json/.test(kind) ? JSON.parse(request.responseText) : undefined) as T);
      else reject(refusalOf(request.status, kind, request.responseText, 0));
    };
    request.send(file);
  });
}

const pause = (ms: number, signal: AbortSignal) => new Promise<void>((done) => {
  const timer = setTimeout(done, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); done(); });
});

/**
 * Follows an answer that can be waited for until the signal ends it: tells it now and whenever it
 * changes. Where waiting fails, it asks every few seconds.
 */
export async function follow<T>(path: string, signal: AbortSignal, tell: (data: T) => void): Promise<void> {
  let etag: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const asked = Date.now();
    try {
      const reply: Reply<T> = await get<T>(`${path}${etag ? '?wait=25' : ''}`, { etag, signal });
      failures = 0;
      if (reply.status !== 304) {
        etag = reply.etag;
        tell(reply.data);
      } else if (Date.now() - asked < 1000) await pause(2000, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && error.problem.status >= 400 && error.problem.status < 429) throw error;
      failures += 1;
      await pause(Math.min(1000 * 2 ** failures, 15_000), signal);
    }
  }
}

/** A name for one intent, the same however often it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
