// What the wallets tell us, and do not tell us: forged, doubled, lost, late, wrong.
import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { behaviour, bringTo, hallUrl, ok, payQr, psql, readSms, refused, request, sandbox, until } from './lib/client.mjs';
import { applied, becomes, begin, booksAgree, codeOf, column, paidBack, paymentOf, tradeNo } from './lib/money.mjs';

afterEach(() => behaviour('all', 'normal'));
const inbox = async () => Number((await psql('SELECT count(*) FROM callback_inbox'))[0][0]);
const settled = async (c) => ok(await c.client.get(`${c.path}/events`)).items.filter((e) => e.type === 'payment_received').length;

for (const method of ['wechat_pay', 'alipay']) {
  test(`${method}: forged, stale and foreign callbacks change nothing`, async () => {
    const c = await bringTo('awaiting_payment', { method });
    const { payment_id: id } = await begin(c, method);
    const url = await codeOf(c, id);
    const { items } = await sandbox('POST', '/forged-callbacks', { provider: method, out_trade_no: await tradeNo(id) });
    // Rightly signed lies are taken in, and found out by asking.
    for (const { variant, status } of items) assert.ok(status >= 400 || /^other_/.test(variant), `${variant} was answered ${status}`);
    await applied();
    assert.equal((await paymentOf(c, id)).state, 'pending');
    assert.equal((await c.order()).state, 'awaiting_payment');
    await payQr(url);
    await c.reaches('pending_review');
    assert.equal(await column('count(*) OVER ()', id), '1');
  });

  test(`${method}: a callback ten times at once has one effect`, async () => {
    await behaviour(method, 'callback_ten');
    const c = await bringTo('pending_review', { method });
    await applied();
    assert.equal(await settled(c), 1);
    assert.equal((await c.order()).state, 'pending_review');
  });

  test(`${method}: the query finds a payment that no callback told of`, async () => {
    await behaviour(method, 'callback_never');
    const c = await bringTo('pending_review', { method });
    assert.equal(await settled(c), 1);
  });

  test(`${method}: what was paid stays paid though a query says otherwise`, async () => {
    const c = await bringTo('pending_review', { method });
    const [id] = (await psql(`SELECT payment_id FROM payment y JOIN orders o ON o.id = y.order_id WHERE order_no = '${c.orderNo}'`))[0];
    await behaviour(method, 'backwards');
    await psql(`UPDATE payment SET compared_at = NULL, paid_at = paid_at - interval '2 days' WHERE payment_id = '${id}';
      UPDATE job SET due_at = hall_now() WHERE key = 'clock/LEDGER'; NOTIFY job`);
    await until('the comparison', async () => (await column('y.compared_at IS NOT NULL', id)) === 't');
    assert.equal((await paymentOf(c, id)).state, 'paid');
    assert.deepEqual(await psql(`SELECT ours_fen, theirs_fen FROM ledger_difference WHERE number = '${await tradeNo(id)}'`), [['26100', '0']]);
    await behaviour(method, 'normal');
    await psql(`UPDATE payment SET compared_at = NULL WHERE payment_id = '${id}'; UPDATE job SET due_at = hall_now() WHERE key = 'clock/LEDGER'; NOTIFY job`);
    await until('the difference to be cleared', async () => (await psql(`SELECT 1 FROM ledger_difference WHERE number = '${await tradeNo(id)}' AND cleared_at IS NOT NULL`)).length === 1);
  });

  test(`${method}: a provider that fails for a while only costs time`, async () => {
    const c = await bringTo('awaiting_payment', { method });
    await behaviour(method, 'error_500', { times: 2 });
    const { payment_id: id } = await begin(c, method);
    await payQr(await codeOf(c, id));
    await c.reaches('pending_review');
  });

  test(`${method}: an answer that was lost after the act is no second act`, async () => {
    const c = await bringTo('awaiting_payment', { method });
    await behaviour(method, 'commit_then_close', { times: 1 });
    const { payment_id: id } = await begin(c, method);
    await payQr(await codeOf(c, id));
    await c.reaches('pending_review');
    await booksAgree([await tradeNo(id)]);
  });
}

test('a payment that is told of before its code was answered is a payment', async () => {
  await behaviour('wechat_pay', 'callback_before_answer');
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  await c.reaches('pending_review');
  assert.equal((await paymentOf(c, id)).state, 'paid');
});

test('a slow provider does not hold the page', async () => {
  const c = await bringTo('awaiting_payment');
  await behaviour('wechat_pay', 'slow', { seconds: 2, times: 1 });
  const from = performance.now();
  const { payment_id: id } = await begin(c, 'wechat_pay');
  assert.ok(performance.now() - from < 1000);
  assert.ok(await codeOf(c, id));
});

test('callbacks that nobody signed are refused in the sender\'s words', async () => {
  const before = await inbox();
  const post = (path, body, type = 'application/json') => request(`${hallUrl}/callback/${path}`, { method: 'POST', body, headers: { 'content-type': type } });
  const wechat = await post('wechat-pay', '{"id":"x","event_type":"TRANSACTION.SUCCESS"}');
  assert.ok(wechat.status >= 400);
  assert.equal(wechat.json.code, 'FAIL');
  const alipay = await post('alipay', 'out_trade_no=1&sign=AA==&sign_type=RSA2', 'application/x-www-form-urlencoded');
  assert.notEqual(alipay.body.toString(), 'success');
  for (const path of ['wechat-pay', 'alipay', 'sms', 'courier']) {
    const junk = await post(path, '{{{');
    assert.ok(junk.status < 500, `${path} answered ${junk.status}`);
    assert.ok(!/SUCCESS|"0000"|^success$/.test(junk.body.toString()), junk.body.toString());
    const empty = await post(path, '');
    assert.ok(empty.status < 500, `${path} answered ${empty.status}`);
    assert.equal((await request(`${hallUrl}/callback/${path}`)).status, 405);
  }
  assert.equal(await inbox(), before);
});

