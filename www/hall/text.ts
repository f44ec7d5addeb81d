// Every word of the pages, by name; the second language comes when it is wanted.
import { language } from '../shared/prefs';
import zh from './text/zh-CN';

export type Word = keyof typeof zh;
type Catalogue = Record<Word, string>;
let words: Catalogue = zh;

export async function loadText(): Promise<void> {
  words = language() === 'en' ? (await import('./text/en')).default : zh;
}

export function t(word: Word, values: Record<string, string | number> = {}): string {
  return words[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The same from a row of the C tables. */
export const of = (row: { zh: string; en: string }): string => (language() === 'en' ? row.en : row.zh);

export const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A moment as people here read it. */
export function moment(iso: string | null | undefined, { time = true } = {}): string {
  if (!iso) return '';
  const parts = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(iso));
  const of_ = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of_('year')}-${of_('month')}-${of_('day')}${time ? ` ${of_('hour')}:${of_('minute')}` : ''}`;
}
