// What has arrived, for tests that count: no bodies, no secrets, no personal data.
const MOST = 20_000;

export class Requests {
  #items = [];
  #next = 1;

  constructor(clock) {
    this.clock = clock;
  }

  add(entry) {
    const item = { id: this.#next++, at: new Date(this.clock.now()).toISOString(), ...entry };
    this.#items.push(item);
    if (this.#items.length > MOST) this.#items.shift();
    return item;
  }

  /** The newest `limit` items that equal the filter and have an id above `after`. */
  list({ provider, action, key, after = 0, limit = 1000 } = {}) {
    const fits = (i) =>
      (!provider || i.provider === provider) &&
      (!action || i.action === action) &&
      (!key || i.key === key) &&
      i.id > after;
    return this.#items.filter(fits).slice(-limit);
  }

  reset() {
    this.#items.length = 0;
  }
}
