// Moves that no other file makes, and those that only a rare chain of events makes. That none is
// left out is seen by 99_coverage.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import test, { after, afterEach, before } from 'node:test';
import { behaviour, bringAll, bringTo, Case, dir, moveClock, ok, payQr, PROJECT_CODE, psql, refused, staff, until } from './lib/client.mjs';
import { made, madeAll } from './lib/made.mjs';
import { begin, codeOf, finance, hurry } from './lib/money.mjs';

const REASONS = [{ target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '邮寄地址不完整' }];
const PERSON = { type: 'natural_person' };
const ofOrder = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const desk = async (who, method, path, json) => (await staff(who)).call(method, path, { json });
const moves = async (c) => (await psql(`SELECT move, to_state FROM audit_event WHERE order_id = ${ofOrder(c)} AND move IS NOT NULL ORDER BY seq`)).map((row) => row.join(' '));
const lastMove = async (c) => (await moves(c)).at(-1);
const confirm = (c) => finance('POST', `/payments/${c.paymentId}/confirmation`, { note: '已核实' });
const refuse = (c) => finance('POST', `/payments/${c.paymentId}/refusal`, { reason: 'transfer_not_found' });
const giveBack = async (c, username) => ok(await desk(username, 'DELETE', `${c.adminPath}/claim`), 204);

/** Orders before their review; transfers that finance has not seen yet. */
const waiting = (n, wish = {}) => madeAll(Array(n).fill({ until: 'pending_review', ...wish }));

/** The first of two favourable verdicts. */
async function passFirst(c) {
  const { revision_sha256 } = await c.claim('reviewer');
  assert.equal(ok(await desk('reviewer', 'POST', `${c.adminPath}/approval`, { revision_sha256 })).state, 'pending_second_review');
}

/** Its time is over. */
const lapse = (cases) => psql(`UPDATE orders SET deadline_at = hall_now() WHERE order_no IN (${cases.map((c) => `'${c.orderNo}'`).join()})`);

let policy;
before(async () => { // who looks at an order is no matter of chance here
  [[policy]] = await psql(`SELECT second_review FROM project WHERE code = '${PROJECT_CODE}'`);
  await psql(`UPDATE project SET second_review = second_review || '{"random_percent": 0}' WHERE code = '${PROJECT_CODE}'`);
});
after(() => psql(`UPDATE project SET second_review = '${policy}' WHERE code = '${PROJECT_CODE}'`));
afterEach(() => behaviour('all', 'normal'));

test('cancelled before it is paid (T24a)', async () => {
  const draft = new Case();
  await draft.begin();
  for (const c of [draft, await bringTo('awaiting_identity')]) {
    assert.equal((await c.cancel()).state, 'cancelled');
    assert.equal(await lastMove(c), 'T24a cancelled');
  }
});

test('cancelled after it came back: what was paid goes back, else nothing (T24b, T24c)', async () => {
  for (const [method, move] of [['bank_transfer', 'T24c cancelled'], ['wechat_pay', 'T24b refunding']]) {
    const [c] = await waiting(1, { method });
    await c.sendBack(REASONS);
    await c.cancel();
    assert.ok((await moves(c)).includes(move));
  }
});

test('finance confirms a transfer while somebody looks at the papers (T20)', async () => {
  const [first, back] = await waiting(2);
  const [second, third] = await waiting(2, PERSON);
  await first.claim();
  assert.equal(ok(await confirm(first)).order_state, 'in_review');
  await giveBack(first, 'reviewer');
  await back.sendBack(REASONS);
  assert.equal(ok(await confirm(back)).order_state, 'returned');
  for (const c of [second, third]) await passFirst(c);
  assert.equal(ok(await confirm(second)).order_state, 'pending_second_review');
  await third.claim('reviewer2');
  assert.equal(ok(await confirm(third)).order_state, 'in_second_review');
  const { revision_sha256 } = await third.look('reviewer2');
  assert.equal(ok(await desk('reviewer2', 'POST', `${third.adminPath}/approval`, { revision_sha256 })).state, 'accepted');
});

test('finance finds no money while a second reviewer is due or at work (T21)', async () => {
  const [first, second] = await waiting(2, PERSON);
  for (const c of [first, second]) await passFirst(c);
  await second.claim('reviewer2');
  for (const c of [first, second]) {
    assert.equal(ok(await refuse(c)).order_state, 'awaiting_payment');
    assert.deepEqual(await psql(`SELECT lease_staff IS NULL, (SELECT bool_and(is_void) FROM review WHERE order_id = o.id) FROM orders o WHERE order_no = '${c.orderNo}'`), [['t', 't']]);
  }
});

test('passed by two before the money came, and then cancelled (T18b, T24c)', async () => {
  const [c] = await waiting(1, PERSON);
  assert.equal(await c.approve(), 'awaiting_funds');
  assert.equal(await lastMove(c), 'T18b awaiting_funds');
  await c.cancel();
  assert.equal(await lastMove(c), 'T24c cancelled');
});

