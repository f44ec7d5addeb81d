// Paying by bank transfer: the voucher, and what finance makes of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bringTo, creditBank, ok, payQr, pointers, psql, readSms, refused, until } from './lib/client.mjs';
import { becomes, begin, codeOf, column, finance, key, paidBack, paymentOf, readStatement } from './lib/money.mjs';

const METHOD = { method: 'bank_transfer' };
const inTransfer = (state) => bringTo(state, METHOD);
const voucherOf = (c, more = {}) => ({ payer_name: c.form.bank_account.account_name, amount_fen: 26100, transferred_on: '2026-11-20', ...more });
const handIn = (c, id, more) => c.client.post(`${c.path}/payments/${id}/voucher`, voucherOf(c, more), key());
const credit = (c, more = {}) => creditBank({ payer_name: c.form.bank_account.account_name, payer_account: c.form.bank_account.account_number, amount_fen: 26100, memo: c.orderNo, ...more });
const rowOf = async (id) => {
  for (let cursor = ''; ; ) {
    const page = ok(await finance('GET', `/payments?limit=100${cursor}`));
    const found = page.items.find((row) => row.payment_id === id);
    if (found) return found;
    assert.ok(page.next_cursor, `payment ${id} is not in the list`);
    cursor = `&cursor=${page.next_cursor}`;
  }
};
const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
const tomorrow = new Date(Date.now() + 32 * 3600_000).toISOString().slice(0, 10);

test('a transfer names the beneficiary, and the same again is the same', async () => {
  const c = await inTransfer('awaiting_payment');
  const payment = await begin(c, 'bank_transfer');
  assert.equal(payment.state, 'pending');
  assert.equal(payment.code_url, null);
  assert.equal(payment.beneficiary.memo, c.orderNo);
  assert.ok(payment.beneficiary.account_name && /^\d+$/.test(payment.beneficiary.account_number) && payment.beneficiary.bank);
  assert.equal((await begin(c, 'bank_transfer')).payment_id, payment.payment_id);
  assert.ok((await c.order()).allowed_actions.includes('submit_voucher'));
});

test('a voucher is refused with every wrong field named, and without its scan', async () => {
  const c = await inTransfer('awaiting_payment');
  const { payment_id: id } = await begin(c, 'bank_transfer');
  assert.deepEqual(pointers(refused(await handIn(c, id, { transferred_on: tomorrow, payer_name: 'a<b' }), 422, 'invalid')),
    ['/documents/payment_voucher', '/payer_name', '/transferred_on']);
  assert.deepEqual(pointers(refused(await handIn(c, id, { transferred_on: '2026-02-30', amount_fen: 0 }), 422, 'invalid')), ['/amount_fen']);
  assert.deepEqual(pointers(refused(await handIn(c, id, { transferred_on: '2026-02-30' }), 422, 'invalid')), ['/documents/payment_voucher', '/transferred_on']);
  assert.deepEqual(pointers(refused(await handIn(c, id, { amount_fen: 261.5 }), 422, 'invalid')), ['/amount_fen']);
  assert.equal((await c.order()).state, 'awaiting_payment');
});

test('the voucher takes the order to review; finance confirms by the bank\'s line (T10, T20)', async () => {
  const c = await inTransfer('pending_review');
  const id = c.paymentId;
  assert.equal((await c.order()).payment.state, 'awaiting_confirmation');
  await readSms(c.person.mobile, 'N04');
  assert.equal(await column('o.pin_channel', id), 'sms');
  assert.equal(refused(await handIn(c, id), 409, 'state_conflict').state, 'pending_review');

  const { serial } = await credit(c);
  await readStatement();
  const row = await rowOf(id);
  assert.equal(row.state, 'awaiting_confirmation');
  assert.equal(row.voucher_sha256.length, 64);
  const [line] = row.candidates;
  assert.deepEqual([line.amount_fen, line.free_fen, line.same_payer, line.memo], [26100, 26100, true, c.orderNo]);
  assert.deepEqual(await psql(`SELECT payer_account_sealed IS NOT NULL, encode(payer_account_sealed, 'escape') LIKE '%${c.form.bank_account.account_number}%' FROM bank_line WHERE serial = '${serial}'`), [['t', 'f']]);

  const confirmed = ok(await finance('POST', `/payments/${id}/confirmation`, { bank_line_id: line.bank_line_id }));
  assert.deepEqual([confirmed.state, confirmed.received_fen, confirmed.order_state], ['paid', 26100, 'pending_review']);
  assert.ok(confirmed.decided_by);
  assert.equal((await paymentOf(c, id)).state, 'paid');
  assert.match((await readSms(c.person.mobile, 'N10')).text, /261\.00元已核实到账/);
  assert.equal(refused(await finance('POST', `/payments/${id}/confirmation`, {}), 409, 'state_conflict').state, 'paid');
  const used = ok(await finance('GET', '/bank-lines?limit=100')).items.find((l) => l.bank_line_id === line.bank_line_id);
  assert.deepEqual([used.free_fen, used.orders[0].order_no], [0, c.orderNo]);
  assert.ok(!ok(await finance('GET', '/bank-lines?unmatched=true&limit=100')).items.some((l) => l.bank_line_id === line.bank_line_id));
});

