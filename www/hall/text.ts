// Every word of the pages, by name. What all of them need is here; a part brings its own
// (text/*.ts), and the second language comes when it is wanted.
import { language } from '../shared/prefs';
import { fill, type Values } from '../shared/words';
import zh from './text/zh-CN';
import type begin from './text/begin.zh-CN';
import type correction from './text/correction.zh-CN';
import type home from './text/home.zh-CN';
import type orders from './text/orders.zh-CN';
import type papers from './text/papers.zh-CN';
import type person from './text/person.zh-CN';
import type reading from './text/reading.zh-CN';

export { moment, of, yuan } from '../shared/words';
export type Word = keyof typeof zh | keyof typeof begin | keyof typeof correction | keyof typeof home | keyof typeof orders | keyof typeof papers | keyof typeof person | keyof typeof reading;

type Words = Record<string, string>;
const chinese: Words = {}, english: Words = {};
let missing: (() => Promise<{ default: Words }>)[] = [];

/** A part's words; to be called when its module comes. */
export function words(own: Words, load: () => Promise<{ default: Words }>): void {
  Object.assign(chinese, own);
  missing.push(load);
}
words(zh, () => import('./text/en'));

/** A text that the page has in Chinese, and in English among the words that come when they are wanted. */
export const either = (word: string, text: string): string => (language() === 'en' && english[word]) || text;

/** Fetches what is missing of the language of the page. */
export async function loadText(): Promise<void> {
  if (language() !== 'en') return;
  const wanted = missing;
  missing = [];
  try {
    for (const found of await Promise.all(wanted.map((load) => load()))) Object.assign(english, found.default);
  } catch (error) {
    missing.push(...wanted);
    throw error;
  }
}

/** A part that comes when it is wanted, with its words. */
export async function later<T>(part: Promise<T>): Promise<T> {
  const found = await part;
  await loadText();
  return found;
}

export const t = (word: Word, values?: Values): string => fill((language() === 'en' && english[word]) || chinese[word] || word, values);