// ---- money that nobody is owed ----

test('both codes paid: the later payment goes back by itself', async () => {
  const c = await bringTo('awaiting_payment');
  const alipay = await begin(c, 'alipay');
  const first = await codeOf(c, alipay.payment_id);
  const wechat = await begin(c, 'wechat_pay'); // a code that nobody scanned cannot be closed at Alipay
  await payQr(await codeOf(c, wechat.payment_id));
  await c.reaches('pending_review');
  await payQr(first);
  await paidBack(c);
  const order = await c.order();
  assert.equal(order.state, 'pending_review');
  assert.deepEqual([order.payment.payment_id, order.payment.state], [wechat.payment_id, 'paid']);
  assert.equal((await becomes(c, alipay.payment_id, 'refunded')).state, 'refunded');
  assert.equal(await column('y.purpose', alipay.payment_id), 'duplicate');
  await booksAgree([await tradeNo(alipay.payment_id), await tradeNo(wechat.payment_id)]);
  assert.match((await readSms(c.person.mobile, 'N27')).text, /已退款261\.00元/);
});

test('an amount that is not ours goes back, and the order still waits', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  const url = await codeOf(c, id);
  await psql(`UPDATE payment SET amount_fen = amount_fen - 100 WHERE payment_id = '${id}'`);
  await payQr(url);
  await paidBack(c);
  assert.equal(await column('y.purpose', id), 'mismatch');
  assert.equal((await c.order()).state, 'awaiting_payment');
  await booksAgree([await tradeNo(id)]);
  await payQr(await codeOf(c, (await begin(c, 'wechat_pay')).payment_id));
  await c.reaches('pending_review');
});

test('money for a cancelled order goes back (T51)', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'alipay');
  const url = await codeOf(c, id);
  await until('the cancellation', async () => (await c.client.post(`${c.path}/cancellation`, { reason: '不办了' })).status === 200);
  await payQr(url);
  await c.reaches('refunded', 20_000);
  assert.equal(await column('y.purpose', id), 'late');
  assert.match((await readSms(c.person.mobile, 'N14')).text, /退款261\.00元/);
  await booksAgree([await tradeNo(id)]);
});

/** An attempt that can still be paid though the order has lapsed; `ago` is SQL. */
async function lapsed(ago) {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'alipay');
  const url = await codeOf(c, id);
  await psql(`UPDATE payment SET state = 'closed' WHERE payment_id = '${id}';
    UPDATE orders SET state = 'expired' WHERE order_no = '${c.orderNo}';
    ALTER TABLE orders DISABLE TRIGGER orders_guard; UPDATE orders SET state_since = hall_now() - interval '${ago}' WHERE order_no = '${c.orderNo}';
    ALTER TABLE orders ENABLE TRIGGER orders_guard`);
  return { c, id, url };
}

test('money within 72 hours of the expiry brings the order back (T51a)', async () => {
  const { c, id, url } = await lapsed('71 hours');
  await payQr(url);
  await c.reaches('pending_review');
  assert.deepEqual([(await paymentOf(c, id)).state, await column('y.purpose', id)], ['paid', 'order']);
  assert.ok((await c.order()).promised_at);
});

test('money after 72 hours goes back', async () => {
  const { c, url } = await lapsed('73 hours');
  await payQr(url);
  await c.reaches('refunded', 20_000);
});

test('money does not bring an order back whose owner has begun another', async () => {
  const { c, url } = await lapsed('1 hour');
  const other = await bringTo('awaiting_documents', { form: c.form, client: c.client });
  await payQr(url);
  await c.reaches('refunded', 20_000);
  assert.equal((await other.order()).state, 'awaiting_documents');
});

test('a price that changed meanwhile is not paid by the old code', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'alipay');
  const url = await codeOf(c, id);
  refused(await c.client.post(`${c.path}/form/reopening`), 409, 'payment_pending');
  await psql(`UPDATE payment SET state = 'closed' WHERE payment_id = '${id}'`);
  await psql(`UPDATE orders SET certificate_fen = certificate_fen + 100 WHERE order_no = '${c.orderNo}'`);
  await payQr(url);
  await paidBack(c);
  assert.equal((await c.order()).state, 'awaiting_payment');
});

test('an attempt that lapses is closed, and another can be made', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  await codeOf(c, id);
  await psql(`UPDATE payment SET expires_at = hall_now() - interval '1 second' WHERE payment_id = '${id}'`);
  await becomes(c, id, 'closed');
  assert.ok(ok(await c.client.get(`${c.path}/events`)).items.some((e) => e.type === 'payment_closed'));
  assert.notEqual((await begin(c, 'wechat_pay')).payment_id, id);
});

test('work whose job is gone is found again', async () => {
  const c = await bringTo('awaiting_payment');
  const { payment_id: id } = await begin(c, 'wechat_pay');
  const url = await codeOf(c, id);
  const trade = await tradeNo(id);
  await behaviour('wechat_pay', 'callback_never');
  await psql(`DELETE FROM job WHERE key = 'pay-query/${trade}'`);
  await payQr(url);
  await psql("UPDATE job SET due_at = hall_now() WHERE key = 'clock/RESCUE'; NOTIFY job");
  await c.reaches('pending_review');
});
