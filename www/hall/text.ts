// Every word of the pages, by name; the second language comes when it is wanted.
import { language } from '../shared/prefs';
import { fill, type Catalogue, type Values } from '../shared/words';
import zh from './text/zh-CN';

export { moment, of, yuan } from '../shared/words';
export type Word = keyof typeof zh;
let words: Catalogue<Word> = zh;

export async function loadText(): Promise<void> {
  words = language() === 'en' ? (await import('./text/en')).default : zh;
}

export const t = (word: Word, values?: Values): string => fill(words[word], values);
