// What a state does not allow: every call that changes an order is tried in every state in which
// the table of moves has no move for it. It is refused with the state, and nothing is written.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, before } from 'node:test';
import { clip, Client, frontOf, hallUrl, newStaff, ok, otherAccount, psql, staff, staffUrl, tokenSerial, trackingNo } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';
import { everywhere, letGo } from './lib/everywhere.mjs';
import { scan } from './lib/papers.mjs';

const REASONS = [{ target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '邮寄地址不完整' }];
const WAITS = ['awaiting_documents', 'returned'];
const ORDER = '/api/v1/orders/{order_no}';
const DESK = '/api/admin/v1/orders/{order_no}';
const MONEY = '/api/admin/v1/payments/{payment_id}';
const REFUND = '/api/admin/v1/refunds/{refund_id}';
const CHECK = '/api/v1/h5';

/* Money that came in and is not tied up in what is being made (domain/payment.c). */
const GIVES_BACK = ['draft', 'awaiting_documents', 'awaiting_identity', 'awaiting_payment', 'pending_review', 'in_review', 'pending_second_review',
  'in_second_review', 'returned', 'delivered', 'completed', 'cancelled', 'expired', 'denied', 'refunding', 'refund_failed', 'refunded'];

// call: method and path. moves: what the call does by the table of moves. also: states in which it
// changes an order that stays where it is, by the contract. if: what must hold besides, of an order
// in its state. action: what allowed_actions calls it. who: of the staff. body, options: of a good
// call. absent: the answer where the order has nothing that the call is about.
const CALLS = [
  { call: `PUT ${ORDER}/form`, moves: ['T02', 'T23'], action: 'edit_form', body: (c) => c.form, options: { ifMatch: '*' } },
  { call: `POST ${ORDER}/form/confirmation`, moves: ['T03'], action: 'confirm_form' },
  { call: `POST ${ORDER}/form/reopening`, moves: ['T04'], action: 'reopen_form' },
  { call: `GET ${ORDER}/application-form.pdf`, moves: [], also: WAITS, action: 'print_forms', reads: true },
  { call: `PUT ${ORDER}/documents/{kind}`, kind: 'seal_collection_form', moves: [], also: WAITS, action: 'upload_documents', raw: () => paper },
  { call: `PUT ${ORDER}/documents/{kind}`, kind: 'payment_voucher', moves: [], also: ['awaiting_payment', 'awaiting_funds'], raw: () => paper },
  { call: `PUT ${ORDER}/documents/{kind}`, kind: 'supplement', moves: [], also: [...WAITS, 'bank_verification_failed'], raw: () => paper },
  { call: `DELETE ${ORDER}/documents/{kind}`, kind: 'seal_collection_form', moves: [], also: WAITS },
  { call: `DELETE ${ORDER}/documents/{kind}`, kind: 'payment_voucher', moves: [], also: ['awaiting_payment', 'awaiting_funds'] },
  { call: `POST ${ORDER}/documents/confirmation`, moves: ['T05', 'T05b'], action: 'confirm_documents' },
  { call: `POST ${ORDER}/identity-checks`, moves: ['T06'], also: ['returned'], if: (c) => !c.identified, action: 'start_identity_check' },
  { call: `POST ${ORDER}/identity-check/manual-request`, moves: ['T06b'], also: ['returned'], if: (c) => !c.identified, action: 'request_manual_identity_check' },
  { call: `POST ${ORDER}/payments`, moves: ['T07', 'T07c'], action: 'pay', body: () => ({ method: 'wechat_pay' }) },
  { call: `POST ${ORDER}/payments`, moves: ['T10', 'T10b'], also: ['awaiting_funds'], body: () => ({ method: 'bank_transfer' }) },
  { call: `POST ${ORDER}/payments/{payment_id}/voucher`, moves: ['T10', 'T10b'], also: ['awaiting_funds'], action: 'submit_voucher',
    body: (c) => ({ payer_name: c.form.bank_account.account_name, amount_fen: 26100, transferred_on: '2026-11-20' }) },
  { call: `POST ${ORDER}/resubmission`, moves: ['T22', 'T22b'], action: 'resubmit' },
  { call: `POST ${ORDER}/cancellation`, moves: ['T24a', 'T24b', 'T24c', 'T24d'], action: 'cancel', body: () => ({ reason: '不再需要' }) },
  { call: `PUT ${ORDER}/bank-account`, moves: ['T31'], action: 'change_bank_account', body: (c) => otherAccount(c.form) },
  { call: `PUT ${ORDER}/delivery-address`, moves: ['T45'], action: 'confirm_address', body: (c) => c.form.delivery },
  { call: `POST ${ORDER}/delivery-confirmation`, moves: ['T47', 'T47b'], action: 'confirm_delivery', body: () => ({ received: true }) },
  { call: `POST ${ORDER}/delivery-confirmation`, moves: ['T47', 'T47b'], body: () => ({ received: false, reason: '没有收到' }) },
  { call: `PUT ${ORDER}/refund-account`, moves: ['T50'], action: 'name_refund_account', body: (c) => c.form.bank_account },
  // The phone: the check of an order that has gone on is over, and so is the phone's session.
  { call: `POST ${CHECK}/session`, moves: [], phone: true, json: (c) => ({ token: c.handset.token, face_consent: true }), over: { 410: 'link_expired' } },
  { call: `PUT ${CHECK}/id-card/{side}`, moves: [], phone: true, raw: () => card, over: { 401: 'unauthenticated', 409: 'state_conflict' } },
  { call: `POST ${CHECK}/liveness-challenges`, moves: [], phone: true, over: { 401: 'unauthenticated', 409: 'state_conflict' } },
  { call: `PUT ${CHECK}/liveness-challenges/{challenge_id}/video`, moves: [], phone: true, raw: () => video, type: 'video/mp4',
    over: { 401: 'unauthenticated', 404: 'not_found', 409: 'state_conflict' } },

  { call: `POST ${DESK}/claim`, moves: ['T11', 'T15'], who: 'reviewer' },
  { call: `DELETE ${DESK}/claim`, moves: ['T12', 'T16'], who: 'reviewer' },
  { call: `POST ${DESK}/approval`, moves: ['T14', 'T18a', 'T18b'], who: 'reviewer', body: (c) => ({ revision_sha256: c.content }) },
  { call: `POST ${DESK}/rejection`, moves: ['T13', 'T17'], who: 'reviewer', body: () => ({ reasons: REASONS }) },
  { call: `POST ${DESK}/denial`, moves: ['T19'], who: 'reviewer', body: () => ({ reason: '提交的资料不真实' }) },
  { call: `POST ${DESK}/identity-check/result`, moves: ['T06b'], also: ['returned'], if: (c) => c.manual, who: 'reviewer', body: () => ({ result: 'passed', note: '视频核验' }) },
  { call: `POST ${MONEY}/confirmation`, moves: ['T20', 'T20b', 'T51'], if: (c) => c.payment === 'awaiting_confirmation', who: 'finance', body: () => ({ note: '已核实' }) },
  { call: `POST ${MONEY}/refusal`, moves: ['T21', 'T21b'], also: ['cancelled', 'expired', 'denied'], if: (c) => c.payment === 'awaiting_confirmation', who: 'finance',
    body: () => ({ reason: 'transfer_not_found' }) },
  { call: `POST ${MONEY}/refunds`, moves: [], also: GIVES_BACK, if: (c) => c.payment === 'paid', who: 'finance', body: (c) => ({ amount_fen: c.received || 10, reason: '多收费用' }) },
  { call: `POST ${REFUND}/approval`, moves: ['T50'], if: (c) => c.refund === 'requested', who: 'finance' },
  { call: `POST ${REFUND}/withdrawal`, moves: ['T50'], if: (c) => c.refund === 'requested', who: 'finance' },
  { call: `POST ${REFUND}/resend`, moves: ['T50'], also: ['refunded'], if: (c) => c.refund === 'failed', who: 'finance', body: (c) => c.form.bank_account },
  { call: `POST /api/admin/v1/bank-verifications/{id}/result`, moves: ['T27', 'T28', 'T31b'], who: 'finance', body: () => ({ result: 'ok', note: '开户行证明' }) },
  { call: `POST ${DESK}/issuance/retry`, moves: ['T39'], who: 'production', body: () => ({ cause: '已核对' }) },
  { call: `POST ${DESK}/issuance/return`, moves: ['T40'], who: 'production', body: () => ({ reasons: REASONS }) },
  { call: `POST ${DESK}/issuance/refusal`, moves: ['T41'], who: 'production', body: () => ({ reason: '无法签发此类证书' }) },
  { call: `POST ${DESK}/certificate/revocation`, moves: [], also: ['issued', 'shipped', 'delivery_exception', 'delivered', 'completed'], who: 'production',
    body: () => ({ reason: 'key_compromise' }), over: { 404: 'not_found' } },
  { call: `POST ${DESK}/shipment`, moves: ['T42'], who: 'production', body: () => ({ carrier: 'sf', tracking_no: trackingNo(), token_serial: tokenSerial() }) },
  { call: `POST ${DESK}/shipment/exception`, moves: ['T44'], who: 'production', body: () => ({ reason: 'parcel_lost' }) },
  { call: `POST ${DESK}/shipment/resend`, moves: ['T45'], who: 'production' },
  { call: `POST ${DESK}/reissue`, moves: ['T46'], who: 'production', body: () => ({ reason: '寄递途中遗失' }) },
];
// Of these the state of an order says nothing: a look behind the mask, which is written down.
const ANY_STATE = [`POST ${DESK}/notes`, `POST ${DESK}/reveals`];
// Buttons that lead to no call of the API's own, or to one that reads.
const READS = {
  download_certificate: ['issued', 'shipped', 'delivery_exception', 'delivered', 'completed'],
  download_receipt: ['issued', 'shipped', 'delivery_exception', 'delivered', 'completed'],
  track_shipment: ['shipped', 'delivery_exception', 'delivered', 'completed'],
};

