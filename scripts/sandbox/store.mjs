// Everything the sandbox remembers: named tables of plain objects in memory and, where a file is
// given, one JSON line per change appended to it, so that a restart finds its data.
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

export class Store {
  #tables = new Map();
  #fd = null;

  constructor(file = '') {
    if (!file) return;
    if (existsSync(file)) this.#replay(readFileSync(file, 'utf8'));
    this.#fd = openSync(file, 'a', 0o600);
    if (!this.#endsWithNewline(file)) writeSync(this.#fd, '\n');
  }

  /** The Map of one kind of thing. Change what it holds only together with put(). */
  table(name) {
    if (!this.#tables.has(name)) this.#tables.set(name, new Map());
    return this.#tables.get(name);
  }

  get(name, key) {
    return this.table(name).get(key);
  }

  /** Stores `value` under `key`, also after it was changed in place. Answers the value. */
  put(name, key, value) {
    this.table(name).set(key, value);
    this.#append([name, key, value]);
    return value;
  }

  remove(name, key) {
    if (this.table(name).delete(key)) this.#append([name, key]);
  }

  /** Forgets everything. */
  reset() {
    for (const table of this.#tables.values()) table.clear();
    this.#append([]);
  }

  close() {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #append(entry) {
    if (this.#fd !== null) writeSync(this.#fd, JSON.stringify(entry) + '\n');
  }

  #endsWithNewline(file) {
    const data = readFileSync(file);
    return !data.length || data[data.length - 1] === 10;
  }

  #replay(text) {
    for (const line of text.split('\n')) {
      let entry;
      try {
        entry = JSON.parse(line);
      } catch {
        continue; // a line cut short by a kill: its change was never answered
      }
      const [name, key, value] = entry;
      if (name === undefined) this.#tables.clear();
      else if (value === undefined) this.table(name).delete(key);
      else this.table(name).set(key, value);
    }
  }
}