test('not admitted, and nothing paid; what arrives late goes back (T19, T51)', async () => {
  const [first] = await waiting(1);
  const [second] = await waiting(1, PERSON);
  const why = { reason: '提交的资料不真实' };
  await passFirst(second);
  for (const [c, who] of [[first, 'reviewer'], [second, 'reviewer2']]) {
    await c.claim(who);
    ok(await desk(who, 'POST', `${c.adminPath}/denial`, why), 202);
    ok(await desk('administrator', 'POST', `${c.adminPath}/denial`, why));
    assert.equal(await lastMove(c), 'T19 denied');
    ok(await confirm(c));
    assert.ok((await moves(c)).includes('T51 refunding'));
  }
});

test('returned, unpaid, and nobody came (T25)', async () => {
  const [c] = await waiting(1);
  await c.sendBack(REASONS);
  await lapse([c]);
  await c.reaches('expired', 20_000);
  assert.equal(await lastMove(c), 'T25 expired');
});

// No page leads there: money in hand for an order that does not know of it.
const paidBeside = (c) => psql(`INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, out_trade_no, received_fen, paid_at)
  VALUES ('Q${c.orderNo}', ${ofOrder(c)}, 9, 'bank_transfer', 26100, 'paid', '${c.orderNo}09', 26100, hall_now())`);

test('whatever lapses or is cancelled with money in it gives the money back (T25, T24b)', async () => {
  const cases = await bringAll(['draft', 'awaiting_documents', 'awaiting_identity', 'awaiting_payment'].map((state) => [state]));
  for (const c of cases) await paidBeside(c);
  const [funds, late] = await waiting(2);
  for (const c of [funds, late]) {
    assert.equal(await c.approve(), 'awaiting_funds');
    await psql(`UPDATE payment SET state = 'paid', received_fen = amount_fen, paid_at = hall_now() WHERE payment_id = '${c.paymentId}'`);
  }
  await lapse([...cases, late]);
  for (const c of [...cases, late]) {
    await c.reaches(['refunding', 'refund_failed'], 20_000);
    assert.ok((await moves(c)).includes('T25 refunding'));
  }
  await funds.cancel();
  assert.ok((await moves(funds)).includes('T24b refunding'));
});

/** Production sends it back before anything is prepared, and the applicant hands it in again. */
async function cameBack(wish) {
  const production = await staff('production');
  ok(await production.put('/api/admin/v1/issuance/switch', { on: false }));
  const c = await made({ method: 'wechat_pay', ...wish });
  await c.reaches('bank_verified', 20_000);
  await psql(`UPDATE review SET is_void = true WHERE order_id = ${ofOrder(c)}`);
  ok(await production.put('/api/admin/v1/issuance/switch', { on: true }));
  await c.reaches('issuance_failed', 20_000);
  ok(await production.post(`${c.adminPath}/issuance/return`, { reasons: REASONS }));
  await c.uploadAll();
  assert.equal(ok(await c.client.post(`${c.path}/resubmission`)).state, 'pending_review');
  return c;
}

test('the bank need not prove twice what it has proved (T18a, T18b)', async () => {
  for (const [wish, move] of [[{}, 'T18a bank_verified'], [PERSON, 'T18b bank_verified']]) {
    const c = await cameBack(wish);
    assert.equal(await c.approve(), 'bank_verified');
    await c.reaches('issued', 30_000);
    assert.ok((await moves(c)).includes(move));
    assert.deepEqual(await psql(`SELECT count(*) FROM bank_verification WHERE order_id = ${ofOrder(c)}`), [['1']]);
  }
});

test('a signer out of reach, and what it would not sign once it is back (T36, T36b, T37)', async (t) => {
  const socket = `${dir}/sock/signer/signer.sock`;
  const back = () => renameSync(`${socket}.away`, socket);
  t.after(() => moveClock(0));
  await moveClock(3600); // the signer goes by the machine's clock: this is the future
  renameSync(socket, `${socket}.away`);
  const c = await made().catch((error) => { back(); throw error; });
  await until('the try to be put off', async () => (await lastMove(c)) === 'T36 issuing', 20_000).finally(back);
  const [[serial]] = await psql(`SELECT encode(serial, 'hex') FROM cert_intent WHERE order_id = ${ofOrder(c)}`);
  await moveClock(0);
  await hurry(`issue/${c.orderNo}/0`);
  const { certificate } = await c.reaches('issued', 30_000);
  assert.deepEqual((await moves(c)).slice(-9).map((move) => move.split(' ')[0]), ['T18a', 'T32', 'T34', 'T36', 'T36b', 'T37', 'T36b', 'T34', 'T35']);
  assert.notEqual(certificate.serial, serial);
  const journal = readFileSync(`${dir}/ca/journal`, 'utf8').split('\n').map((line) => line.split(' ')).filter((words) => words[5] === c.orderNo);
  assert.deepEqual(journal.map((words) => [words[2], words[4]]), [['void', serial], ['certificate', certificate.serial]]);
});

test('an attempt that is still being closed does not stand in for the order\'s state', async () => {
  const c = await bringTo('awaiting_payment');
  await behaviour('wechat_pay', 'error_500', { action: 'close' });
  await behaviour('alipay', 'error_500');
  const code = await codeOf(c, (await begin(c, 'wechat_pay')).payment_id);
  await begin(c, 'alipay'); // the code is to be closed first, which fails
  await payQr(code);
  await c.reaches('pending_review');
  assert.equal(refused(await c.client.post(`${c.path}/form/reopening`), 409, 'state_conflict').state, 'pending_review');
});
