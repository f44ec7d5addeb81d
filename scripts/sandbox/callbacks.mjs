// The calls that providers make to the hall: built anew for each try, repeated by the provider's own
// table until the hall answers in the provider's own words.
import http from 'node:http';
import https from 'node:https';
import { randomUUID } from 'node:crypto';

const ANSWER_MS = 5000; // what the providers grant
const MOST_ANSWER = 64 * 1024;

function post(url, { headers, body }) {
  return new Promise((resolve) => {
    const client = url.startsWith('https:') ? https : http;
    // A hall on this machine has a certificate of its own making; what is sent proves itself.
    const options = {
      method: 'POST',
      agent: false,
      rejectUnauthorized: false,
      timeout: ANSWER_MS,
      headers: { 'content-length': Buffer.byteLength(body), ...headers },
    };
    const request = client.request(url, options, (answer) => {
      const parts = [];
      let size = 0;
      answer.on('data', (part) =>
        (size += part.length) > MOST_ANSWER ? request.destroy() : parts.push(part),
      );
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString() }));
      answer.on('error', (e) => resolve({ status: 0, body: '', error: e.code ?? e.message }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', (e) => resolve({ status: 0, body: '', error: e.code ?? e.message }));
    request.end(body);
  });
}

export class Callbacks {
  #senders = {};
  #before = [];
  #stopped = false;

  constructor({ store, clock, faults }) {
    Object.assign(this, { store, clock, faults });
  }

  /** `sender` has schedule (seconds before each try), build(delivery) and accepted(status, body). */
  register(name, sender) {
    this.#senders[name] = sender;
  }

  /**
   * Sends `data` to `url` soon. `kind` says what it is about ("payment"), `ref` which (our number).
   * `mode` overrides the behaviour that is set.
   */
  send(provider, kind, { url, ref, data, mode }) {
    const slot = mode ? { mode } : this.faults.take(provider, 'callback', kind);
    const delivery = {
      id: randomUUID(),
      provider,
      kind,
      ref,
      url,
      data,
      mode: slot?.mode ?? null,
      state: 'waiting',
      tries: [],
      due: this.clock.later(this.#senders[provider].schedule[0]),
    };
    if (delivery.mode === 'callback_never') delivery.state = 'withheld';
    if (delivery.mode === 'callback_late') delivery.due = this.clock.later(slot.seconds ?? 3600);
    this.#save(delivery);
    if (delivery.mode === 'callback_before_answer') this.#before.push(this.#attempt(delivery));
    else if (delivery.state === 'waiting') this.#arm(delivery);
    return delivery;
  }

  /** Sends a forged callback once: `variant` says what is wrong with it. */
  async forge(provider, kind, { url, ref, data, variant }) {
    const delivery = {
      id: randomUUID(),
      provider,
      kind,
      ref,
      url,
      data,
      mode: `forged_${variant}`,
      variant,
      state: 'forged',
      tries: [],
      due: null,
    };
    await this.#try(delivery);
    return delivery;
  }

  /** Resolves when those callbacks have arrived that must overtake the answer in the making. */
  overtaking() {
    return Promise.all(this.#before.splice(0));
  }

  /** Goes on with what a restart interrupted. */
  resume() {
    for (const delivery of this.store.table('callbacks').values()) {
      if (delivery.state === 'waiting') this.#arm(delivery);
    }
  }

  list() {
    return [...this.store.table('callbacks').values()].map(({ data, ...rest }) => rest);
  }

  stop() {
    this.#stopped = true;
  }

  #save(delivery) {
    if (!this.#stopped) this.store.put('callbacks', delivery.id, delivery);
  }

  #arm(delivery) {
    this.clock.at(delivery.due, () => this.#attempt(delivery));
  }

  async #attempt(delivery) {
    if (this.#stopped || this.store.get('callbacks', delivery.id) !== delivery) return;
    const copies = delivery.mode === 'callback_ten' && !delivery.tries.length ? 10 : 1;
    const results = await Promise.all(Array.from({ length: copies }, () => this.#try(delivery)));
    if (this.store.get('callbacks', delivery.id) !== delivery) return; // reset meanwhile
    const again = delivery.mode === 'callback_twice' && delivery.tries.length < 2;
    if (results.includes(true) && !again) {
      delivery.state = 'accepted';
    } else {
      const { schedule } = this.#senders[delivery.provider];
      const wait = again ? 0 : schedule[delivery.tries.length - copies + 1];
      if (wait === undefined) delivery.state = 'given_up';
      else delivery.due = this.clock.later(wait);
    }
    this.#save(delivery);
    if (delivery.state === 'waiting') this.#arm(delivery);
  }

  async #try(delivery) {
    const sender = this.#senders[delivery.provider];
    const at = new Date(this.clock.now()).toISOString();
    const answer = await post(delivery.url, sender.build(delivery));
    const accepted = sender.accepted(answer.status, answer.body);
    delivery.tries.push({
      at,
      status: answer.status,
      accepted,
      ...(answer.error && { error: answer.error }),
    });
    this.#save(delivery);
    return accepted;
  }
}
