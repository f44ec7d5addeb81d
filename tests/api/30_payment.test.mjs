// Paying: WeChat Pay, Alipay, transfers with a voucher, and everything that can go wrong with money.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { afterEach } from 'node:test';
import { behaviour, bringTo, ok, payQr, pointers, psql, readSms, refused, sandbox, staff, until } from './lib/client.mjs';

const key = () => ({ key: randomUUID() });
const pays = async (c, method) => ok(await c.client.post(`${c.path}/payments`, { method }, key()), 201);
const paymentOf = async (c, id) => ok(await c.client.get(`${c.path}/payments/${id}`));
const code = (c, id) => until('a payment code', async () => (await paymentOf(c, id)).code_url);
const becomes = (c, id, state, ms) => until(`payment to be ${state}`, async () => {
  const payment = await paymentOf(c, id);
  return payment.state === state && payment;
}, ms);
const refunds = async (c) => (await c.order()).refunds;
const refunded = (c, n = 1, ms = 15_000) => until(`${n} refunds`, async () => (await refunds(c)).filter((r) => r.state === 'succeeded').length === n, ms);
const tradeNo = async (id) => (await psql(`SELECT out_trade_no FROM payment WHERE payment_id = '${id}'`))[0][0];
const isPaid = (trade) => sandbox('POST', '/payments', trade);

afterEach(() => behaviour('all', 'normal'));

for (const method of ['wechat_pay', 'alipay']) {
  test(`${method}: from the code to review`, async () => {
    const c = await bringTo('awaiting_payment', { method });
    const first = await pays(c, method);
    assert.equal(first.method, method);
    assert.equal(first.amount_fen, 26100);
    assert.equal(first.state, 'preparing');
    assert.equal(first.code_url, null);
    assert.equal(first.beneficiary, null);
    assert.ok(Date.parse(first.expires_at) > Date.now() + 1_700_000);
    const url = await code(c, first.payment_id);
    assert.match(url, method === 'alipay' ? /^https:\/\/qr\.alipay/ : /^weixin:\/\//);

    const again = await pays(c, method);
    assert.deepEqual([again.payment_id, again.code_url, again.state], [first.payment_id, url, 'pending']);
    assert.deepEqual((await c.order()).payment.code_url, url);
    assert.ok(!(await c.order()).allowed_actions.includes('cancel'));

    await payQr(url);
    const order = await c.reaches('pending_review');
    assert.equal(order.payment.state, 'paid');
    assert.ok(order.promised_at);
    assert.equal((await paymentOf(c, first.payment_id)).code_url, null);
    const sms = await readSms(c.person.mobile, 'N03');
    assert.match(sms.text, /已收到付款261\.00元/);
    const [[channel, content]] = await psql(`SELECT pin_channel, octet_length(content_sha256) FROM orders WHERE order_no = '${c.orderNo}'`);
    assert.deepEqual([channel, content], ['memo', '32']);
  });
}

test('waiting for the payment ends with the payment', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await pays(c, 'wechat_pay');
  const url = await code(c, id);
  const { headers: { etag } } = await c.client.get(`${c.path}/payments/${id}`);
  const waiting = c.client.get(`${c.path}/payments/${id}?wait=20`, { etag });
  await payQr(url);
  const reply = await waiting;
  assert.equal(ok(reply).state, 'paid');
});

test('payments belong to their order and their account', async () => {
  const c = await bringTo('awaiting_payment');
  const other = await bringTo('awaiting_payment');
  const { payment_id: id } = await pays(c, 'bank_transfer');
  refused(await other.client.get(`${c.path}/payments/${id}`), 404, 'not_found');
  refused(await other.client.get(`${other.path}/payments/${id}`), 404, 'not_found');
  refused(await other.client.post(`${other.path}/payments/${id}/voucher`, { payer_name: '某', amount_fen: 1, transferred_on: '2026-11-20' }), 404, 'not_found');
  refused(await c.client.get(`${c.path}/payments/NOSUCHPAYMENT`), 404, 'not_found');
  refused(await other.client.post(`${c.path}/payments`, { method: 'alipay' }, key()), 404, 'not_found');
  refused(await c.client.post(`${c.path}/payments`, { method: 'cash' }, key()), 422, 'invalid');
});

