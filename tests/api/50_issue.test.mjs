// From the favourable verdict to the certificate, its PIN, its receipt, and its end.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { applicant, bringTo, ctl, hallNow, hallUrl, makeForm, messages, ok, pointers, psql, readSms, refused, request, staff, until } from './lib/client.mjs';
import { chainHolds, containerRefuses, keyFits, made, madeMany, madeTo, openContainer, openssl, pems, pinOfMemo, pinOfSms, put, receiptHolds } from './lib/made.mjs';

const ISSUANCE = '/api/admin/v1/issuance';
const desk = async (who, method, path, json) => (await staff(who)).call(method, path, { json });
const turn = (on, who = 'production') => desk(who, 'PUT', `${ISSUANCE}/switch`, { on });
const rowOf = async (c, state) => ok(await desk('production', 'GET', `${ISSUANCE}?state=${state}&limit=100`)).items.find((row) => row.order_no === c.orderNo);
const column = async (sql) => (await psql(sql))[0]?.[0];
const ofOrder = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const file = async (path) => (await request(`${hallUrl}${path}`)).body;
const moves = async (c) => (await psql(`SELECT move FROM audit_event WHERE order_id = ${ofOrder(c)} AND move IS NOT NULL ORDER BY at, seq`)).map(([move]) => move);

before(() => turn(true).then(ok));
after(() => turn(true));

async function takesAll(c, algorithm, pin) {
  const pem = await c.client.get(`${c.path}/certificate`);
  ok(pem);
  assert.equal(pem.type, 'application/x-pem-file');
  const chain = pem.body.toString();
  const leaf = await chainHolds(chain, algorithm);
  const { certificate } = await c.order();
  assert.equal((await openssl('x509', '-in', leaf, '-noout', '-serial')).trim().toLowerCase(), `serial=${certificate.serial}`);
  const p12 = await c.client.get(`${c.path}/certificate.p12`);
  ok(p12);
  assert.equal(p12.type, 'application/x-pkcs12');
  const opened = await openContainer(p12.body, pin);
  assert.equal(opened.certificate.replace(/\s/g, ''), pems(chain)[0].replace(/\s/g, ''));
  assert.ok(await keyFits(opened), 'the key is the certificate\'s');
  assert.ok(await containerRefuses(p12.body, 'ABCDEFGHJKMN'), 'another PIN opens nothing');
  const receipt = ok(await c.client.get(`${c.path}/receipt`));
  const said = await receiptHolds(receipt, (await file('/pki/audit.pem')).toString());
  assert.equal(said.order_no, c.orderNo);
  assert.equal(said.serial, certificate.serial);
  assert.match(receipt.how, /openssl pkeyutl -verify/);
  const sha256 = (await openssl('x509', '-in', leaf, '-noout', '-fingerprint', '-sha256')).split('=')[1].replaceAll(':', '').trim().toLowerCase();
  assert.equal(said.certificate_sha256, sha256);
  return leaf;
}

test('an online payer: the PIN comes with 0.01 yuan, everything else from the page (T18 to T35)', async () => {
  const c = await bringTo('issued', { method: 'wechat_pay' });
  const leaf = await takesAll(c, 'sm2', await pinOfMemo(c.form.bank_account.account_number));
  const subject = await openssl('x509', '-in', leaf, '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus_space');
  assert.match(subject, new RegExp(`C ?= ?CN, ST ?= ?辽宁省, L ?= ?沈阳市, O ?= ?${c.form.organisation.name}, OU ?= ?辽宁政府采购, CN ?= ?${c.form.organisation.name}`));
  assert.match((await readSms(c.person.mobile, 'N07')).text, new RegExp(`尾号${c.form.bank_account.account_number.slice(-4)}`));
  await readSms(c.person.mobile, 'N16');
  assert.match((await readSms(c.person.mobile, 'N20')).text, new RegExp(c.orderNo));
  assert.equal((await messages(c.person.mobile)).filter((m) => m.template.endsWith('N19')).length, 0, 'no PIN by SMS');
  assert.deepEqual((await c.order()).allowed_actions, ['download_certificate', 'download_receipt']);
});

