// What testers do outside the hall: read messages, pay, look at bank statements, spoil a provider.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxUrl } from './house.mjs';
import { request } from './http.mjs';

/** A control call of the sandbox; the answer's JSON. */
export async function sandbox(method, path, json) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const reply = await request(`${sandboxUrl}/sandbox${path}`, { method, body, headers: { 'content-type': 'application/json' } });
  assert.ok(reply.status < 300, `sandbox ${method} ${path}: ${reply.status} ${reply.body.toString().slice(0, 300)}`);
  return reply.json ?? reply.body;
}

/** Asks again until there is an answer that is not empty; fails after ms. */
export async function until(what, ask, ms = 10_000) {
  for (const end = performance.now() + ms; ;) {
    const found = await ask();
    if (found) return found;
    if (performance.now() > end) assert.fail(`${what}: not within ${ms} ms`);
    await sleep(40);
  }
}

const query = (values) => new URLSearchParams(values).toString();

/** Everything sent to this phone so far: [{at, phone, template, text, params}]. */
export const messages = async (phone) => (await sandbox('GET', `/messages?${query({ phone })}`)).items;

/** The newest message to this phone whose text fits, waited for. notice: "N03" or a pattern of its text. */
export function readSms(phone, fits = /./) {
  const isIt = (m) => (fits instanceof RegExp ? fits.test(m.text) : m.template.endsWith(fits));
  return until(`a message to ${phone} that fits ${fits}`, async () => (await messages(phone)).findLast(isIt));
}

/** The code of the newest code message. */
export const smsCode = async (phone) => (await readSms(phone, /验证码\d{6}/)).text.match(/验证码(\d{6})/)[1];

/** Somebody scans the code and pays. */
export const payQr = (codeUrl) => sandbox('POST', '/payments', { code_url: codeUrl });

/** The memo of the newest transfer to this account, waited for. */
export async function bankMemo(account) {
  const ask = async () => (await sandbox('GET', `/bank-statement?${query({ account_number: account })}`)).items.at(-1);
  return (await until(`a transfer to ${account.slice(-4)}`, ask)).memo;
}

/** Somebody transfers money to our account. */
export const creditBank = (line) => sandbox('POST', '/bank-credits', line);

/** Makes a provider misbehave; "normal" ends it. more: {times, seconds, action}. */
export const behaviour = (provider, mode, more = {}) => sandbox('PUT', '/behaviour', { provider, mode, ...more });

/** What a phone's camera takes. side front: name, id_number; back: authority, valid_from, valid_until; or "none". */
export const idCard = (card) => sandbox('GET', `/id-card?${query(card)}`);
export const frontOf = (person, more = {}) => idCard({ side: 'front', name: person.name, id_number: person.id_number, ...more });
export const backOf = (more = {}) => idCard({ side: 'back', authority: '沈阳市公安局和平分局', valid_from: '2020-12-31', valid_until: '2040-12-31', ...more });

/** format mp4 or webm; result: what the check will say. */
export const clip = (more = {}) => sandbox('GET', `/liveness-clip?${query(more)}`);
