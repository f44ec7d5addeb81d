// Money on its way back: by cancelling, by two people, by another way where the first fails.
import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { behaviour, bringTo, creditBank, newStaff, ok, pointers, psql, readSms, refused, sandbox, until } from './lib/client.mjs';
import { becomes, booksAgree, column, finance, hurry, key, paidBack, paymentOf, readStatement, tradeNo } from './lib/money.mjs';

afterEach(() => behaviour('all', 'normal'));

const paymentId = async (c) => (await c.order()).payment.payment_id;
const refundRow = async (c, state) => (await psql(`SELECT f.refund_id, f.out_refund_no FROM refund f JOIN orders o ON o.id = f.order_id WHERE o.order_no = '${c.orderNo}' ${state ? `AND f.state = '${state}'` : ''} ORDER BY f.id DESC`))[0];
const ask = (id, amount_fen, reason = '多收费用', who = 'finance') => finance('POST', `/payments/${id}/refunds`, { amount_fen, reason }, who);

for (const method of ['wechat_pay', 'alipay']) {
  test(`${method}: cancelling gives the money back (T24b, T48)`, async () => {
    const c = await bringTo('pending_review', { method });
    const order = await c.cancel('不办了');
    assert.equal(order.state, 'refunding');
    assert.equal(order.close_reason, '不办了');
    assert.match((await readSms(c.person.mobile, 'N14')).text, /退款261\.00元/);
    const done = await c.reaches('refunded', 20_000);
    assert.equal(done.payment.state, 'refunded');
    assert.deepEqual(done.refunds.map((r) => [r.amount_fen, r.state]), [[26100, 'succeeded']]);
    await readSms(c.person.mobile, 'N27');
    await booksAgree([await tradeNo(done.payment.payment_id)]);
    assert.equal(refused(await c.client.post(`${c.path}/cancellation`, { reason: '再取消' }, key()), 409, 'state_conflict').state, 'refunded');
  });

  test(`${method}: a refund whose answer is lost is asked about, not repeated`, async () => {
    const c = await bringTo('pending_review', { method });
    await behaviour(method, 'commit_then_close', { times: 1 });
    await c.cancel();
    await c.reaches('refunded', 30_000);
    await booksAgree([await tradeNo(await paymentId(c))]);
  });
}

test('alipay: no change of funds on a repeat is no failure', async () => {
  const c = await bringTo('pending_review', { method: 'alipay' });
  await behaviour('alipay', 'refund_no_change');
  await c.cancel();
  await c.reaches('refunded', 20_000);
});

test('a refund in process is waited for', async () => {
  const c = await bringTo('pending_review');
  await behaviour('wechat_pay', 'refund_processing');
  await c.cancel();
  const number = (await until('the refund to be submitted', async () => refundRow(c, 'submitted')))[1];
  await until('the provider to have it', async () => (await sandbox('GET', '/refunds')).items.some((r) => r.out_refund_no === number));
  assert.equal((await c.order()).state, 'refunding');
  await sandbox('POST', `/refunds/${number}`, { status: 'SUCCESS' });
  await c.reaches('refunded', 20_000);
});

test('no money is no refund: cancelling a transfer that nobody has seen (T24c)', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  const order = await c.cancel();
  assert.equal(order.state, 'cancelled');
  assert.deepEqual(order.refunds, []);
});

test('cancelling is refused while somebody reviews the order', async () => {
  const c = await bringTo('in_review');
  assert.equal(refused(await c.client.post(`${c.path}/cancellation`, { reason: '不办了' }, key()), 409, 'state_conflict').state, 'in_review');
});

test('a transfer goes back to the account it came from', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  const { account_name, account_number } = c.form.bank_account;
  await creditBank({ payer_name: account_name, payer_account: account_number, amount_fen: 26100, memo: c.orderNo });
  await readStatement();
  ok(await finance('POST', `/payments/${c.paymentId}/confirmation`, {}));
  await c.cancel();
  await c.reaches('refunded', 20_000);
  const { items } = await sandbox('GET', `/bank-statement?account_number=${account_number}`);
  assert.deepEqual(items.map((i) => [i.amount_fen, i.memo, i.account_name]), [[26100, `退款${c.orderNo}`, account_name]]);
});