test('a payer by transfer: a natural person\'s certificate, the PIN by SMS', async () => {
  const c = await madeTo('issued', { type: 'natural_person' });
  const leaf = await takesAll(c, 'p256', await pinOfSms(c.form));
  const subject = await openssl('x509', '-in', leaf, '-noout', '-subject', '-nameopt', 'utf8');
  assert.match(subject, new RegExp(`CN ?= ?${c.form.applicant.name}`));
  const text = await openssl('x509', '-in', leaf, '-noout', '-text', '-nameopt', 'utf8');
  assert.ok(!text.includes(c.form.applicant.id_number), 'the ID number is not in the certificate');
  assert.deepEqual(await psql(`SELECT state FROM pin WHERE order_id = ${ofOrder(c)}`), [['sent']]);
  assert.equal(await column(`SELECT count(*) FROM sms WHERE order_id = ${ofOrder(c)} AND text_masked LIKE '%PIN码：******%'`), '1', 'the PIN is masked in what is kept');
});

test('two people have two pseudonyms', async () => {
  const [first, other] = await Promise.all([madeTo('issued', { type: 'natural_person' }), madeTo('issued', { type: 'natural_person' })]);
  const numberOf = async (c) => /serialNumber ?= ?([0-9a-f]{32})/.exec(await openssl('x509', '-in', put((await c.client.get(`${c.path}/certificate`)).body), '-noout', '-subject'))[1];
  assert.notEqual(await numberOf(first), await numberOf(other));
});

test('one certificate an order: events, intent, and no key left', async () => {
  const c = await madeTo('issued');
  assert.deepEqual((await moves(c)).slice(-3), ['T32', 'T34', 'T35']);
  assert.deepEqual(await psql(`SELECT count(*), count(cert_der), count(key_sealed), count(container_sealed) FROM cert_intent WHERE order_id = ${ofOrder(c)}`), [['1', '1', '0', '1']]);
  const types = ok(await c.client.get(`${c.path}/events`)).items.map((e) => e.type);
  assert.ok(types.includes('issued') && !types.includes('certificate_prepared'));
});

test('strangers see nothing of it', async () => {
  const c = await madeTo('issued');
  const other = await applicant();
  for (const what of ['certificate', 'certificate.p12', 'receipt']) refused(await other.get(`${c.path}/${what}`), 404, 'not_found');
  const early = await bringTo('draft', { client: other });
  for (const what of ['certificate', 'certificate.p12', 'receipt']) refused(await other.get(`${early.path}/${what}`), 404, 'not_found');
});

test('who takes the container stands in the trail', async () => {
  const c = await madeTo('issued');
  ok(await c.client.get(`${c.path}/certificate.p12`));
  assert.equal(await column(`SELECT count(*) FROM audit_event WHERE order_id = ${ofOrder(c)} AND action = 'container_taken' AND actor_role = 'applicant'`), '1');
});

test('the switch stops issuance and starts it again', async () => {
  refused(await turn(false, 'reviewer'), 403, 'forbidden');
  const off = ok(await desk('production', 'PUT', `${ISSUANCE}/switch`, { on: false, reason: '签名机维护' }));
  assert.deepEqual([off.on, off.reason], [false, '签名机维护']);
  assert.ok(off.changed_by && Math.abs(Date.parse(off.changed_at) - hallNow()) < 60_000);
  assert.deepEqual(pointers(refused(await desk('production', 'PUT', `${ISSUANCE}/switch`, { reason: '长'.repeat(201) }), 422, 'invalid')), ['/on', '/reason']);
  const c = await made();
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal((await c.order()).state, 'accepted');
  const told = ok(await desk('auditor', 'GET', ISSUANCE));
  assert.deepEqual([told.on, told.turned.on, told.turned.reason], [false, false, '签名机维护']);
  ok(await turn(true, 'administrator'));
  await c.reaches('issued', 20_000);
});

/** An order whose gate is shut when issuance comes to it. */
async function spoiled(sql, wish) {
  ok(await turn(false));
  const c = await made(wish);
  await psql(sql(ofOrder(c)));
  ok(await turn(true));
  await c.reaches('issuance_failed', 20_000);
  return c;
}

