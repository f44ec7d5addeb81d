// One order in every state there is, all at the same time, and each stays where it is: the worker's
// clocks of these orders stand still until letGo().
import assert from 'node:assert/strict';
import { made, madeAll, madeTo } from './made.mjs';
import { behaviour, bringTo, idNumber, makeForm, newStaff, ok, personName, psql, staff, until } from './client.mjs';
import { finance } from './money.mjs';

const TRANSFER = { method: 'bank_transfer' };
const ONLINE = { method: 'wechat_pay' };
const LICENCE_UNCLEAR = { target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰' };
const A_YEAR = "interval '1 year'";

/** The only current value of a query about the order; `o` is its row. */
export const column = async (c, what) => (await psql(`SELECT ${what} FROM orders o WHERE o.order_no = '${c.orderNo}'`))[0][0];

const turn = async (on) => ok(await (await staff('production')).put('/api/admin/v1/issuance/switch', { on }));
const verdict = async (who, c, what, body) => {
  const { revision_sha256 } = ok(await who.post(`${c.adminPath}/claim`));
  return ok(await who.post(`${c.adminPath}/${what}`, body ?? { revision_sha256 }), what === 'denial' ? 202 : 200);
};

/** An order that was on its way to be paid by transfer and is a draft again. */
async function reopened() {
  const c = await bringTo('awaiting_payment', TRANSFER);
  await c.openPayment();
  ok(await c.client.post(`${c.path}/form/reopening`));
  return c;
}

/** Away from the form and back, by somebody else: the check of the phone is to be made anew. */
async function otherHandler() {
  const c = await reopened();
  await c.fill({ handler: { name: personName(), id_number: idNumber() } });
  await c.confirm();
  await c.upload('application_form');
  await c.confirmDocuments();
  return c;
}

// Each brings one order to its state by the pages; those who need a reviewer come later.
const BY_PAGES = {
  draft: async () => {
    const c = await otherHandler();
    ok(await c.client.post(`${c.path}/identity-check/manual-request`));
    ok(await c.client.post(`${c.path}/form/reopening`));
    return c;
  },
  awaiting_documents: async () => {
    const c = await reopened();
    await c.confirm();
    return c;
  },
  awaiting_identity: otherHandler,
  awaiting_payment: async () => {
    const c = await bringTo('awaiting_payment', TRANSFER);
    await c.openPayment();
    await c.upload('payment_voucher');
    return c;
  },
  expired: async () => {
    const c = await bringTo('awaiting_payment', TRANSFER);
    await c.openPayment();
    await psql(`UPDATE orders SET deadline_at = hall_now() WHERE order_no = '${c.orderNo}'`);
    await c.reaches('expired', 20_000);
    return c;
  },
  refunded: async () => {
    const c = await bringTo('pending_review', ONLINE);
    await c.cancel();
    await c.reaches('refunded', 20_000);
    return c;
  },
  refunding: async () => {
    await behaviour('alipay', 'error_500', { action: 'alipay.trade.refund' });
    const c = await bringTo('pending_review', { method: 'alipay' });
    await c.cancel();
    return c;
  },
};

const PERSON = { type: 'natural_person', ...TRANSFER };
const UNSEEN = { pending_review: TRANSFER, in_review: TRANSFER, returned: TRANSFER, awaiting_funds: TRANSFER, denied: TRANSFER, cancelled: TRANSFER,
  refund_failed: TRANSFER, pending_second_review: PERSON, in_second_review: PERSON };

async function beforeReview(at) {
  const cases = await madeAll(Object.values(UNSEEN).map((wish) => ({ ...wish, until: 'pending_review' })));
  Object.keys(UNSEEN).forEach((state, i) => { at[state] = cases[i]; });
  await at.cancelled.cancel();
  ok(await finance('POST', `/payments/${at.refund_failed.paymentId}/confirmation`, { note: '已核实' }));
  await at.refund_failed.cancel(); // nobody knows which account it came from
  await at.refund_failed.reaches('refund_failed', 20_000);
}

async function review(at) {
  const [first, second] = [await newStaff('reviewer'), await newStaff('reviewer')];
  await verdict(first, at.returned, 'rejection', { reasons: [LICENCE_UNCLEAR] });
  await at.awaiting_funds.approve();
  const why = { reason: '提交的资料不真实' };
  await verdict(first, at.denied, 'denial', why);
  ok(await (await staff('administrator')).post(`${at.denied.adminPath}/denial`, why));
  for (const c of [at.pending_second_review, at.in_second_review]) assert.equal((await verdict(first, c, 'approval')).state, 'pending_second_review');
  ok(await second.post(`${at.in_second_review.adminPath}/claim`));
  ok(await first.post(`${at.in_review.adminPath}/claim`));
}

// What begins with a certificate, or where one is due: order-maker makes these in no time.
const formWithTail = (tail) => {
  const form = makeForm();
  return { ...form, bank_account: { ...form.bank_account, account_number: form.bank_account.account_number.slice(0, -4) + tail } };
};
function formTooLong() {
  const name = `沈阳${'测'.repeat(70)}有限公司`;
  return makeForm('organisation', { organisation: { name }, bank_account: { account_name: name }, invoice: { title: name } });
}

async function withCertificate(at) {
  await turn(true);
  const failed = () => madeTo('issuance_failed', { form: formTooLong() });
  [at.issued, at.shipped, at.delivered, at.completed, at.delivery_exception, at.bank_verification_failed, at.issuance_failed, at.issuing] = await Promise.all([
    madeTo('issued', ONLINE), madeTo('issued'), madeTo('issued', ONLINE), madeTo('issued'), madeTo('issued', ONLINE),
    madeTo('bank_verification_failed', { ...ONLINE, form: formWithTail('0001') }), failed(), failed()]);
  for (const name of ['shipped', 'delivered', 'completed', 'delivery_exception']) await at[name].ship();
  ok(await (await staff('production')).post(`${at.delivery_exception.adminPath}/shipment/exception`, { reason: 'parcel_returned' }));
  for (const name of ['delivered', 'completed']) await at[name].deliver();
  await at.completed.complete();
  await turn(false);
  ok(await (await staff('production')).post(`${at.issuing.adminPath}/issuance/retry`, { cause: '已核对' }));
  at.accepted = await madeTo('accepted');
  at.bank_verified = await madeTo('bank_verified', ONLINE);
  await behaviour('bank', 'slow_settlement', { seconds: 600, times: 1 });
  at.bank_verification_pending = await made(ONLINE);
  await until('the bank to be slow', async () => (await at.bank_verification_pending.order()).bank_verification?.state === 'unknown', 20_000);
}

/** No job of these orders runs any more. */
async function holdStill(cases) {
  const nos = cases.map((c) => `'${c.orderNo}'`).join();
  const of = `order_id IN (SELECT id FROM orders WHERE order_no IN (${nos})) AND state = 'queued'`;
  await until('messages and the like to be out', async () => (await psql(`SELECT FROM job WHERE ${of} AND (lease_until > hall_now() OR due_at <= hall_now())`)).length === 0, 30_000);
  await psql(`UPDATE job SET due_at = due_at + ${A_YEAR} WHERE ${of} AND lease_until IS NULL`);
}

/** {state: Case}; no state is left out. */
export async function everywhere() {
  const at = {};
  const names = Object.keys(BY_PAGES);
  const lane = async () => {
    for (let name; (name = names.shift());) at[name] = await BY_PAGES[name]();
  };
  await Promise.all([lane(), lane(), lane()]);
  await beforeReview(at);
  await review(at);
  await withCertificate(at);
  await holdStill(Object.values(at));
  for (const [state, c] of Object.entries(at)) assert.equal((await c.order()).state, state);
  return at;
}

/** Everything goes on as it would have. */
export async function letGo() {
  await behaviour('all', 'normal');
  await psql(`UPDATE job SET due_at = due_at - ${A_YEAR} WHERE due_at > hall_now() + interval '300 days'; NOTIFY job`);
  await turn(true);
}
