// The tests' side of the hall. A test file needs this one alone:
//
//   import { bringTo, makeForm, ok, refused, staff } from './lib/client.mjs';
//   const order = await bringTo('awaiting_documents', { type: 'organisation' });
//   refused(await order.client.post(`${order.path}/documents/confirmation`), 422, 'invalid');
//
// Every reply is compared with the hall's own OpenAPI document on the way.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from './contract.mjs';
import { mobile, personName } from './data.mjs';
import { dir, hallNow, hallUrl, logins, staffUrl } from './house.mjs';
import { ownAddress, request } from './http.mjs';
import { smsCode, until } from './sandbox.mjs';

export * from './data.mjs';
export * from './house.mjs';
export * from './journey.mjs';
export * from './papers.mjs';
export * from './sandbox.mjs';
export { request } from './http.mjs';

/** One browser: cookies and an address of its own. */
export class Client {
  constructor(base = hallUrl) {
    this.base = base;
    this.from = ownAddress();
    this.cookies = new Map();
  }

  /** options: json, body with type, headers, key (Idempotency-Key), ifMatch, etag (If-None-Match), lang. */
  async call(method, path, { json, body, type, headers = {}, key, ifMatch, etag, lang } = {}) {
    const own = {
      ...(this.cookies.size && { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(type && { 'content-type': type }),
      ...(key && { 'idempotency-key': key }),
      ...(ifMatch && { 'if-match': ifMatch }),
      ...(etag && { 'if-none-match': etag }),
      ...(lang && { 'accept-language': lang }),
      ...headers,
    };
    const reply = await request(this.base + path, { method, headers: own, from: this.from, body: json !== undefined ? JSON.stringify(json) : body });
    for (const line of reply.headers['set-cookie'] ?? []) this.#keep(line);
    await judge(this.base, method, path, reply);
    return reply;
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  get(path, options) {
    return this.call('GET', path, options);
  }

  post(path, json, options) {
    return this.call('POST', path, { json, ...options });
  }

  put(path, json, options) {
    return this.call('PUT', path, { json, ...options });
  }

  delete(path, options) {
    return this.call('DELETE', path, options);
  }

  patch(path, json, options) {
    return this.call('PATCH', path, { json, ...options });
  }

  /** A raw body, such as a scan. */
  upload(path, body, type) {
    return this.call('PUT', path, { body, type });
  }

  /** The same person's other browser. */
  twin() {
    const twin = new Client(this.base);
    twin.cookies = new Map(this.cookies);
    return twin;
  }
}

/** The JSON of a reply that must have this status. */
export function ok(reply, status = 200) {
  assert.equal(reply.status, status, reply.body.toString().slice(0, 1000));
  return reply.json;
}

/** The problem of a reply that must have this status and code; RFC 9457 in every case. */
export function refused(reply, status, code) {
  assert.equal(reply.status, status, reply.body.toString().slice(0, 1000));
  assert.equal(reply.type, 'application/problem+json');
  const problem = reply.json;
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.ok(problem.title && problem.detail && problem.request_id && problem.type.endsWith(code));
  return problem;
}

/** Pointers of the fields that a problem names, sorted. */
export const pointers = (problem) => (problem.errors ?? []).map((e) => e.pointer).sort();

/** A new applicant, signed in: client.account, client.phone, client.password. */
export async function applicant({ phone = mobile(), password = `pass-${randomUUID()}` } = {}) {
  const client = new Client();
  ok(await client.post('/api/v1/sms-codes', { phone, purpose: 'register' }), 202);
  client.account = ok(await client.post('/api/v1/accounts', { phone, sms_code: await smsCode(phone), password, name: personName() }), 201);
  return Object.assign(client, { phone, password });
}

// ---- staff ----

/** RFC 6238 with the usual six digits; secret in base32, at in milliseconds. */
export function totp(secret, at = hallNow()) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The login that hall-ctl seed-logins made: reviewer, reviewer2, finance, …, administrator. */
export function login(username) {
  const found = logins.find((l) => l.username === username);
  assert.ok(found, `there is no login ${username}`);
  return found;
}

// A code is good once, so test files hand the session on to one another.
const kept = () => `${dir}/tests/staff.json`;
const sessions = () => {
  try {
    return JSON.parse(readFileSync(kept(), 'utf8'));
  } catch {
    return {};
  }
};
const staffClients = new Map();

async function signIn(client, username) {
  const { password, totp_secret: secret } = login(username);
  for (let tries = 0; ; tries++) {
    const reply = await client.post('/api/admin/v1/session', { username, password, totp: totp(secret) });
    if (reply.status !== 401 || tries > 1) return ok(reply, 201);
    await sleep(30_050 - (hallNow() % 30_000)); // this code was used: wait for the next
  }
}

/** A member of staff, signed in. */
export async function staff(username) {
  const client = staffClients.get(username) ?? new Client(staffUrl);
  if (!staffClients.has(username)) client.cookies = new Map(sessions()[username] ?? []);
  staffClients.set(username, client);
  if (client.cookies.size && (await client.get('/api/admin/v1/session')).status === 200) return client;
  client.cookies.clear();
  await signIn(client, username);
  mkdirSync(`${dir}/tests`, { recursive: true });
  writeFileSync(kept(), JSON.stringify({ ...sessions(), [username]: [...client.cookies] }), { mode: 0o600 });
  return client;
}

/** Somebody new at the desk with these roles, signed in: client.id, client.username, client.password, client.secret. */
export async function newStaff(...roles) {
  const username = `t${randomUUID().slice(0, 8)}`;
  const password = `pass-${randomUUID()}`;
  const { id } = ok(await (await staff('administrator')).post('/api/admin/v1/staff', { username, name: personName(), password, roles }), 201);
  const client = Object.assign(new Client(staffUrl), { id, username, password });
  client.secret = ok(await client.post('/api/admin/v1/enrolment', { username, password })).totp_secret;
  const { secret } = client;
  ok(await client.post('/api/admin/v1/session', { username, password, totp: totp(secret) }), 201);
  return client;
}

/** Waits until the order is in one of these states; answers it. */
export async function reaches(client, orderNo, states, ms = 10_000) {
  const wanted = [states].flat();
  let last;
  return until(`order ${orderNo} to be ${wanted}`, async () => {
    last = ok(await client.get(`/api/v1/orders/${orderNo}`));
    return wanted.includes(last.state) && last;
  }, ms).catch((error) => { throw new Error(`${error.message}; it is ${last?.state}`); });
}