test('confirmed before the statement shows it, the line is matched when it comes', async () => {
  const c = await inTransfer('pending_review');
  ok(await finance('POST', `/payments/${c.paymentId}/confirmation`));
  await credit(c);
  await readStatement();
  assert.equal(await column('(SELECT count(*) FROM bank_match m WHERE m.payment_id = y.id)', c.paymentId), '1');
});

test('another payer or another amount needs a word about it', async () => {
  const c = await inTransfer('awaiting_payment');
  const { payment_id: id } = await begin(c, 'bank_transfer');
  c.paymentId = id;
  await c.handInVoucher();
  await credit(c, { payer_name: '测试代付有限公司', amount_fen: 30000, memo: c.orderNo });
  await readStatement();
  const [line] = (await rowOf(id)).candidates;
  assert.deepEqual([line.same_payer, line.free_fen], [false, 30000]);
  const wish = { bank_line_id: line.bank_line_id };
  assert.deepEqual(pointers(refused(await finance('POST', `/payments/${id}/confirmation`, wish), 422, 'invalid')), ['/note']);
  assert.deepEqual(pointers(refused(await finance('POST', `/payments/${id}/confirmation`, { bank_line_id: '999999999' }), 422, 'invalid')), ['/bank_line_id']);
  assert.equal(ok(await finance('POST', `/payments/${id}/confirmation`, { ...wish, note: '母公司代付，多余款项另行退回' })).state, 'paid');
});

test('one line may cover several orders, and never more than it holds', async () => {
  const first = await inTransfer('pending_review');
  const rest = [await inTransfer('pending_review'), await inTransfer('pending_review')];
  await credit(first, { amount_fen: 52200, memo: `${first.orderNo} 两单` });
  await readStatement();
  const line = { bank_line_id: (await rowOf(first.paymentId)).candidates[0].bank_line_id, note: '一笔汇款付两单' };
  ok(await finance('POST', `/payments/${first.paymentId}/confirmation`, line));
  ok(await finance('POST', `/payments/${rest[0].paymentId}/confirmation`, line));
  assert.deepEqual(pointers(refused(await finance('POST', `/payments/${rest[1].paymentId}/confirmation`, line), 422, 'invalid')), ['/bank_line_id']);
  assert.equal((await rowOf(rest[1].paymentId)).state, 'awaiting_confirmation');
});

test('two confirmations at once confirm once', async () => {
  const c = await inTransfer('pending_review');
  const replies = await Promise.all([1, 2, 3].map(() => finance('POST', `/payments/${c.paymentId}/confirmation`, {})));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409, 409]);
});

test('a voucher that finance refuses sends the order back; then it is paid online (T21, T07c)', async () => {
  const c = await inTransfer('in_review');
  refused(await finance('POST', `/payments/${c.paymentId}/refusal`, {}), 422, 'invalid');
  const row = ok(await finance('POST', `/payments/${c.paymentId}/refusal`, { reason: 'transfer_not_found', note: '流水中没有' }));
  assert.deepEqual([row.state, row.order_state, row.reason, row.decision_note], ['refused', 'awaiting_payment', '未查到该笔汇款', '流水中没有']);
  const payment = await paymentOf(c, c.paymentId);
  assert.deepEqual([payment.state, payment.reason], ['refused', '未查到该笔汇款']);
  assert.match((await readSms(c.person.mobile, 'N11')).text, /未查到该笔汇款/);
  const [[lease, due, left]] = await psql(`SELECT lease_staff IS NULL, sla_due IS NULL, sla_left_s > 0 FROM orders WHERE order_no = '${c.orderNo}'`);
  assert.deepEqual([lease, due, left], ['t', 't', 't']);

  const online = await begin(c, 'wechat_pay');
  await payQr(await codeOf(c, online.payment_id));
  await c.reaches('pending_review');
  assert.equal(await column('o.pin_channel', online.payment_id), 'memo');
  assert.deepEqual((await psql(`SELECT e.move FROM audit_event e JOIN orders o ON o.id = e.order_id WHERE o.order_no = '${c.orderNo}' AND e.move LIKE 'T07%'`)).map(([m]) => m), ['T07c']);
});

