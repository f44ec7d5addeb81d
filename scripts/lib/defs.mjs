// Reads the .def tables of fcgi-app: rows of C macros whose arguments are words and strings.
import { readFileSync } from 'node:fs';

/** The arguments of every row MACRO(…) of the file, strings without their quotes. */
export function rows(file, macro) {
  const lines = readFileSync(file, 'utf8').matchAll(new RegExp(`^${macro}\\((.*)\\)$`, 'gm'));
  return [...lines].map(([, args]) => [...args.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s,"]+(?: *\| *[^\s,"]+)*/g)]
    .map(([word, text]) => text?.replace(/\\(.)/g, '$1') ?? word));
}
