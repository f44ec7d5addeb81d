// What every set of pages says in two languages: catalogues by name, rows of the C tables, money, moments.
import { language } from './prefs';

export type Catalogue<W extends string> = Record<W, string>;
export type Values = Record<string, string | number>;

export const fill = (text: string, values: Values = {}): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

/** The word of a row in the language of the page. */
export const of = (row: { zh: string; en: string }): string => (language() === 'en' ? row.en : row.zh);

export const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A moment as people here read it. */
export function moment(iso: string | null | undefined, { time = true } = {}): string {
  if (!iso) return '';
  const parts = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}${time ? ` ${part('hour')}:${part('minute')}` : ''}`;
}

/** The civil day here, YYYY-MM-DD. */
export const today = (): string => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
