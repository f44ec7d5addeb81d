// Words of the desk: what every page needs comes first; a page brings a catalogue of its own.
import { language } from '../shared/prefs';
import { fill, type Catalogue, type Values } from '../shared/words';
import zh from './text/zh-CN';

export { moment, of, yuan } from '../shared/words';
export type Word = keyof typeof zh;

interface Part { zh: Record<string, string>; load: () => Promise<{ default: Record<string, string> }>; en?: Record<string, string> }
const parts: Part[] = [];
const said = (part: Part, word: string): string | undefined => ((language() === 'en' && part.en) || part.zh)[word];

const add = (part: Part): Part => {
  parts.push(part);
  return part;
};
const base = add({ zh, load: () => import('./text/en') });

/**
 * The words of a page, those of every page behind them; to be called once, at the top of a module:
 *   export const t = catalogue(zh, () => import('./text.en'));
 */
export function catalogue<W extends string>(chinese: Catalogue<W>, load: () => Promise<{ default: Catalogue<W> }>) {
  const own = add({ zh: chinese, load });
  return (word: W | Word, values?: Values): string => fill(said(own, word) ?? said(base, word) ?? word, values);
}

export const t = (word: Word, values?: Values): string => fill(said(base, word) ?? word, values);

/** Fetches what is missing of the language of the page; after each new module. */
export async function loadText(): Promise<void> {
  if (language() !== 'en') return;
  await Promise.all(parts.filter(({ en }) => !en).map(async (part) => { part.en = (await part.load()).default; }));
}