let at, froms, desk, paper, card, video;
const tried = new Set();

before(async () => {
  at = await everywhere();
  const moves = await psql('SELECT move, from_state FROM order_transition');
  froms = (ids) => moves.filter(([move]) => ids.includes(move)).map(([, from]) => from);
  desk = { reviewer: await newStaff('reviewer'), finance: await staff('finance'), production: await staff('production') };
  paper = await scan(['--licence', '沈阳测试科技有限公司', '91210102MA0000000X']);
  card = await frontOf({ name: '测试某某', id_number: '210102199001010010' });
  video = await clip();
});
after(letGo);

const may = (c, entry) => [...froms(entry.moves), ...(entry.also ?? [])].includes(c.state) && (entry.if?.(c) ?? true);

/** What the calls need to know of an order. */
async function learn(state, c) {
  const [[identified, manual, content, payment, paymentId, received, refund, refundId, attempt, phone]] = await psql(`
    SELECT EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'passed' AND i.subject_key = o.person_key),
      EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'manual_requested'),
      coalesce(encode(o.content_sha256, 'hex'), repeat('0', 64)), p.state, p.payment_id, p.received_fen, f.state, f.refund_id, b.id
    FROM orders o
    LEFT JOIN LATERAL (SELECT * FROM payment WHERE order_id = o.id ORDER BY id DESC LIMIT 1) p ON true
    LEFT JOIN LATERAL (SELECT * FROM refund WHERE order_id = o.id ORDER BY id DESC LIMIT 1) f ON true
    LEFT JOIN LATERAL (SELECT * FROM bank_verification WHERE order_id = o.id ORDER BY attempt DESC LIMIT 1) b ON true
    WHERE o.order_no = '${c.orderNo}'`);
  Object.assign(c, { state, identified: identified === 't', manual: manual === 't', content, payment, received: Number(received), refund,
    ids: { order_no: c.orderNo, payment_id: paymentId, refund_id: refundId, id: attempt, challenge_id: '1', side: 'front' } });
}

