// Money on its way out while the worker is killed and every second answer gets lost: it moves once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT } from '../../scripts/lib/house.mjs';
import { openHouse, overtake, rage, random, seed, workIsDone } from './lib/killer.mjs';

const PROVED = 20; // accounts that get 0.01 yuan
const STRIKES = 30;
const LOST = { wechat_pay: 'refund', alipay: 'alipay.trade.refund', bank: 'BB1PAYOP', sms: 'SendSms' };
let house, close, api, money, made, online, transfers, proved;

before(async () => {
  ({ house, close } = await openHouse({ poll_ms: 200 }));
  [api, money, made] = [await import('../api/lib/client.mjs'), await import('../api/lib/money.mjs'), await import('../api/lib/made.mjs')];
  api.ok(await (await api.staff('production')).put('/api/admin/v1/issuance/switch', { on: false }));
  online = await api.bringAll(['wechat_pay', 'alipay', 'wechat_pay', 'alipay'].map((method) => ['pending_review', { method }]));
  transfers = await made.madeAll(Array(4).fill({ until: 'pending_review' }));
  for (const c of transfers) {
    const { account_name: payer_name, account_number: payer_account } = c.form.bank_account;
    await api.creditBank({ payer_name, payer_account, amount_fen: 26100, memo: c.orderNo });
  }
  await money.readStatement();
  for (const c of transfers) api.ok(await money.finance('POST', `/payments/${c.paymentId}/confirmation`, {}));
});
after(() => close?.());

const list = (cases) => cases.map((c) => `'${c.orderNo}'`).join();
const states = async (cases) => (await api.psql(`SELECT state, count(*) FROM orders WHERE order_no IN (${list(cases)}) GROUP BY 1`)).map((row) => row.join(' '));
const isOver = async () => {
  const [[left]] = await api.psql(`SELECT count(*) FROM orders WHERE order_no IN (${list([...online, ...transfers, ...proved])}) AND state NOT IN ('refunded', 'bank_verified')`);
  return left === '0';
};

test('refunds, micro-transfers and messages go out while the worker dies and answers are lost', async () => {
  for (const [provider, action] of Object.entries(LOST)) await api.behaviour(provider, 'commit_then_close', { action, times: 15 });
  proved = await made.madeMany(Array(PROVED).fill({ method: 'wechat_pay' }));
  await Promise.all([...online, ...transfers].map((c) => c.cancel()));
  const strikes = await rage(house, ['worker'], { most: STRIKES, pauseMs: 120, done: isOver, overtake: () => overtake(house, random(5)) });
  await api.behaviour('all', 'normal');
  for (const end = performance.now() + 120_000; !(await isOver()); await sleep(1000)) {
    assert.ok(performance.now() < end, `${await states([...online, ...transfers])} ${await states(proved)} (FAULT_SEED=${seed})`);
    await overtake(house, 15);
  }
  console.log(`# ${strikes} kills`);
  assert.ok(strikes > 3, `it was over after ${strikes} kills (FAULT_SEED=${seed})`);
  assert.deepEqual([await states([...online, ...transfers]), await states(proved)], [[`refunded ${online.length + transfers.length}`], [`bank_verified ${PROVED}`]]);
  await workIsDone(house, 'ISSUE'); // the switch is off
});

test('the wallets gave back what they took, once', async () => {
  const trades = (await api.psql(`SELECT out_trade_no FROM payment y JOIN orders o ON o.id = y.order_id WHERE o.order_no IN (${list(online)}) AND y.state = 'refunded'`)).flat();
  assert.equal(trades.length, online.length);
  await money.booksAgree(trades);
  const { items } = await api.sandbox('GET', '/refunds');
  const ours = await api.psql(`SELECT f.out_refund_no, f.amount_fen FROM refund f JOIN payment y ON y.id = f.payment_id WHERE y.method <> 'bank_transfer'`);
  assert.deepEqual(items.map((r) => [r.out_refund_no, String(r.amount_fen)]).sort(), ours.sort());
});

test('the bank moved each sum once, to whom it belongs', async () => {
  const { items } = await api.sandbox('GET', '/transfers');
  const wanted = [...proved.map((c) => [c.form.bank_account.account_number, 1]), ...transfers.map((c) => [c.form.bank_account.account_number, 26100])];
  assert.deepEqual(items.map((t) => [t.account_number, t.amount_fen]).sort(), wanted.sort());
  assert.deepEqual(await api.psql(`SELECT order_id FROM bank_verification GROUP BY order_id HAVING count(*) <> 1 OR NOT bool_and(state = 'ok')`), []);
});

test('everybody was told once', async () => {
  const said = new Map();
  for (const c of [...online, ...transfers, ...proved])
    for (const m of await api.messages(c.person.mobile)) {
      const words = `${m.phone} ${m.text}`;
      assert.ok(!said.has(words), `twice: ${m.template} to the owner of ${c.orderNo} (FAULT_SEED=${seed})`);
      said.set(words, m);
    }
  const templates = [...said.values()].map((m) => m.template.slice(-3));
  assert.equal(templates.filter((t) => t === 'N27').length, online.length + transfers.length);
  assert.equal(templates.filter((t) => t === 'N16').length, PROVED);
});

test('the trail is whole, and what must always be true is true', async () => {
  assert.match(await api.ctl('audit-verify'), /all whole/);
  assert.deepEqual(await api.psql(readFileSync(`${PROJECT}/sql/invariants.sql`, 'utf8')), []);
});
