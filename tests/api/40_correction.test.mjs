// 未通过 → 编辑: an order that was returned is corrected in place (T23) and handed in again (T22, T22b).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { applicant, bringTo, ELSEWHERE, makeForm, ok, organisationName, pointers, psql, readSms, refused, REGION, staff } from './lib/client.mjs';

const LICENCE = { target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰，请重新扫描' };
const FORM = { target: 'form', pointer: '/handler/name', code: 'person_name_differs', text: '姓名与身份证件不一致' };
const IDENTITY = { target: 'identity', code: 'identity_doubtful', text: '请重新进行在线认证' };

const resubmit = (c) => c.client.post(`${c.path}/resubmission`);
const of = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const types = async (c) => ok(await c.client.get(`${c.path}/events`)).items.map((i) => i.type);

/** An order that came back for these reasons. */
async function returned(reasons, options) {
  const c = await bringTo('pending_review', options);
  await c.sendBack(reasons);
  return c;
}

test('one document is replaced, and the order is in review again', async () => {
  const c = await returned([LICENCE]);
  const seen = await c.order();
  assert.equal(seen.state, 'returned');
  assert.deepEqual(seen.rejection.reasons.map((r) => [r.target, r.code]), [['documents/business_licence', 'licence_unclear']]);
  assert.ok(seen.allowed_actions.includes('resubmit') && !seen.allowed_actions.includes('start_identity_check'));
  assert.equal(seen.promised_at, null);
  assert.match((await readSms(c.person.mobile, 'N05')).text, /共1处需修改/);
  const problem = refused(await resubmit(c), 422, 'invalid');
  assert.deepEqual(pointers(problem), ['/documents/business_licence']);
  assert.match(problem.errors[0].detail, /审核要求/);
  await c.upload('business_licence');
  const order = ok(await resubmit(c));
  assert.deepEqual([order.state, order.rejection, order.form_revision], ['pending_review', null, seen.form_revision]);
  assert.ok(order.promised_at);
  assert.match((await readSms(c.person.mobile, 'N12')).text, new RegExp(`订单${c.orderNo}已重新提交，预计\\d{4}-\\d\\d-\\d\\d前`));
  assert.deepEqual((await types(c)).slice(-2), ['returned', 'resubmitted']);
  const moves = (await psql(`SELECT move FROM audit_event WHERE order_id = ${of(c)} AND move IS NOT NULL ORDER BY at, seq`)).flat();
  assert.deepEqual(moves.slice(-3), ['T13', 'T23', 'T22']);
  assert.equal(refused(await resubmit(c), 409, 'state_conflict').state, 'pending_review');
});

test('an approval of what stood there before no longer fits', async () => {
  const c = await bringTo('in_review');
  const { revision_sha256: old } = await c.look();
  await c.sendBack([LICENCE]);
  await c.upload('business_licence', { words: ['--rotate', '1'] });
  ok(await resubmit(c));
  await c.claim();
  const { revision_sha256: now, reviews } = await c.look();
  assert.notEqual(now, old);
  refused(await (await staff('reviewer')).post(`${c.adminPath}/approval`, { revision_sha256: old }), 412, 'stale');
  assert.equal(reviews.at(-1).verdict, 'returned');
  assert.match(await c.approve(), /bank_verification_pending|bank_verified|issuing/);
});

test('who sent it back sees it again first', async () => {
  const c = await returned([LICENCE]);
  const other = await bringTo('pending_review');
  await c.upload('business_licence');
  ok(await resubmit(c));
  const desk = await staff('reviewer');
  for (const held of ok(await desk.get('/api/admin/v1/orders?assigned=me')).items) ok(await desk.delete(`/api/admin/v1/orders/${held.order_no}/claim`), 204);
  const taken = ok(await desk.post('/api/admin/v1/reviews/next'));
  assert.notEqual(taken.order_no, other.orderNo);
  assert.ok(taken.returned_times > 0);
  ok(await desk.delete(`/api/admin/v1/orders/${taken.order_no}/claim`), 204);
});

test('another name in the form: everything that shows it is asked for, all at once', async () => {
  const c = await returned([FORM]);
  const name = organisationName();
  await c.upload('business_licence'); // before the edit: a licence does not know of our form
  await c.fill({ organisation: { name }, bank_account: { account_name: name }, handler: { name: '测试新甲' } });
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')),
    ['/documents/application_form', '/documents/seal_collection_form', '/identity_check']);
  const { form_revision: before, form, confirmed_form: old } = await c.order();
  assert.equal(form.handler.name, '测试新甲');
  assert.notEqual(old.organisation.name, name); // what was reviewed stands beside it
  assert.equal(old.organisation.uscc, c.form.organisation.uscc);
  await c.upload('application_form'); // printed from the correction, which is not confirmed yet
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/documents/seal_collection_form', '/identity_check']);
  await c.upload('seal_collection_form');
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/identity_check']);
  assert.ok((await c.order()).allowed_actions.includes('start_identity_check'));
  const told = (await readSms(c.person.mobile, /./).catch(() => null))?.at;
  await c.identify();
  assert.equal((await c.order()).state, 'returned');
  assert.equal((await readSms(c.person.mobile, /./).catch(() => null))?.at, told); // nobody is asked to pay again
  const order = ok(await resubmit(c));
  assert.deepEqual([order.state, order.form_revision, order.fees.total_fen], ['pending_review', before + 1, 26100]);
  const { revisions, changed } = await c.look();
  assert.deepEqual(changed, ['/organisation/name', '/handler/name', '/bank_account/account_name']);
  assert.deepEqual(revisions.map((r) => r.form.organisation.name), [name, revisions[1].form.organisation.name]);
  assert.notEqual(revisions[1].form.organisation.name, name);
  assert.equal(await c.approve().then((s) => /bank|issu/.test(s)), true);
});