const GATES = {
  not_paid: (id) => `UPDATE payment SET received_fen = received_fen - 1 WHERE order_id = ${id}`,
  not_reviewed: (id) => `UPDATE review SET is_void = true WHERE order_id = ${id}`,
  content_changed: (id) => `UPDATE document SET sha256 = repeat('0', 64) WHERE order_id = ${id} AND kind = 'application_form'`,
  identity_missing: (id) => `UPDATE identity_check SET state = 'failed' WHERE order_id = ${id}; UPDATE review r SET content_sha256 = s FROM (SELECT review_passed_sha256 s FROM orders WHERE id = ${id}) x WHERE order_id = ${id}`,
};
for (const [code, sql] of Object.entries(GATES))
  test(`the gate is read anew: ${code}`, async () => {
    const c = await spoiled(sql);
    const row = await rowOf(c, 'failed');
    assert.ok(row, 'production sees it');
    // Without its identity check the content is another one too: either word is right.
    assert.ok([code, ...(code === 'identity_missing' ? ['content_changed'] : [])].includes(row.failure), row.failure);
    assert.ok(row.failure_text);
    assert.deepEqual(await psql(`SELECT count(*) FROM certificate WHERE order_id = ${ofOrder(c)}`), [['0']]);
    assert.deepEqual((await moves(c)).slice(-2), ['T32', 'T38']);
  });

test('two people must have looked where the policy asks', async () => {
  const c = await spoiled((id) => `UPDATE orders SET second_review = true WHERE id = ${id}; DELETE FROM review WHERE order_id = ${id} AND stage = 2`);
  assert.equal((await rowOf(c, 'failed')).failure, 'second_review_missing');
});

test('production sees to the cause and tries again (T39)', async () => {
  const c = await spoiled((id) => `UPDATE payment SET received_fen = received_fen - 1 WHERE order_id = ${id}`);
  refused(await desk('reviewer', 'POST', `${c.adminPath}/issuance/retry`, { cause: '不是我的事' }), 403, 'forbidden');
  await psql(`UPDATE payment SET received_fen = received_fen + 1 WHERE order_id = ${ofOrder(c)}`);
  ok(await desk('production', 'POST', `${c.adminPath}/issuance/retry`, { cause: '款项已核实' }));
  await c.reaches('issued', 20_000);
  refused(await desk('production', 'POST', `${c.adminPath}/issuance/retry`), 409, 'state_conflict');
});

test('what does not fit into a certificate goes back to the applicant (T38, T40)', async () => {
  const name = `沈阳${'测'.repeat(70)}有限公司`;
  const form = makeForm('organisation', { organisation: { name }, bank_account: { account_name: name }, invoice: { title: name } });
  const c = await madeTo('issuance_failed', { form });
  const row = await rowOf(c, 'failed');
  assert.equal(row.failure, 'certificate_lint');
  const reasons = [{ target: 'form', pointer: '/organisation/name', code: 'organisation_name_differs', text: '单位名称过长，请填写证照上的名称' }];
  refused(await desk('production', 'POST', `${c.adminPath}/issuance/return`, { reasons: [] }), 422, 'invalid');
  assert.deepEqual(pointers(refused(await desk('production', 'POST', `${c.adminPath}/issuance/return`, { reasons: [{ ...reasons[0], target: 'nowhere' }] }), 422, 'invalid')), ['/reasons/0/target']);
  ok(await desk('production', 'POST', `${c.adminPath}/issuance/return`, { reasons }));
  const order = await c.order();
  assert.equal(order.state, 'returned');
  assert.deepEqual(order.rejection.reasons.map((r) => r.pointer), ['/organisation/name']);
  assert.match((await readSms(c.person.mobile, 'N05')).text, /单位名称过长/);
});

test('what cannot be made at all is refused by two people, and the money goes back (T41)', async () => {
  const c = await spoiled((id) => `UPDATE review SET is_void = true WHERE order_id = ${id}`, { method: 'bank_transfer' });
  const refuse = (who, reason = '无法签发此类证书') => desk(who, 'POST', `${c.adminPath}/issuance/refusal`, { reason });
  ok(await refuse('production'), 202);
  assert.equal((await rowOf(c, 'failed')).refusal_reason, '无法签发此类证书');
  refused(await refuse('production'), 409, 'second_person_required');
  ok(await refuse('production2', '另一个原因'), 202); // another reason is another request
  assert.equal((await c.order()).state, 'issuance_failed');
  ok(await refuse('production', '另一个原因'));
  await c.reaches(['refunding', 'refund_failed']); // a transfer goes back where its owner says
  assert.match((await readSms(c.person.mobile, 'N14')).text, /261\.00/);
  assert.deepEqual(await psql(`SELECT count(*) FROM pin WHERE order_id = ${ofOrder(c)} AND state IN ('made', 'sent')`), [['0']]);
});

