// A store that hangs or dies: whoever needs it is told so in time, nobody else notices, no process is
// lost, and all is well again as soon as it is back.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHouse } from '../../scripts/lib/house.mjs';
import { POOLS } from '../../scripts/lib/settings.mjs';

const WITHIN_MS = 5000;
const BACK_MS = 2000;
const LOADED_MS = 1500; // for a machine that has other things to do while it answers

const top = mkdtempSync(`${tmpdir()}/house-`);
let house, calls;

before(async () => {
  house = await startHouse({ dir: `${top}/run`, free: true, quiet: true });
  Object.assign(process.env, { HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir });
  const { bringTo, Client, hallUrl, mobile, ok, staff, staffUrl } = await import('../api/lib/client.mjs');
  const c = await bringTo('awaiting_identity');
  const phone = await c.startIdentity();
  ok(await phone.open(), 201);
  const desk = await staff('reviewer');
  const wrong = { password: 'not-the-password' };
  // What is called, the status when all is well, and the stores without which it cannot be answered.
  const both = ['redis', 'postgres'];
  calls = [
    ['the session', () => c.client.get('/api/v1/session'), 200, ['redis']],
    ['the orders', () => c.client.get('/api/v1/orders'), 200, both],
    ['an order', () => c.client.get(c.path), 200, both],
    ['an order, waited for', () => c.client.get(`${c.path}?wait=1`, { etag: '"0"' }), 200, both],
    ['its events', () => c.client.get(`${c.path}/events`), 200, both],
    ['its form on paper', () => c.client.get(`${c.path}/application-form.pdf`), 200, both],
    ['a change', () => c.client.put(`${c.path}/form`, c.form, { ifMatch: '*' }), 409, both],
    ['the check on the phone', () => phone.client.get('/api/v1/h5/check'), 200, both],
    ['a code', () => new Client().post('/api/v1/sms-codes', { phone: mobile(), purpose: 'register' }), 202, both],
    ['a login', () => new Client().post('/api/v1/sessions', { phone: mobile(), ...wrong }), 401, both],
    ['the desk', () => desk.get('/api/admin/v1/orders'), 200, both],
    ['the desk\'s session', () => desk.get('/api/admin/v1/session'), 200, both],
    ['a login at the desk', () => new Client(staffUrl).post('/api/admin/v1/session', { username: 'nobody', totp: '000000', ...wrong }), 401, ['postgres']],
    ['health', () => new Client().get('/api/v1/health'), 200, both],
    ['nothing at all', () => new Client().get('/api/v1/noop'), 200, []],
    ['a list of the authorities', () => new Client(hallUrl).get('/pki/sm2-root.crl'), 200, []],
  ];
});
after(async () => {
  await house?.stop();
  rmSync(top, { recursive: true, force: true });
});

/** Of each call its status and how long it took; calls are made at the same time. */
async function ask() {
  const one = async ([name, call, status, needs]) => {
    const began = performance.now();
    const reply = await call();
    return { name, reply, status, needs, ms: performance.now() - began };
  };
  return Promise.all(calls.map(one));
}

function isUnavailable({ name, reply, ms }) {
  assert.equal(reply.status, 503, name);
  assert.equal(reply.type, 'application/problem+json', name);
  assert.equal(reply.json.code, 'unavailable', name);
  assert.ok(Number(reply.headers['retry-after']) >= 1, name);
  assert.ok(ms < WITHIN_MS, `${name}: ${Math.round(ms)} ms`);
}

const wellAgain = async () => (await ask()).filter(({ reply, status }) => reply.status !== status).map(({ name, reply }) => `${name}: ${reply.status}`);
const processes = () => JSON.stringify(POOLS.map((pool) => house.pids(pool)));

/** The store itself answers again. */
async function stands(store) {
  const answers = () => (store === 'redis' ? house.redis.command('PING') : house.psql('SELECT 1')).then(() => true, () => false);
  for (const end = performance.now() + 20_000; !(await answers()); await sleep(20)) assert.ok(performance.now() < end, `${store} is not back`);
}

async function isBack() {
  const began = performance.now();
  let ill;
  do ill = await wellAgain();
  while (ill.length && performance.now() - began < BACK_MS);
  assert.deepEqual(ill, []);
  assert.ok(performance.now() - began < BACK_MS + LOADED_MS, `${Math.round(performance.now() - began)} ms`);
}

test('all is well', async () => assert.deepEqual(await wellAgain(), []));

for (const store of ['redis', 'postgres']) {
  test(`${store} hangs: 503 in time for those who need it, and then well again`, async () => {
    const before = processes();
    house.pause(store);
    try {
      for (let round = 0; round < 2; round++)
        for (const answer of await ask()) {
          if (answer.needs.includes(store)) isUnavailable(answer);
          else assert.equal(answer.reply.status, answer.status, answer.name);
        }
    } finally {
      house.resume(store);
    }
    await isBack();
    assert.equal(processes(), before, 'no process was lost');
  });

  test(`${store} is killed: nothing but 503 meanwhile, and then well again with what it held`, async () => {
    await sleep(1100); // what was written within the last second may be lost
    const before = processes();
    for (let i = 0; i < 3; i++) {
      house.kill(store);
      for (const answer of await ask()) if (answer.reply.status !== answer.status) isUnavailable(answer);
    }
    await stands(store);
    await isBack();
    assert.equal(processes(), before, 'no process was lost');
  });
}
