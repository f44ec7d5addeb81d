// Times, money and small encodings in the forms that the providers use.
import { createHash, randomBytes, randomInt } from 'node:crypto';

const CHINA_MS = 8 * 3600_000;
const two = (n) => String(n).padStart(2, '0');

/** Civil time in China of a moment in ms, as its parts. */
export function china(ms) {
  const t = new Date(ms + CHINA_MS);
  return {
    year: t.getUTCFullYear(),
    month: two(t.getUTCMonth() + 1),
    day: two(t.getUTCDate()),
    hour: two(t.getUTCHours()),
    minute: two(t.getUTCMinutes()),
    second: two(t.getUTCSeconds()),
  };
}

/** "2026-11-22" */
export function chinaDate(ms) {
  const t = china(ms);
  return `${t.year}-${t.month}-${t.day}`;
}

/** "2026-11-22 11:04:05" */
export function chinaTime(ms) {
  const t = china(ms);
  return `${chinaDate(ms)} ${t.hour}:${t.minute}:${t.second}`;
}

/** "20261122110405" */
export const chinaCompact = (ms) => chinaTime(ms).replace(/[-: ]/g, '');

/** "2026-11-22T11:04:05+08:00" */
export const chinaRfc3339 = (ms) => chinaTime(ms).replace(' ', 'T') + '+08:00';

/** "2026-11-22T03:04:05Z" */
export const utc = (ms) => new Date(ms).toISOString().replace(/\.\d+/, '');

/** The moment of "2026-11-22 11:04:05" in China, NaN when it is none. */
export function fromChinaTime(text) {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return NaN;
  return Date.parse(text.replace(' ', 'T') + '+08:00');
}

/** Fen of yuan text such as "243.00", NaN when it is none. */
export function fenOf(yuan) {
  const m = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(yuan ?? '');
  return m ? Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0')) : NaN;
}

/** Yuan text with two decimals. */
export function yuanOf(fen) {
  const whole = Math.trunc(Math.abs(fen) / 100);
  return `${fen < 0 ? '-' : ''}${whole}.${two(Math.abs(fen) % 100)}`;
}

export const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

/** The object that `text` holds as JSON, null when it holds none. */
export function jsonObject(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Bytes of strict base64, null when it is not that. */
export function base64(text) {
  if (typeof text !== 'string' || text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}

/** The text behind percent escapes, null when they are broken. */
export function percentDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The pairs of a query or form, percent-decoded; null on a broken escape or invalid UTF-8. */
export function formPairs(text) {
  const pairs = text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=');
      const parts = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return parts.map((part) => percentDecoded(part.replaceAll('+', ' ')));
    });
  return pairs.flat().includes(null) ? null : pairs;
}

/** The same as an object, null also when a name comes twice. */
export function formObject(text) {
  const pairs = formPairs(text);
  if (!pairs) return null;
  const object = Object.fromEntries(pairs);
  return Object.keys(object).length === pairs.length ? object : null;
}

/** Percent-encoding of RFC 3986: everything but A-Z a-z 0-9 - . _ ~ */
export function rfc3986(text) {
  const escape = (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase();
  return encodeURIComponent(text).replace(/[!'()*]/g, escape);
}

export const sha256Hex = (data) => createHash('sha256').update(data).digest('hex');

export function digits(count) {
  let out = '';
  while (out.length < count) out += randomInt(10);
  return out;
}

/** Random text of A-Z a-z 0-9, which stand-ins use for nonces and tokens. */
export function alphanumeric(count) {
  let out = '';
  while (out.length < count) out += randomBytes(count).toString('base64').replace(/[+/=]/g, '');
  return out.slice(0, count);
}

export const upperHex = (count) =>
  randomBytes(count / 2)
    .toString('hex')
    .toUpperCase();

export const isText = (v, least, most) => typeof v === 'string' && v.length >= least && v.length <= most;

export const isLoopback = (host) => /^(127(\.\d+){3}|localhost|\[::1\])$/.test(host);

/** Whether a callback may go there: https, or http to this machine, and no query. */
export function isNotifyUrl(text) {
  if (!isText(text, 8, 255) || text.includes('?') || text.includes('#')) return false;
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  } catch {
    return false;
  }
}
