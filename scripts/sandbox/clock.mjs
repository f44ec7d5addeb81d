// The sandbox's clock: real time moved by an offset, and a speed that shortens waits (retry tables,
// slow settlements, walks of parcels). Lives of codes and dates follow the offset only. Where a
// clock file is configured the offset stands there, so that the hall and the sandbox move together.
import { readFileSync, writeFileSync } from 'node:fs';

const LOOK_MS = 200; // how often timers look at the clock file

export class Clock {
  #offsetMs = 0;
  #file;
  #timers = new Set();
  #wake;

  constructor({ speed = 1, clockFile = '' } = {}) {
    this.speed = speed;
    this.#file = clockFile;
  }

  get offsetSeconds() {
    this.#look();
    return this.#offsetMs / 1000;
  }

  /** Milliseconds since 1970 as the sandbox sees them. */
  now() {
    this.#look();
    return Date.now() + this.#offsetMs;
  }

  setOffset(seconds) {
    if (this.#file) writeFileSync(this.#file, `${seconds}\n`);
    this.#offsetMs = seconds * 1000;
    this.#arm();
  }

  /** The moment `seconds` of provider time from now. */
  later(seconds) {
    return this.now() + (seconds * 1000) / this.speed;
  }

  /** Runs `work` once now() has reached `due`. Answers a function that calls it off. */
  at(due, work) {
    const timer = { due, work };
    this.#timers.add(timer);
    this.#arm();
    return () => this.#timers.delete(timer);
  }

  stop() {
    clearTimeout(this.#wake);
    this.#timers.clear();
  }

  // Read anew at every look: the hall that shares the file does so too.
  #look() {
    if (!this.#file) return;
    try {
      const text = readFileSync(this.#file, 'utf8').trim();
      if (text) this.#offsetMs = (Number(text) || 0) * 1000; // an empty file is one being written
    } catch {
      this.#offsetMs = 0; // no file: nobody has moved the clock
    }
  }

  #arm() {
    clearTimeout(this.#wake);
    if (!this.#timers.size) return;
    const next = Math.min(...[...this.#timers].map((t) => t.due)) - this.now();
    this.#wake = setTimeout(() => this.#run(), Math.max(0, Math.min(next, this.#file ? LOOK_MS : 60_000)));
  }

  #run() {
    const now = this.now();
    const due = [...this.#timers].filter((t) => t.due <= now).sort((a, b) => a.due - b.due);
    for (const timer of due) {
      this.#timers.delete(timer);
      timer.work();
    }
    this.#arm();
  }
}
