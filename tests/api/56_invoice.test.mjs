// Electronic invoices: issued with the certificate, corrected by finance, taken back before money is.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test, { afterEach } from 'node:test';
import { applicant, behaviour, bringTo, dir, makeForm, ok, pointers, psql, refused, sandbox, until } from './lib/client.mjs';
import { made, madeTo } from './lib/made.mjs';
import { finance, hurry, paidBack } from './lib/money.mjs';

afterEach(() => behaviour('nuonuo', 'normal'));

const ISSUED = ['issued', 'shipped'];
const shown = (c) => c.client.get(`${c.path}/invoice`);
const becomes = (c, state, ms = 20_000) => until(`the invoice of ${c.orderNo} to be ${state}`, async () => {
  const reply = await shown(c);
  return reply.status === 200 && reply.json.state === state && reply.json;
}, ms);
const theirs = async (c) => (await sandbox('GET', '/invoices')).items.filter((i) => i.order_no.startsWith(c.orderNo));
const retry = (id, corrected) => finance('POST', `/invoices/${id}/retry`, corrected);
const record = (id, number) => finance('POST', `/invoices/${id}/record`, { number });
/** An order whose invoice was asked for while the provider was in this mode. */
async function issuedIn(mode, more = { times: 1, action: 'requestBillingNew' }) {
  const c = await made();
  await behaviour('nuonuo', mode, more);
  await c.reaches(ISSUED, 30_000);
  return c;
}

test('with the certificate comes the invoice, and its file', async () => {
  const c = await made();
  refused(await (await applicant()).get(`${c.path}/invoice`), 404, 'not_found');
  await c.reaches(ISSUED, 30_000);
  const invoice = await becomes(c, 'sent');
  const total = (await c.order()).fees.total_fen;
  assert.deepEqual([invoice.amount_fen, invoice.excluded_fen + invoice.tax_fen, invoice.kind, invoice.title, invoice.has_file, invoice.fault],
    [total, total, 'ordinary', c.form.invoice.title, true, null]);
  assert.equal(invoice.excluded_fen, Math.round(total / 1.06));
  assert.match(invoice.number, /^\d{20}$/);
  assert.equal(invoice.state_label, '已开具');
  assert.equal((await c.client.get(`${c.path}/invoice`, { lang: 'en' })).json.state_label, 'Issued');
  const file = await c.client.get(`${c.path}/invoice.pdf`);
  ok(file);
  assert.equal(file.headers['content-type'], 'application/pdf');
  assert.ok(file.body.subarray(0, 5).equals(Buffer.from('%PDF-')));
  assert.equal((await c.client.get(`${c.path}/invoice.pdf`, { etag: file.headers.etag })).status, 304);
  refused(await (await applicant()).get(`${c.path}/invoice.pdf`), 404, 'not_found');
  assert.deepEqual((await theirs(c)).map((i) => [i.order_no, i.title, i.natural_person, i.push_mode]),
    [[`${c.orderNo}F01`, c.form.invoice.title, false, '0']]);
  const [[sealed]] = await psql(`SELECT encode(buyer_sealed, 'escape') FROM invoice WHERE number = '${c.orderNo}F01'`);
  assert.ok(!sealed.includes('invoice@example.com'), 'who gets it is sealed');
});

test('nobody gets one who wants none; a person gets an ordinary one without tax number', async () => {
  const none = await madeTo(ISSUED, { type: 'natural_person' });
  refused(await shown(none), 404, 'not_found');
  refused(await none.client.get(`${none.path}/invoice.pdf`), 404, 'not_found');
  const form = makeForm('natural_person');
  form.invoice = { wanted: true, kind: 'ordinary', title: form.applicant.name, mobile: form.applicant.mobile };
  const c = await madeTo(ISSUED, { type: 'natural_person', form });
  await becomes(c, 'sent');
  assert.deepEqual((await theirs(c)).map((i) => [i.kind, i.natural_person, i.push_mode]), [['ordinary', true, '1']]);
});

test('an answer that is lost, a number that is not known yet, a seal that fails: one invoice', async () => {
  for (const mode of ['commit_then_close', 'seal_failed']) {
    const c = await issuedIn(mode);
    await becomes(c, 'sent');
    assert.equal((await theirs(c)).length, 1, mode);
  }
  const late = await issuedIn('not_stored_yet', { times: 1, action: 'queryInvoiceResult' });
  await becomes(late, 'sent');
});

test('a file that is not there yet, or none, is fetched again', async () => {
  const c = await made();
  await behaviour('nuonuo', 'not_a_pdf', { action: 'file' });
  await c.reaches(ISSUED, 30_000);
  const waiting = await until('the file to be refused', async () => {
    const reply = await shown(c);
    return reply.json.state === 'issued' && reply.json.fault && reply.json;
  });
  assert.match(waiting.number, /^\d{20}$/);
  refused(await c.client.get(`${c.path}/invoice.pdf`), 404, 'not_found');
  await behaviour('nuonuo', 'strange_host', { action: 'queryInvoiceResult', times: 1 });
  await hurry(`invoice/${c.orderNo}F01`);
  assert.match((await shown(c)).json.fault, /HOST/);
  await behaviour('nuonuo', 'normal');
  await hurry(`invoice/${c.orderNo}F01`);
  assert.equal((await becomes(c, 'sent')).number, waiting.number);
});