test('a printed member that is put back needs no new paper', async () => {
  const c = await returned([LICENCE]);
  await c.upload('business_licence');
  const { department } = c.form.handler;
  await c.fill({ handler: { department: '另一部门' } });
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/documents/application_form']);
  await c.fill({ handler: { department } });
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
});

test('a form printed before the last edit is seen', async () => {
  const c = await returned([LICENCE]);
  await c.upload('business_licence');
  await c.fill({ handler: { title: '甲' } });
  await c.upload('application_form');
  await c.fill({ handler: { title: '乙' } });
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/documents/application_form']);
  await c.upload('application_form');
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
});

test('what is not printed needs nothing but the correction', async () => {
  const c = await returned([{ target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '地址不完整' }]);
  await c.fill({ delivery: { address: '测试路100号5楼' }, invoice: { email: 'other@example.com' } });
  const order = ok(await resubmit(c));
  assert.equal(order.state, 'pending_review');
  assert.equal(order.form.delivery.address, '测试路100号5楼');
});

test('a doubted identity is proved again, also by the same person', async () => {
  const c = await returned([IDENTITY]);
  assert.ok((await c.order()).allowed_actions.includes('start_identity_check'));
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/identity_check']);
  await c.identify();
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
});

test('a doubted identity can be looked at by staff as well', async () => {
  const c = await returned([IDENTITY]);
  ok(await c.client.post(`${c.path}/identity-check/manual-request`));
  const path = `${c.adminPath}/identity-check/result`;
  ok(await (await staff('reviewer')).post(path, { result: 'passed', note: '视频核验' }), 202);
  const done = ok(await (await staff('reviewer2')).post(path, { result: 'passed', note: '复核' }));
  assert.equal(done.state, 'returned');
  const order = ok(await resubmit(c));
  assert.equal(order.state, 'pending_review');
  assert.equal((await c.look()).second_review, true); // the project's policy for checks by hand
});

test('a parcel that costs more than was paid for is refused in clear words; a cheaper one changes nothing', async () => {
  const form = makeForm();
  form.delivery.region = ELSEWHERE; // 12 yuan
  const c = await returned([LICENCE], { form });
  await c.upload('business_licence');
  await c.fill({ delivery: { region: REGION } });
  const problem = refused(await resubmit(c), 422, 'invalid');
  assert.deepEqual(pointers(problem), ['/form/delivery/region']);
  assert.match(problem.errors[0].detail, /21\.00.*12\.00/);
  await c.fill({ delivery: { region: ELSEWHERE } });
  assert.equal(ok(await resubmit(c)).fees.courier_fen, 1200);
  const dear = await returned([LICENCE]);
  await dear.upload('business_licence');
  await dear.fill({ delivery: { region: ELSEWHERE } });
  assert.equal(ok(await resubmit(dear)).fees.total_fen, 26100);
});

test('an unfinished correction is named member by member, and cannot be printed', async () => {
  const c = await returned([LICENCE]);
  await c.order();
  const { mobile, ...rest } = c.form.handler;
  ok(await c.client.put(`${c.path}/form?draft=true`, { ...c.form, handler: rest }, { ifMatch: c.etag }));
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')),
    ['/documents/application_form', '/documents/business_licence', '/form/handler/mobile', '/identity_check']);
  assert.deepEqual(pointers(refused(await c.client.get(`${c.path}/application-form.pdf`), 422, 'invalid')), ['/handler/mobile']);
  assert.deepEqual(pointers(refused(await c.client.post(`${c.path}/identity-checks`), 422, 'invalid')), ['/form/handler/mobile']);
  assert.ok(mobile);
});

test('a required document that was removed is missing', async () => {
  const c = await returned([LICENCE]);
  await c.upload('business_licence');
  ok(await c.client.delete(`${c.path}/documents/seal_collection_form`), 204);
  const problem = refused(await resubmit(c), 422, 'invalid');
  assert.deepEqual(pointers(problem), ['/documents/seal_collection_form']);
  assert.match(problem.errors[0].detail, /请上传/);
});