test('two people revoke, and the next list says so', async () => {
  const c = await madeTo('issued');
  const path = `${c.adminPath}/certificate/revocation`;
  const { serial, algorithm } = (await c.order()).certificate;
  assert.deepEqual(pointers(refused(await desk('production', 'POST', path, { reason: 'because' }), 422, 'invalid')), ['/reason']);
  ok(await desk('production', 'POST', path, { reason: 'key_compromise' }), 202);
  assert.equal(ok(await desk('auditor', 'GET', `${c.adminPath}/certificate`)).proposed_reason, 'key_compromise');
  refused(await desk('production', 'POST', path, { reason: 'key_compromise' }), 409, 'second_person_required');
  const listed = async (status) => ok(await desk('auditor', 'GET', `/api/admin/v1/certificates?status=${status}&limit=100`)).items.find((row) => row.order_no === c.orderNo)?.certificate;
  assert.deepEqual([(await listed('asked')).proposed_reason, (await listed('good')).serial, await listed('revoked')], ['key_compromise', serial, undefined]);
  assert.deepEqual(pointers(refused(await desk('auditor', 'GET', '/api/admin/v1/certificates?status=stolen'), 422, 'invalid')), ['?status']);
  const view = ok(await desk('administrator', 'POST', path, { reason: 'key_compromise' }));
  assert.equal(view.status, 'revoked');
  assert.deepEqual([await listed('asked'), (await listed('revoked')).revocation_reason], [undefined, 'key_compromise']);
  assert.equal((await c.order()).certificate.status, 'revoked');
  for (const what of ['certificate', 'certificate.p12', 'receipt']) refused(await c.client.get(`${c.path}/${what}`), 404, 'not_found');
  refused(await desk('production', 'POST', path, { reason: 'key_compromise' }), 404, 'not_found');
  await until('the list to name it', async () => {
    const text = await openssl('crl', '-inform', 'DER', '-in', put(await file(`/pki/${algorithm}-issuing.crl`), 'crl'), '-noout', '-text');
    return text.toLowerCase().includes(`serial number: ${serial}`) && /Key Compromise/.test(text);
  }, 20_000);
  assert.equal(refused(await desk('production', 'POST', `${c.adminPath}/shipment`, { carrier: 'sf', tracking_no: 'SF1234567890123', token_serial: 'TK000001' }), 409, 'state_conflict').state, 'issued');
});

test('the P-256 list verifies by OpenSSL alone', async () => {
  await until('the list', async () => (await file('/pki/p256-issuing.crl')).length > 100);
  const ca = put(await file('/pki/p256-issuing.crt'));
  await openssl('crl', '-inform', 'DER', '-in', put(await file('/pki/p256-issuing.crl'), 'crl'), '-noout', '-CAfile', ca);
});

test('whoever restores a backup learns what was signed since', async () => {
  const c = await madeTo('issued');
  const where = `WHERE order_id = ${ofOrder(c)}`;
  const { serial } = (await c.order()).certificate;
  assert.match(await ctl('journal-compare'), /^\d+ certificates, all in the database\n$/);
  const [[tbs]] = await psql(`SELECT encode(tbs, 'hex') FROM cert_intent ${where}`);
  const write = (bytes) => psql(`SET session_replication_role = replica; UPDATE cert_intent SET tbs = decode('${bytes}', 'hex') ${where}`);
  await write(`${tbs}00`);
  const told = await ctl('journal-compare').catch((error) => error);
  await write(tbs);
  assert.equal(told.code, 1);
  assert.match(told.stdout, new RegExp(`^(sm2|p256) ${serial} was signed for order ${c.orderNo}, issue 0$`, 'm'));
  assert.match(told.stderr, /conflict: 1 of \d+ certificates are unknown/);
});

test('twenty at once: twenty certificates, all different', async () => {
  const cases = await madeMany(Array.from({ length: 20 }, (_, i) => ({ type: i % 2 ? 'natural_person' : 'organisation' })));
  const list = cases.map((c) => `'${c.orderNo}'`).join();
  await until('all to be issued', async () => (await column(`SELECT count(*) FROM orders WHERE order_no IN (${list}) AND state = 'issued'`)) === '20', 90_000);
  assert.equal(await column(`SELECT count(DISTINCT c.serial) FROM certificate c JOIN orders o ON o.id = c.order_id WHERE o.order_no IN (${list})`), '20');
});