/** Everything that the house knows of an order, in one text. */
const TABLES = ['payment', 'refund', 'document', 'identity_check', 'review', 'bank_verification', 'pin', 'issuance', 'cert_intent', 'certificate', 'shipment', 'sms', 'job', 'invoice',
  'order_revision', 'proposal'];
const snapshot = async (c) => (await psql(`SELECT o::text, (SELECT count(*) FROM audit_event WHERE order_id = o.id)
  ${TABLES.map((table) => `, (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM ${table} t WHERE t.order_id = o.id)`).join('')}
  FROM orders o WHERE o.order_no = '${c.orderNo}'`)).join();

const pathOf = (c, entry) => entry.call.split(' ')[1].replaceAll(/\{(\w+)\}/g, (_, word) => entry[word] ?? c.ids[word]);
const lacks = (c, entry) => entry.call.match(/\{(payment_id|refund_id|id)\}/)?.slice(1).some((word) => !c.ids[word]) || (entry.phone && !c.handset);

function make(c, entry) {
  const client = entry.phone ? c.handset.client : entry.who ? desk[entry.who] : c.client;
  const [method] = entry.call.split(' ');
  if (entry.raw) return client.call(method, pathOf(c, entry), { body: entry.raw(), type: entry.type ?? 'image/jpeg' });
  const key = method === 'POST' && { key: randomUUID() };
  return client.call(method, pathOf(c, entry), { json: (entry.json ?? entry.body)?.(c), ...key, ...entry.options });
}

