// Issuance while the worker and the signer are killed all the time: one order, one certificate.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT } from '../../scripts/lib/house.mjs';
import { openHouse, overtake, rage, random, sample, seed, workIsDone } from './lib/killer.mjs';

const ORDERS = 200;
const STRIKES = 40;
let house, close, api, made, cases;

before(async () => {
  ({ house, close } = await openHouse({ poll_ms: 200 }));
  [api, made] = [await import('../api/lib/client.mjs'), await import('../api/lib/made.mjs')];
});
after(() => close?.());

const production = () => api.staff('production');
const turn = async (on) => api.ok(await (await production()).put('/api/admin/v1/issuance/switch', { on }));
const count = async (sql) => Number((await api.psql(sql))[0][0]);

/** What a person at the desk would do about it; rare. */
async function seeTo() {
  const failed = (await api.psql(`SELECT order_no FROM orders WHERE state = 'issuance_failed'`)).flat();
  for (const no of failed) await (await production()).post(`/api/admin/v1/orders/${no}/issuance/retry`, { cause: '签名服务已恢复' });
  const parked = (await api.psql(`SELECT id FROM job WHERE state = 'parked'`)).flat();
  for (const id of parked) await (await production()).post(`/api/admin/v1/work/${id}/retry`);
  return failed.length + parked.length;
}

test(`${ORDERS} orders, ${STRIKES} kills`, async () => {
  await turn(false);
  cases = await made.madeMany(Array.from({ length: ORDERS }, (_, i) => ({ type: i % 2 ? 'natural_person' : 'organisation', method: i % 4 === 3 ? 'wechat_pay' : 'bank_transfer' })));
  await turn(true);
  const left = () => count(`SELECT count(*) FROM orders WHERE state <> 'issued'`);
  const began = performance.now();
  const strikes = await rage(house, ['worker', 'worker', 'signer'], { most: STRIKES, pauseMs: 2000, done: async () => (await left()) === 0, overtake: () => overtake(house, random(10)) });
  console.log(`# ${strikes} kills in ${Math.round((performance.now() - began) / 1000)} s, ${await left()} orders left`);
  let helped = 0;
  for (const end = performance.now() + 240_000; (await left()) > 0; await sleep(1000)) {
    assert.ok(performance.now() < end, `${await left()} orders are left (FAULT_SEED=${seed})`);
    helped += await seeTo();
    await overtake(house, 15);
  }
  console.log(`# issued after ${Math.round((performance.now() - began) / 1000)} s; ${helped} times somebody had to help`);
  assert.ok(strikes > STRIKES / 4, `it was over after ${strikes} kills (FAULT_SEED=${seed})`);
});

test('each order has one certificate, and the signer signed it once', async () => {
  assert.deepEqual(await api.psql(`SELECT o.order_no FROM orders o LEFT JOIN certificate c ON c.order_id = o.id
    GROUP BY o.id HAVING count(c.*) <> 1 OR bool_or(c.status <> 'good' OR c.reissue_no <> 0)`), []);
  assert.deepEqual(await api.psql(`SELECT order_id FROM cert_intent GROUP BY order_id HAVING count(*) FILTER (WHERE void_reason IS NULL) <> 1`), []);

  let prev = '0'.repeat(64);
  const signed = new Map();
  const voided = new Set();
  const lines = readFileSync(`${house.dir}/ca/journal`, 'utf8').split('\n');
  assert.equal(lines.pop(), '', 'the last line is whole');
  lines.forEach((line, i) => {
    const words = line.split(' ');
    const [seq, , kind, , name, orderNo] = words;
    const hash = words.pop();
    assert.equal(Number(seq), i + 1);
    assert.equal(words.pop(), prev);
    assert.equal(createHash('sha256').update(line.slice(0, -65)).digest('hex'), hash);
    prev = hash;
    if (kind === 'void') voided.add(name);
    if (kind !== 'certificate') return;
    assert.ok(!signed.has(orderNo), `${orderNo} was signed twice`);
    signed.set(orderNo, name);
  });
  const rows = await api.psql(`SELECT o.order_no, encode(c.serial, 'hex') FROM certificate c JOIN orders o ON o.id = c.order_id`);
  assert.deepEqual(new Map(rows.sort()), new Map([...signed].sort()), 'what was signed is what was handed out');
  assert.equal(new Set(signed.values()).size, ORDERS);
  for (const serial of signed.values()) assert.ok(!voided.has(serial));
});

test('no work is left over, the trail is whole, and what must always be true is true', async () => {
  await workIsDone(house);
  assert.match(await api.ctl('audit-verify'), /all whole/);
  assert.deepEqual(await api.psql(readFileSync(`${PROJECT}/sql/invariants.sql`, 'utf8')), []);
});

test('nobody was told two PINs, and the one they were told opens what they got', async () => {
  for (const c of cases.filter(({ method }) => method === 'bank_transfer')) {
    const pins = new Set((await api.messages(c.person.mobile)).map(({ text }) => text.match(/PIN码：([0-9A-Z]{12})/)?.[1]).filter(Boolean));
    assert.equal(pins.size, 1, c.orderNo);
  }
  for (const c of cases.filter(({ method }) => method === 'wechat_pay')) {
    const { items } = await api.sandbox('GET', `/bank-statement?account_number=${c.form.bank_account.account_number}`);
    assert.equal(items.length, 1, c.orderNo);
  }
  for (const c of sample(cases, 12)) {
    await made.signIn(c);
    const pem = (await c.client.get(`${c.path}/certificate`)).body.toString();
    await made.chainHolds(pem, c.type === 'organisation' ? 'sm2' : 'p256');
    const pin = c.method === 'bank_transfer' ? await made.pinOfSms(c.form) : await made.pinOfMemo(c.form.bank_account.account_number);
    const opened = await made.openContainer((await c.client.get(`${c.path}/certificate.p12`)).body, pin);
    assert.equal(opened.certificate.replace(/\s/g, ''), made.pems(pem)[0].replace(/\s/g, ''));
    assert.ok(await made.keyFits(opened));
  }
});