test('two people give back a part, and never more than came in', async () => {
  const c = await bringTo('pending_review');
  const id = await paymentId(c);
  assert.deepEqual(pointers(refused(await ask(id, 26101), 422, 'invalid')), ['/amount_fen']);
  const wish = ok(await ask(id, 100), 201);
  assert.deepEqual([wish.state, wish.amount_fen, wish.order_no], ['requested', 100, c.orderNo]);
  assert.deepEqual((await c.order()).refunds, []);
  refused(await finance('POST', `/refunds/${wish.refund_id}/approval`), 409, 'second_person_required');
  assert.deepEqual(pointers(refused(await ask(id, 26001), 422, 'invalid')), ['/amount_fen']);
  const rest = ok(await ask(id, 26000), 201); // only asked for: the payment stays paid
  const mine = async (who) => ok(await finance('GET', '/refunds?state=requested&limit=100', undefined, who)).items.find((r) => r.refund_id === wish.refund_id).mine;
  const [[name]] = await psql(`SELECT a.name FROM refund f JOIN staff a ON a.id = f.requested_by WHERE f.refund_id = '${wish.refund_id}'`);
  const namesake = await newStaff('finance');
  await psql(`UPDATE staff SET name = '${name}' WHERE id = ${namesake.id}`);
  assert.deepEqual([await mine('finance'), await mine('finance2'), ok(await namesake.get('/api/admin/v1/refunds?state=requested&limit=100')).items.find((r) => r.refund_id === wish.refund_id).mine],
    [true, false, false], 'two people of the same name are two people');
  ok(await finance('POST', `/refunds/${wish.refund_id}/approval`, undefined, 'finance2'));
  await paidBack(c);
  assert.deepEqual([(await c.order()).state, (await paymentOf(c, id)).state], ['pending_review', 'paid']);
  ok(await finance('POST', `/refunds/${rest.refund_id}/withdrawal`));
  refused(await finance('POST', `/refunds/${wish.refund_id}/approval`, undefined, 'finance2'), 409, 'state_conflict');

  const other = ok(await ask(id, 50), 201);
  assert.equal(ok(await finance('POST', `/refunds/${other.refund_id}/withdrawal`)).state, 'withdrawn');
  refused(await finance('POST', `/refunds/${other.refund_id}/approval`, undefined, 'finance2'), 409, 'state_conflict');
  await c.cancel();
  await c.reaches('refunded', 20_000);
  assert.deepEqual((await c.order()).refunds.map((r) => r.amount_fen).sort(), [100, 26000]);
  await booksAgree([await tradeNo(id)]);
});

test('what an approved order lives on is not given back as a whole', async () => {
  const c = await bringTo('bank_verification_pending');
  const { state } = await c.order();
  if (['bank_verification_pending', 'bank_verified', 'issuing', 'issued'].includes(state))
    refused(await ask(await paymentId(c), 26100), 409, 'state_conflict');
  ok(await ask(await paymentId(c), 10), 201);
});

test('a whole refund during review leaves an order that asks for money again', async () => {
  const c = await bringTo('pending_review');
  const id = await paymentId(c);
  const wish = ok(await ask(id, 26100), 201);
  ok(await finance('POST', `/refunds/${wish.refund_id}/approval`, undefined, 'finance2'));
  await becomes(c, id, 'refunded');
  assert.equal(await c.approve(), 'awaiting_funds');
});