const over = (entry) => entry.over ?? { 409: 'state_conflict' };

function isRefused(c, entry, reply) {
  const what = `${entry.call} ${entry.kind ?? ''} in ${c.state}`;
  assert.ok(reply.status in over(entry) && reply.json.code === over(entry)[reply.status], `${what}: ${reply.status} ${reply.body.toString().slice(0, 300)}`);
  assert.equal(reply.type, 'application/problem+json', what);
  // The state that is in the way: of the order, or of the part of it that the call names.
  if (reply.status === 409) assert.ok([c.state, c.payment, c.refund, 'passed'].includes(reply.json.state), `${what}: ${reply.json.state}`);
}

const states = (await psql('SELECT code FROM order_state ORDER BY code')).flat();

for (const state of states)
  test(`${state}: what may not be done is refused, and what may be done is offered`, async () => {
    const c = at[state];
    await learn(state, c);
    const earlier = await snapshot(c);
    for (const entry of CALLS) {
      if (may(c, entry) || entry.reads || lacks(c, entry)) continue;
      isRefused(c, entry, await make(c, entry));
      tried.add(entry);
    }
    assert.equal(await snapshot(c), earlier, 'something was written');
    const offered = [...CALLS.filter((entry) => entry.action && may(c, entry)).map((entry) => entry.action),
      ...Object.keys(READS).filter((action) => READS[action].includes(state))];
    assert.deepEqual([...(await c.order()).allowed_actions].sort(), [...new Set(offered)].sort());
  });

test('every call was tried somewhere, and every route that changes an order is among them', async () => {
  assert.deepEqual(Object.keys(at).sort(), states);
  assert.deepEqual(CALLS.filter((entry) => !tried.has(entry) && !entry.reads).map((entry) => entry.call), []);
  const contracts = [await contractOf(hallUrl, '/api/v1'), await contractOf(staffUrl, '/api/admin/v1')];
  const changes = contracts.flatMap((contract) => contract.names()).filter((name) => !name.startsWith('GET ')
    && (/\{(order_no|payment_id|refund_id)\}/.test(name) || name.includes('/bank-verifications/') || name.includes(`${CHECK}/`)));
  const known = [...CALLS.filter((entry) => !entry.reads).map((entry) => entry.call), ...ANY_STATE];
  assert.deepEqual([...new Set(known)].sort(), changes.sort());
});
