// Paying online: one attempt, its code, and the ways out of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bringTo, ok, payQr, psql, readSms, refused, until } from './lib/client.mjs';
import { begin, codeOf, key, paymentOf } from './lib/money.mjs';

for (const method of ['wechat_pay', 'alipay']) {
  test(`${method}: from the code to review`, async () => {
    const c = await bringTo('awaiting_payment', { method });
    const first = await begin(c, method);
    assert.equal(first.method, method);
    assert.equal(first.amount_fen, 26100);
    assert.equal(first.state, 'preparing');
    assert.equal(first.code_url, null);
    assert.equal(first.beneficiary, null);
    assert.ok(Date.parse(first.expires_at) > Date.now() + 1_700_000);
    const url = await codeOf(c, first.payment_id);
    assert.match(url, method === 'alipay' ? /^https:\/\/qr\.alipay/ : /^weixin:\/\//);

    const again = await begin(c, method);
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
  const { payment_id: id } = await begin(c, 'wechat_pay');
  const url = await codeOf(c, id);
  const { headers: { etag } } = await c.client.get(`${c.path}/payments/${id}`);
  const waiting = c.client.get(`${c.path}/payments/${id}?wait=20`, { etag });
  await payQr(url);
  const reply = await waiting;
  assert.equal(ok(reply).state, 'paid');
});

test('payments belong to their order and their account', async () => {
  const c = await bringTo('awaiting_payment');
  const other = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'bank_transfer');
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
  const wechat = await begin(c, 'wechat_pay');
  const old = await codeOf(c, wechat.payment_id);
  const alipay = await begin(c, 'alipay');
  assert.notEqual(alipay.payment_id, wechat.payment_id);
  await payQr(await codeOf(c, alipay.payment_id));
  await c.reaches('pending_review');
  assert.equal((await paymentOf(c, wechat.payment_id)).state, 'closed');
  await assert.rejects(payQr(old), /409|410/);
});

test('an open payment is closed before the order is cancelled', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  await codeOf(c, id);
  refused(await c.client.post(`${c.path}/cancellation`, { reason: '不办了' }), 409, 'payment_pending');
  const order = await until('the cancellation', async () => {
    const reply = await c.client.post(`${c.path}/cancellation`, { reason: '不办了' });
    return reply.status === 200 && reply.json;
  });
  assert.deepEqual([order.state, order.close_reason], ['cancelled', '不办了']);
  assert.equal((await paymentOf(c, id)).state, 'closed');
  await readSms(c.person.mobile, 'N13');
});

test('an open payment is closed before the form is reopened (T04)', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  await codeOf(c, id);
  refused(await c.client.post(`${c.path}/form/reopening`), 409, 'payment_pending');
  await until('the form to be open', async () => (await c.client.post(`${c.path}/form/reopening`)).status === 200);
  assert.equal((await paymentOf(c, id)).state, 'closed');
});