test('finance corrects what the tax platform refused; the next attempt has the next number', async () => {
  const c = await issuedIn('issue_failed');
  const failed = await becomes(c, 'failed');
  assert.match(failed.fault, /开票失败/);
  refused(await finance('GET', '/invoices?state=failed', undefined, 'reviewer'), 403, 'forbidden');
  assert.deepEqual(pointers(refused(await finance('GET', '/invoices?state=lost'), 422, 'invalid')), ['?state']);
  const { items } = ok(await finance('GET', '/invoices?state=failed&open=true&limit=100'));
  const row = items.find((i) => i.order_no === c.orderNo);
  assert.deepEqual([row.invoice_id, row.own_number, row.fault], [failed.invoice_id, `${c.orderNo}F01`, failed.fault]);
  assert.deepEqual(pointers(refused(await retry(row.invoice_id, { tax_number: '91210102MA0ABCD1XA', email: 'nobody' }), 422, 'invalid')),
    ['/email', '/tax_number']);
  refused(await retry('NOBODY'), 404, 'not_found');
  const again = ok(await retry(row.invoice_id, { title: '另一名称有限公司' }));
  assert.deepEqual([again.own_number, again.state, again.title], [`${c.orderNo}F02`, 'waiting', '另一名称有限公司']);
  await becomes(c, 'sent');
  assert.deepEqual((await theirs(c)).map((i) => [i.order_no.slice(17), i.status, i.title]),
    [['F01', 22, c.form.invoice.title], ['F02', 2, '另一名称有限公司']]);
  refused(await retry(row.invoice_id), 409, 'state_conflict');
});

test('made elsewhere, it is written down; what is issued stays', async () => {
  const c = await issuedIn('refused');
  const failed = await becomes(c, 'failed');
  assert.match(failed.fault, /税号不一致/);
  assert.deepEqual(pointers(refused(await record(failed.invoice_id, '12345678901234567890x'.slice(1)), 422, 'invalid')), ['/number']);
  ok(await record(failed.invoice_id, '26442000000000000001'));
  const done = await becomes(c, 'sent');
  assert.deepEqual([done.number, done.has_file], ['26442000000000000001', false]);
  refused(await record(failed.invoice_id, '26442000000000000002'), 409, 'state_conflict');
});

/** Two people give back a part. */
async function giveBack(c, amount_fen) {
  const id = (await c.order()).payment.payment_id;
  const wish = ok(await finance('POST', `/payments/${id}/refunds`, { amount_fen, reason: '多收费用' }), 201);
  ok(await finance('POST', `/refunds/${wish.refund_id}/approval`, undefined, 'finance2'));
  return wish.refund_id;
}

test('before a part goes back the invoice is taken back; what is kept gets a new one', async () => {
  const c = await bringTo('issued');
  const blue = await becomes(c, 'sent');
  await behaviour('nuonuo', 'red_failed', { times: 1 });
  const refund = await giveBack(c, 1000);
  const stuck = await becomes(c, 'red_failed');
  assert.match(stuck.fault, /红票开具失败/);
  assert.deepEqual((await psql(`SELECT state FROM refund WHERE refund_id = '${refund}'`))[0], ['created'], 'the money waits');
  await behaviour('nuonuo', 'waits_for_buyer', { times: 1 });
  ok(await retry(stuck.invoice_id));
  await paidBack(c);
  const rest = await becomes(c, 'sent');
  assert.equal(rest.amount_fen, blue.amount_fen - 1000);
  assert.notEqual(rest.number, blue.number);
  const all = await theirs(c);
  assert.deepEqual(all.map((i) => [i.order_no.slice(17), i.status, i.excluded_fen + i.tax_fen]),
    [['F01', 2, blue.amount_fen], ['H01', 22, -blue.amount_fen], ['H02', 2, -blue.amount_fen], ['F02', 2, blue.amount_fen - 1000]]);
  const rows = await psql(`SELECT i.attempt, i.state FROM invoice i JOIN orders o ON o.id = i.order_id WHERE o.order_no = '${c.orderNo}' ORDER BY 1`);
  assert.deepEqual(rows, [['1', 'red'], ['2', 'sent']]);

  // Taken back elsewhere, it lets the money go, too.
  await behaviour('nuonuo', 'buyer_refuses', { times: 1 });
  await giveBack(c, 500);
  ok(await record((await becomes(c, 'red_failed')).invoice_id, '26442000000000000003'));
  await paidBack(c, 2);
  assert.equal((await becomes(c, 'sent')).amount_fen, blue.amount_fen - 1500);
});

/** The worker with other settings: it is told to end, and its keeper starts it again. */
async function workerWith(settings) {
  const pid = () => readFileSync(`${dir}/pids/worker`, 'utf8').split(' ')[0];
  const before = pid();
  writeFileSync(`${dir}/conf/worker.conf`, settings);
  process.kill(Number(before), 'SIGTERM');
  await until('another worker', () => { try { return pid() !== before; } catch { return false; } }, 20_000);
}

test('where there is no provider, finance makes it by hand; once there is one, it may take over', async () => {
  const settings = readFileSync(`${dir}/conf/worker.conf`, 'utf8');
  await workerWith(settings.replace(/^invoice_base_url = .*$/m, 'invoice_base_url ='));
  let cases;
  try {
    cases = [await madeTo(ISSUED), await madeTo(ISSUED)];
    for (const c of cases) {
      const waiting = await becomes(c, 'by_hand');
      assert.deepEqual([waiting.state_label, waiting.number, waiting.has_file], ['待财务开具', null, false]);
    }
    const { items } = ok(await finance('GET', '/invoices?open=true&limit=100'));
    assert.ok(cases.every((c) => items.some((i) => i.order_no === c.orderNo && i.state === 'by_hand')));
    ok(await record((await shown(cases[0])).json.invoice_id, '26442000000000000004'));
    assert.equal((await shown(cases[0])).json.number, '26442000000000000004');
  } finally {
    await workerWith(settings);
  }
  assert.deepEqual(await theirs(cases[1]), []);
  ok(await retry((await shown(cases[1])).json.invoice_id));
  await becomes(cases[1], 'sent');
});