test('refused by the wallet, it goes to an account that the payee names (T49, T50)', async () => {
  const c = await bringTo('pending_review');
  await behaviour('wechat_pay', 'refund_abnormal');
  await c.cancel();
  await c.reaches('refund_failed', 20_000);
  await behaviour('wechat_pay', 'normal');
  await readSms(c.person.mobile, 'N28');
  const [failed] = await refundRow(c, 'failed');
  assert.deepEqual(pointers(refused(await finance('POST', `/refunds/${failed}/resend`), 422, 'invalid')), ['/account_name', '/account_number', '/bank_code']);

  assert.ok((await c.order()).allowed_actions.includes('name_refund_account'));
  const account = { ...c.form.bank_account };
  assert.deepEqual(pointers(refused(await c.client.put(`${c.path}/refund-account`, { ...account, account_name: '别人', bank_code: '999999999999' }), 422, 'invalid')),
    ['/account_name', '/bank_code']);
  ok(await c.client.put(`${c.path}/refund-account`, account));
  assert.ok((await psql(`SELECT account_sealed IS NOT NULL FROM refund WHERE refund_id = '${failed}'`))[0][0]);

  const again = ok(await finance('POST', `/refunds/${failed}/resend`), 201);
  assert.deepEqual([again.state, again.has_account, again.out_refund_no.length], ['requested', true, 20]);
  refused(await finance('POST', `/refunds/${failed}/resend`, undefined, 'finance2'), 409, 'conflict');
  refused(await finance('POST', `/refunds/${again.refund_id}/approval`), 409, 'second_person_required');
  assert.equal(ok(await finance('POST', `/refunds/${again.refund_id}/approval`, undefined, 'finance2')).order_state, 'refunding');
  await c.reaches('refunded', 20_000);
  const { items } = await sandbox('GET', `/bank-statement?account_number=${account.account_number}`);
  assert.deepEqual(items.map((i) => i.amount_fen), [26100]);
});

test('a refund that cannot be sent without knowing the account fails, and finance names one', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  ok(await finance('POST', `/payments/${c.paymentId}/confirmation`, {}));
  await c.cancel();
  await c.reaches('refund_failed', 20_000);
  const [failed] = await refundRow(c, 'failed');
  const again = ok(await finance('POST', `/refunds/${failed}/resend`, { ...c.form.bank_account }), 201);
  ok(await finance('POST', `/refunds/${again.refund_id}/approval`, undefined, 'finance2'));
  await c.reaches('refunded', 20_000);
});

test('a transfer that the payee\'s bank sends back has failed after all', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  const { account_name, account_number } = c.form.bank_account;
  await creditBank({ payer_name: account_name, payer_account: account_number, amount_fen: 26100, memo: c.orderNo });
  await readStatement();
  ok(await finance('POST', `/payments/${c.paymentId}/confirmation`, {}));
  await c.cancel();
  await c.reaches('refunded', 20_000);
  const [id, number] = await refundRow(c, 'succeeded');
  await sandbox('POST', `/transfers/${number}`, { state: 'returned' });
  await psql(`UPDATE refund SET finished_at = finished_at - interval '2 days' WHERE refund_id = '${id}'`);
  await hurry('clock/LEDGER');
  await until('the refund to have failed', async () => (await refundRow(c, 'failed'))?.[0] === id);
  assert.equal((await c.order()).state, 'refunded');
  const again = ok(await finance('POST', `/refunds/${id}/resend`), 201);
  ok(await finance('POST', `/refunds/${again.refund_id}/approval`, undefined, 'finance2'));
  await until('the money to be back', async () => (await refundRow(c))[0] === again.refund_id && (await refundRow(c, 'succeeded')));
});

test('idempotency of staff: the same key asks once', async () => {
  const c = await bringTo('pending_review');
  const id = await paymentId(c);
  const once = key();
  const { staff } = await import('./lib/client.mjs');
  const desk = await staff('finance');
  const [a, b] = [await desk.post(`/api/admin/v1/payments/${id}/refunds`, { amount_fen: 10, reason: '多收' }, once), await desk.post(`/api/admin/v1/payments/${id}/refunds`, { amount_fen: 10, reason: '多收' }, once)];
  assert.equal(ok(a, 201).refund_id, ok(b, 201).refund_id);
  refused(await desk.post(`/api/admin/v1/payments/${id}/refunds`, { amount_fen: 11, reason: '多收' }, once), 409, 'idempotency_key_reused');
  assert.equal(await column('(SELECT count(*) FROM refund f WHERE f.payment_id = y.id)', id), '1');
});

test('the books by day', async () => {
  const books = ok(await finance('GET', '/reconciliation'));
  const day = books.days.find((d) => d.method === 'wechat_pay');
  assert.ok(day.received_fen > 0 && day.refunded_fen > 0 && day.payments > 0);
  assert.ok(books.unmatched_lines >= 0 && Array.isArray(books.differences));
  ok(await finance('GET', '/reconciliation?from=2026-01-01&to=2026-01-31', undefined, 'auditor'));
  refused(await finance('GET', '/reconciliation?from=2026-13-01'), 422, 'invalid');
});