test('paying is refused before and after its time', async () => {
  const c = await bringTo('awaiting_documents');
  assert.equal(refused(await c.client.post(`${c.path}/payments`, { method: 'wechat_pay' }, key()), 409, 'state_conflict').state, 'awaiting_documents');
  const paid = await bringTo('pending_review');
  for (const method of ['wechat_pay', 'bank_transfer'])
    assert.equal(refused(await paid.client.post(`${paid.path}/payments`, { method }, key()), 409, 'state_conflict').state, 'pending_review');
});

test('the same Idempotency-Key is the same payment, and only for the same request', async () => {
  const c = await bringTo('awaiting_payment');
  const once = key();
  const [a, b] = [await c.client.post(`${c.path}/payments`, { method: 'alipay' }, once), await c.client.post(`${c.path}/payments`, { method: 'alipay' }, once)];
  assert.deepEqual(ok(a, 201), ok(b, 201));
  refused(await c.client.post(`${c.path}/payments`, { method: 'wechat_pay' }, once), 409, 'idempotency_key_reused');
  assert.equal((await psql(`SELECT count(*) FROM payment y JOIN orders o ON o.id = y.order_id WHERE order_no = '${c.orderNo}'`))[0][0], '1');
});

test('ten requests at once make one attempt', async () => {
  const c = await bringTo('awaiting_payment');
  const replies = await Promise.all(Array.from({ length: 10 }, () => c.client.post(`${c.path}/payments`, { method: 'wechat_pay' }, key())));
  assert.equal(new Set(replies.map((reply) => ok(reply, 201).payment_id)).size, 1);
});

test('another method closes the first code, and the new one pays', async () => {
  const c = await bringTo('awaiting_payment');
  const wechat = await pays(c, 'wechat_pay');
  const old = await code(c, wechat.payment_id);
  const alipay = await pays(c, 'alipay');
  assert.notEqual(alipay.payment_id, wechat.payment_id);
  await payQr(await code(c, alipay.payment_id));
  await c.reaches('pending_review');
  assert.equal((await paymentOf(c, wechat.payment_id)).state, 'closed');
  await assert.rejects(payQr(old), /409|410/);
});

test('an open payment is closed before the order is cancelled', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await pays(c, 'wechat_pay');
  await code(c, id);
  refused(await c.client.post(`${c.path}/cancellation`, { reason: '不办了' }), 409, 'payment_pending');
  const order = await until('the cancellation', async () => {
    const reply = await c.client.post(`${c.path}/cancellation`, { reason: '不办了' });
    return reply.status === 200 && reply.json;
  });
  assert.deepEqual([order.state, order.close_reason], ['cancelled', '不办了']);
  assert.equal((await paymentOf(c, id)).state, 'closed');
  await readSms(c.person.mobile, 'N13');
});

// ---- callbacks ----

test('forged, stale and foreign callbacks change nothing', async () => {
  for (const method of ['wechat_pay', 'alipay']) {
    const c = await bringTo('awaiting_payment', { method });
    const { payment_id: id } = await pays(c, method);
    await code(c, id);
    const before = (await psql('SELECT count(*) FROM callback_inbox'))[0][0];
    const { items } = await sandbox('POST', '/forged-callbacks', { provider: method, out_trade_no: await tradeNo(id) });
    assert.ok(items.length > 4);
    // Amounts are judged when a callback is applied: what is signed is taken in.
    const signed = items.filter((i) => i.status < 300);
    for (const item of items) assert.ok(item.status >= 400 || /amount|currency|order|trade/.test(item.variant), `${item.variant} was answered ${item.status}`);
    await until('all that was taken in to be applied', async () => (await psql('SELECT count(*) FROM callback_inbox WHERE applied_at IS NULL'))[0][0] === '0');
    const after = (await psql('SELECT count(*) FROM callback_inbox'))[0][0];
    assert.ok(Number(after) - Number(before) <= signed.length);
    assert.equal((await c.order()).state, 'awaiting_payment');
  }
});

test('a callback ten times at once has one effect', async () => {
  const c = await bringTo('awaiting_payment');
  await behaviour('wechatpay', 'callback_ten');
  const { payment_id: id } = await pays(c, 'wechat_pay');
  await payQr(await code(c, id));
  await c.reaches('pending_review');
  const moves = ok(await c.client.get(`${c.path}/events`)).items.filter((e) => e.type === 'payment_received');
  assert.equal(moves.length, 1);
});