test('after a refusal another voucher will do', async () => {
  const c = await inTransfer('pending_review');
  ok(await finance('POST', `/payments/${c.paymentId}/refusal`, { reason: '金额看不清楚' }));
  assert.equal((await paymentOf(c, c.paymentId)).reason, '金额看不清楚');
  assert.equal(ok(await handIn(c, c.paymentId, { transferred_on: today })).state, 'pending_review');
  assert.equal((await paymentOf(c, c.paymentId)).reason, null);
});

test('approved first, paid later: funds make the order accepted (T20b)', async () => {
  const c = await inTransfer('awaiting_funds');
  await c.confirmFunds();
  await c.reaches(['accepted', 'issuing', 'issued']);
  await readSms(c.person.mobile, 'N06');
});

test('approved, refused, and a new voucher: the verdict holds (T10b)', async () => {
  const c = await inTransfer('awaiting_funds');
  ok(await finance('POST', `/payments/${c.paymentId}/refusal`, { reason: 'transfer_amount' }));
  await c.reaches('awaiting_payment');
  const again = await begin(c, 'bank_transfer');
  assert.equal(ok(await handIn(c, again.payment_id)).state, 'awaiting_funds');
  assert.equal(ok(await handIn(c, again.payment_id, { bank_reference: 'NEW' })).payment.state, 'awaiting_confirmation');
});

test('approved, refused, paid online: bank verification begins at once (T09b)', async () => {
  const c = await inTransfer('awaiting_funds');
  ok(await finance('POST', `/payments/${c.paymentId}/refusal`, { reason: 'transfer_not_found' }));
  await payQr(await codeOf(c, (await begin(c, 'wechat_pay')).payment_id));
  await c.reaches(['bank_verification_pending', 'bank_verified', 'issuing', 'issued']);
});

test('a transfer is not taken while a code may be paid', async () => {
  const c = await inTransfer('awaiting_payment');
  const transfer = await begin(c, 'bank_transfer');
  const online = await begin(c, 'wechat_pay');
  await codeOf(c, online.payment_id);
  refused(await handIn(c, transfer.payment_id), 409, 'payment_pending');
  await becomes(c, online.payment_id, 'closed');
});

test('money for an order that was cancelled meanwhile goes back to its payer', async () => {
  const c = await inTransfer('pending_review');
  await c.cancel();
  assert.equal((await c.order()).state, 'cancelled');
  await credit(c);
  await readStatement();
  ok(await finance('POST', `/payments/${c.paymentId}/confirmation`, {}));
  await c.reaches('refunded', 20_000);
  await paidBack(c);
});

test('the finance desk is for finance', async () => {
  const c = await inTransfer('pending_review');
  refused(await finance('GET', '/payments', undefined, 'reviewer'), 403, 'forbidden');
  refused(await finance('POST', `/payments/${c.paymentId}/confirmation`, {}, 'reviewer'), 403, 'forbidden');
  refused(await finance('GET', '/payments?state=strange'), 422, 'invalid');
  refused(await finance('POST', '/payments/NOSUCH/confirmation', {}), 404, 'not_found');
  const waiting = ok(await finance('GET', '/payments?state=awaiting_confirmation&limit=1'));
  assert.equal(waiting.items.length, 1);
  assert.ok(waiting.items.every((row) => row.state === 'awaiting_confirmation'));
  await until('the whole list', async () => {
    const page = ok(await finance('GET', '/payments?limit=2'));
    return page.next_cursor && ok(await finance('GET', `/payments?limit=2&cursor=${page.next_cursor}`)).items.length > 0;
  });
});
