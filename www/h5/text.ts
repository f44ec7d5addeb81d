// The words of the phone page.
import { language } from '../shared/prefs';
import zh from './text/zh-CN';

export type Word = keyof typeof zh;
let words: Record<Word, string> = zh;

export async function loadText(): Promise<void> {
  words = language() === 'en' ? (await import('./text/en')).default : zh;
}

export const t = (word: Word, values: Record<string, string | number> = {}): string => words[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

/** The same from a row of the C tables. */
export const of = (row: { zh: string; en: string }): string => (language() === 'en' ? row.en : row.zh);