test('a supplement that staff asked for has to be there', async () => {
  const c = await returned([{ target: 'documents/supplement', code: 'supplement_needed', text: '请上传更名通知' }]);
  assert.deepEqual(pointers(refused(await resubmit(c), 422, 'invalid')), ['/documents/supplement']);
  ok(await c.put('supplement', await c.paper('business_licence')));
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
});

test('without money it goes to the till (T22b), and from there to review', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  await c.sendBack([LICENCE]);
  ok(await (await staff('finance')).post(`/api/admin/v1/payments/${c.paymentId}/refusal`, { reason: 'transfer_not_found' }, { key: randomUUID() }));
  assert.equal((await c.order()).state, 'returned'); // T21b
  await c.upload('business_licence');
  const order = ok(await resubmit(c));
  assert.deepEqual([order.state, order.rejection], ['awaiting_payment', null]);
  assert.deepEqual((await types(c)).slice(-1), ['resubmitted']);
  c.method = 'wechat_pay';
  assert.equal((await c.pay()).state, 'pending_review');
});

test('a transfer that finance has not found yet stays the payment', async () => {
  const c = await bringTo('pending_review', { method: 'bank_transfer' });
  await c.sendBack([LICENCE]);
  await c.upload('business_licence');
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
});

test('another bank account ends what the bank had proved, with its PIN', async () => {
  const c = await returned([{ target: 'form', pointer: '/bank_account/account_number', code: 'account_number_wrong', text: '账号有误' }]);
  await psql(`INSERT INTO pin (order_id, channel, state, sealed) VALUES (${of(c)}, 'memo', 'sent', '\\x00')`);
  await psql(`INSERT INTO bank_verification (order_id, attempt, reference, state, account_sealed, account_tail, finished_at)
    VALUES (${of(c)}, 1, 'T${c.orderNo}', 'ok', '\\x00', '0000', hall_now())`);
  await c.fill({ bank_account: { account_number: '1234567890123456' } });
  await c.upload('application_form');
  assert.equal(ok(await resubmit(c)).state, 'pending_review');
  assert.deepEqual(await psql(`SELECT is_void FROM bank_verification WHERE order_id = ${of(c)}`), [['t']]);
  assert.deepEqual(await psql(`SELECT state FROM pin WHERE order_id = ${of(c)}`), [['burned']]);
});

test('the same account keeps it', async () => {
  const c = await returned([LICENCE]);
  await psql(`INSERT INTO pin (order_id, channel, state, sealed) VALUES (${of(c)}, 'memo', 'sent', '\\x00')`);
  await psql(`INSERT INTO bank_verification (order_id, attempt, reference, state, account_sealed, account_tail, finished_at)
    VALUES (${of(c)}, 1, 'T${c.orderNo}', 'ok', '\\x00', '0000', hall_now())`);
  await c.upload('business_licence');
  await c.fill({ delivery: { recipient: '测试收件' } });
  ok(await resubmit(c));
  assert.deepEqual(await psql(`SELECT is_void FROM bank_verification WHERE order_id = ${of(c)}`), [['f']]);
  assert.deepEqual(await psql(`SELECT state FROM pin WHERE order_id = ${of(c)}`), [['sent']]);
});

test('returned twice: two reviewers from then on', async () => {
  const c = await returned([LICENCE]);
  await c.upload('business_licence');
  ok(await resubmit(c));
  await c.sendBack([LICENCE]);
  assert.equal((await c.order()).state, 'returned');
  await c.upload('business_licence');
  ok(await resubmit(c));
  assert.equal((await c.look()).second_review, true);
  assert.match(await c.approve(), /bank|issu/);
});

test('only its owner, and only while it is returned', async () => {
  const c = await bringTo('awaiting_documents');
  assert.equal(refused(await resubmit(c), 409, 'state_conflict').state, 'awaiting_documents');
  const stranger = await applicant();
  refused(await stranger.post(`${c.path}/resubmission`), 404, 'not_found');
  refused(await c.client.twin().call('POST', `${c.path}/resubmission`, { headers: { origin: 'https://elsewhere.example' } }), 403, 'cross_site');
});

test('a unit that has another open order cannot be taken over by a correction', async () => {
  const first = await bringTo('awaiting_documents');
  const c = await returned([FORM]);
  const { name, uscc } = first.form.organisation;
  await c.fill({ organisation: { name, uscc }, bank_account: { account_name: name }, invoice: { title: name, tax_number: uscc } });
  for (const kind of c.kinds) await c.upload(kind);
  refused(await resubmit(c), 409, 'duplicate_order');
  assert.equal((await c.order()).state, 'returned');
});
