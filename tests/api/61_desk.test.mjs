// The staff desk: who gets in, who may do what, the people there, projects, figures, the trail, stuck work.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test, { before } from 'node:test';
import { applicant, behaviour, Case, Client, ctl, dir, hallNow, hallUrl, login, messages, mobile, moveClock, newStaff, ok, personName, pointers,
  PROJECT_CODE, psql, refused, staff, staffUrl, totp, until } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';

const run = promisify(execFile);
const ROLES = ['reviewer', 'finance', 'production', 'auditor', 'administrator'];
const api = (path) => `/api/admin/v1${path}`;
const signIn = (client, { username, password, secret }, more = {}) =>
  client.post(api('/session'), { username, password, totp: totp(secret), ...more });

const enrol = ({ username, password }) => new Client(staffUrl).post(api('/enrolment'), { username, password });

/** Somebody at the desk who has never been there. */
async function added(...roles) {
  const person = { username: `t${randomUUID().slice(0, 8)}`, password: `pass-${randomUUID()}` };
  const made = ok(await administrator.post(api('/staff'), { ...person, name: personName(), roles }), 201);
  assert.deepEqual(Object.keys(made), ['id']); // the administrator learns no secret
  return { ...person, id: made.id };
}

/** Somebody who has a secret and has not signed in yet. */
async function hired(...roles) {
  const person = await added(...roles);
  const made = ok(await enrol(person));
  return { ...person, secret: made.totp_secret, url: made.totp_url };
}

/** The same after a first login, long ago. */
async function settled(...roles) {
  const person = await hired(...roles);
  await psql(`UPDATE staff SET totp_enrolled = true WHERE id = ${person.id}`);
  return person;
}

let administrator, auditor;
const of = {}; // a client of each role
before(async () => {
  [administrator, auditor] = [await staff('administrator'), await staff('auditor')];
  for (const role of ROLES) of[role] = await newStaff(role);
});

// ---- signing in ----

test('with password and code somebody gets in, for as long as the session lasts', async () => {
  const who = await hired('reviewer', 'auditor');
  assert.match(who.url, new RegExp(`^otpauth://totp/.*secret=${who.secret}`));
  const client = new Client(staffUrl);
  const reply = await signIn(client, who);
  const me = ok(reply, 201);
  assert.deepEqual([me.id, me.username, me.roles, me.idle_s], [who.id, who.username, ['reviewer', 'auditor'], 1800]);
  const [cookie, ...attributes] = reply.headers['set-cookie'][0].split('; ');
  assert.match(cookie, /hall_staff=[A-Za-z0-9_-]{22,}$/);
  assert.deepEqual(attributes.filter((a) => a !== 'Secure').sort(), ['HttpOnly', 'Path=/', 'SameSite=Strict']);
  assert.deepEqual(ok(await client.get(api('/session'))), me);
  const thief = client.twin();
  ok(await client.delete(api('/session')), 204);
  refused(await thief.get(api('/session')), 401, 'unauthenticated');
});

test('a code is good once, also for two who use it at the same moment', async () => {
  const who = await hired('reviewer');
  const replies = await Promise.all([0, 1, 2].map(() => signIn(new Client(staffUrl), who)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [201, 401, 401]);
  const code = totp(who.secret);
  if (totp(who.secret) === code) refused(await signIn(new Client(staffUrl), who, { totp: code }), 401, 'login_wrong');
});

test('which of the three was wrong is not said', async () => {
  const who = await settled('reviewer');
  const words = ({ status, title, detail, code }) => ({ status, title, detail, code });
  const wrong = await Promise.all([{ password: 'not-the-password' }, { totp: '000000' === totp(who.secret) ? '000001' : '000000' }, { username: 'nobody-here' }]
    .map(async (more) => words(refused(await signIn(new Client(staffUrl), who, more), 401, 'login_wrong'))));
  assert.deepEqual(wrong[0], wrong[1]);
  assert.deepEqual(wrong[0], wrong[2]);
  ok(await signIn(new Client(staffUrl), who), 201);
});

test('an old code, and one from the future, are refused; the neighbour is not', async () => {
  const who = await settled('reviewer');
  for (const minutes of [-10, 10]) refused(await signIn(new Client(staffUrl), who, { totp: totp(who.secret, hallNow() + minutes * 60_000) }), 401, 'login_wrong');
  ok(await signIn(new Client(staffUrl), who, { totp: totp(who.secret, hallNow()) }), 201);
});

test('five wrong logins lock somebody out for a quarter of an hour', async (t) => {
  t.after(() => moveClock(0));
  const who = await hired('reviewer');
  for (let i = 0; i < 5; i++) refused(await signIn(new Client(staffUrl), who, { password: 'not-the-password' }), 401, 'login_wrong');
  const reply = await signIn(new Client(staffUrl), who);
  refused(reply, 429, 'account_locked');
  assert.ok(Number(reply.headers['retry-after']) > 600 && Number(reply.headers['retry-after']) <= 900);
  await moveClock(901);
  ok(await signIn(new Client(staffUrl), who), 201);
});

test('the two doors do not know each other\'s sessions', async () => {
  const client = await applicant();
  const desk = new Client(staffUrl);
  desk.cookies.set('hall_staff', client.cookies.get('hall_session'));
  desk.cookies.set('hall_session', client.cookies.get('hall_session'));
  refused(await desk.get(api('/orders')), 401, 'unauthenticated');
  const hall = new Client(hallUrl);
  hall.cookies.set('hall_session', of.reviewer.cookies.get('hall_staff'));
  refused(await hall.get('/api/v1/orders'), 401, 'unauthenticated');
});

test('what comes from another site changes nothing here either', async () => {
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: hallUrl === staffUrl ? 'null' : 'null' }]) {
    refused(await of.reviewer.post(api('/reviews/next'), undefined, { headers }), 403, 'cross_site');
    refused(await of.reviewer.delete(api('/session'), { headers }), 403, 'cross_site');
  }
  ok(await of.reviewer.get(api('/session')));
});

test('the first login is with a code from the secret that was shown last', async () => {
  const who = await added('reviewer');
  const listed = async () => ok(await administrator.get(api('/staff'))).items.find((s) => s.id === who.id).totp_enrolled;
  refused(await signIn(new Client(staffUrl), { ...who, secret: 'A'.repeat(32) }), 401, 'not_enrolled');
  refused(await signIn(new Client(staffUrl), { ...who, secret: 'A'.repeat(32), password: 'not-the-password' }), 401, 'login_wrong');
  const first = ok(await enrol(who)), second = ok(await enrol(who));
  assert.notEqual(first.totp_secret, second.totp_secret);
  assert.equal(new URL(second.totp_url).searchParams.get('secret'), second.totp_secret);
  refused(await signIn(new Client(staffUrl), { ...who, secret: first.totp_secret }), 401, 'not_enrolled');
  assert.equal(await listed(), false);
  ok(await signIn(new Client(staffUrl), { ...who, secret: second.totp_secret }), 201);
  assert.equal(await listed(), true);
  refused(await enrol(who), 401, 'login_wrong');
  const acts = ok(await auditor.get(api(`/audit?limit=100&stream=${encodeURIComponent(`staff/${who.id}`)}`))).items.map((a) => a.action);
  for (const action of ['enrolment_shown', 'enrolled', 'login', 'login_refused']) assert.ok(acts.includes(action), action);
});

test('who enrols needs the password, and no more than five tries', async () => {
  const who = await added('reviewer');
  refused(await enrol({ username: 'nobody-here', password: who.password }), 401, 'login_wrong');
  for (let i = 0; i < 5; i++) refused(await enrol({ ...who, password: 'not-the-password' }), 401, 'login_wrong');
  refused(await enrol(who), 429, 'account_locked');
});

test('a lost second factor is made anew by the administrator, never by its owner', async () => {
  const who = await hired('reviewer');
  const client = new Client(staffUrl);
  ok(await signIn(client, who, { totp: totp(who.secret, hallNow() - 25_000) }), 201); // so that this moment's is not used up
  assert.equal(ok(await administrator.patch(api(`/staff/${who.id}`), { enrol_again: true })).totp_enrolled, false);
  refused(await client.get(api('/session')), 401, 'unauthenticated');
  refused(await signIn(new Client(staffUrl), who), 401, 'not_enrolled');
  ok(await signIn(new Client(staffUrl), { ...who, secret: ok(await enrol(who)).totp_secret }), 201);
  const { id } = ok(await administrator.get(api('/session')));
  refused(await administrator.patch(api(`/staff/${id}`), { enrol_again: true }), 409, 'second_person_required');
});

// ---- who may do what ----

const ANY = ROLES;
const MAY = {
  'GET /workbench': ANY, 'GET /orders': ANY, 'GET /orders/{order_no}': ANY, 'POST /orders/{order_no}/notes': ANY, 'GET /session': ANY, 'GET /issuance': ANY, 'GET /shipments': ANY,
  'GET /orders/{order_no}/certificate': ANY, 'GET /certificates': ANY, 'GET /bank-verifications': ANY,
  'POST /orders/{order_no}/reveals': ['reviewer', 'finance', 'production'],
  'GET /orders/{order_no}/documents/{kind}/preview': ['reviewer', 'finance', 'administrator'],
  'GET /orders/{order_no}/documents/{kind}': ['reviewer', 'finance', 'administrator'],
  'POST /reviews/next': ['reviewer'], 'POST /orders/{order_no}/claim': ['reviewer'], 'DELETE /orders/{order_no}/claim': ['reviewer'],
  'POST /orders/{order_no}/approval': ['reviewer'], 'POST /orders/{order_no}/rejection': ['reviewer'],
  'POST /orders/{order_no}/denial': ['reviewer', 'administrator'],
  'GET /identity-checks': ['reviewer', 'administrator'], 'POST /orders/{order_no}/identity-check/result': ['reviewer', 'administrator'],
  'GET /payments': ['finance'], 'GET /banks': ['finance'], 'POST /payments/{payment_id}/confirmation': ['finance'], 'POST /payments/{payment_id}/refusal': ['finance'],
  'POST /payments/{payment_id}/refunds': ['finance'], 'GET /refunds': ['finance'], 'POST /refunds/{refund_id}/approval': ['finance'],
  'POST /refunds/{refund_id}/withdrawal': ['finance'], 'POST /refunds/{refund_id}/resend': ['finance'], 'GET /bank-lines': ['finance'],
  'GET /reconciliation': ['finance', 'auditor'], 'GET /invoices': ['finance'], 'POST /invoices/{invoice_id}/retry': ['finance'], 'POST /invoices/{invoice_id}/record': ['finance'],
  'POST /bank-verifications/{id}/result': ['reviewer', 'finance', 'administrator'],
  'PUT /issuance/switch': ['production', 'administrator'], 'POST /orders/{order_no}/issuance/retry': ['production'],
  'POST /orders/{order_no}/issuance/return': ['production'], 'POST /orders/{order_no}/issuance/refusal': ['production', 'administrator'],
  'POST /orders/{order_no}/certificate/revocation': ['reviewer', 'production', 'administrator'],
  'POST /orders/{order_no}/shipment': ['production'], 'POST /orders/{order_no}/shipment/exception': ['production'],
  'POST /orders/{order_no}/shipment/resend': ['production'], 'POST /orders/{order_no}/reissue': ['production', 'administrator'],
  'GET /work': ['finance', 'production', 'administrator'], 'POST /work/{id}/retry': ['finance', 'production', 'administrator'],
  'GET /statistics': ['auditor', 'administrator'], 'GET /audit': ['auditor'], 'GET /audit/verification': ['auditor'],
  'GET /projects': ['auditor', 'administrator'], 'PUT /projects/{project}': ['administrator'],
  'GET /projects/{project}': ['auditor', 'administrator'], 'GET /courier-tariffs': ['auditor', 'administrator'], 'PUT /courier-tariffs/{province}': ['administrator'],
  'GET /staff': ['administrator'], 'POST /staff': ['administrator'], 'PATCH /staff/{id}': ['administrator'],
};
const OPEN = ['POST /session', 'POST /enrolment', 'DELETE /session', 'GET /openapi.json'];

test('every route lets in whom it must, and nobody else', async () => {
  const c = new Case();
  await c.begin();
  const args = { order_no: c.orderNo, kind: 'payment_voucher', payment_id: 'x', refund_id: 'x', invoice_id: 'x', id: '0', project: 'x', province: 'x' };
  const contract = await contractOf(staffUrl, '/api/admin/v1');
  const names = contract.names().map((name) => name.replace('/api/admin/v1', ''));
  assert.deepEqual(names.filter((name) => !OPEN.includes(name)).sort(), Object.keys(MAY).sort());
  for (const [name, may] of Object.entries(MAY)) {
    const [method, template] = name.split(' ');
    const path = api(template.replaceAll(/\{(\w+)\}/g, (_, word) => args[word]));
    const options = method === 'GET' ? {} : { json: {} };
    refused(await new Client(staffUrl).call(method, path, options), 401, 'unauthenticated');
    for (const role of ROLES) {
      const reply = await of[role].call(method, path, options);
      if (!may.includes(role)) refused(reply, 403, 'forbidden');
      else assert.ok(reply.status !== 403 && reply.status !== 401 && reply.status < 500, `${role}: ${name}: ${reply.status}`);
    }
  }
  const held = (await of.reviewer.get(api('/orders?assigned=me'))).json.items;
  for (const order of held) ok(await of.reviewer.delete(api(`/orders/${order.order_no}/claim`)), 204);
});

// ---- the people ----

test('the administrator adds, changes and closes', async () => {
  const who = await hired('reviewer');
  const client = new Client(staffUrl);
  ok(await signIn(client, who), 201);
  const listed = async () => ok(await administrator.get(api('/staff'))).items.find((s) => s.id === who.id);
  assert.deepEqual([(await listed()).roles, (await listed()).state], [['reviewer'], 'active']);
  const patch = (more) => administrator.patch(api(`/staff/${who.id}`), more);
  assert.deepEqual(ok(await patch({ roles: ['finance'] })).roles, ['finance']);
  refused(await client.get(api('/session')), 401, 'unauthenticated'); // other roles, another session
  assert.equal(ok(await patch({ name: '新的名字' })).name, '新的名字');
  const password = `pass-${randomUUID()}`;
  ok(await patch({ password }));
  assert.equal(ok(await patch({ state: 'closed' })).state, 'closed');
  refused(await signIn(new Client(staffUrl), { ...who, password }), 401, 'login_wrong');
  ok(await patch({ state: 'active' }));
  assert.deepEqual(pointers(refused(await patch({ roles: [] }), 422, 'invalid')), ['/roles']);
  assert.deepEqual(pointers(refused(await patch({ roles: ['king'] }), 422, 'invalid')), ['/roles/0']);
  assert.deepEqual(pointers(refused(await patch({ password: 'password123' }), 422, 'invalid')), ['/password']);
  refused(await administrator.patch(api('/staff/999999'), { name: 'x' }), 404, 'not_found');
});

test('a name is taken once, and must be one', async () => {
  const who = await hired('auditor');
  const add = (more) => administrator.post(api('/staff'), { username: 'fresh-name', name: personName(), password: `pass-${randomUUID()}`, roles: ['auditor'], ...more });
  const taken = refused(await add({ username: who.username }), 422, 'invalid');
  assert.deepEqual(taken.errors.map((e) => [e.pointer, e.code]), [['/username', 'taken']]);
  for (const [more, pointer] of [[{ username: 'Upper' }, '/username'], [{ username: '1st' }, '/username'], [{ password: 'short' }, '/password'],
    [{ password: 'fresh-name-1', username: 'fresh-name' }, '/password'], [{ roles: ['auditor', 'hacker'] }, '/roles/1'], [{ name: '' }, '/name']])
    assert.deepEqual(pointers(refused(await add(more), 422, 'invalid')), [pointer]);
  assert.ok(!ok(await administrator.get(api('/staff'))).items.some((s) => s.username === 'fresh-name'));
});

test('nobody makes themselves more, or locks themselves out', async () => {
  const { id } = ok(await administrator.get(api('/session')));
  refused(await administrator.patch(api(`/staff/${id}`), { roles: ['administrator', 'auditor'] }), 409, 'second_person_required');
  refused(await administrator.patch(api(`/staff/${id}`), { state: 'closed' }), 409, 'second_person_required');
  ok(await administrator.get(api('/session')));
});

test('secrets of staff are not in any answer', async () => {
  const text = JSON.stringify(ok(await administrator.get(api('/staff'))));
  for (const secret of ['totp_secret', 'password', 'scrypt', login('reviewer').totp_secret]) assert.ok(!text.includes(secret), secret);
});

// ---- projects ----

test('a project is changed by who has read it last; orders keep their price', async (t) => {
  const before = ok(await administrator.get(api('/projects'))).items.find((p) => p.project === PROJECT_CODE);
  const change = (p, more = {}) => ({ active: p.active, supplier_url: p.supplier_url, courier_payer: p.courier_payer, version: p.version,
    certificate_types: p.certificate_types.map(({ certificate_type: type, fee_per_year_fen: fee, years }) =>
      ({ certificate_type: type, fee_per_year_fen: fee, years: years.map((y) => ({ years: y })) })), ...more });
  const put = (body) => administrator.put(api(`/projects/${PROJECT_CODE}`), body);
  const c = new Case();
  await c.begin();
  await c.fill();
  await c.confirm();
  const dearer = change(before);
  dearer.certificate_types = dearer.certificate_types.map((type) => ({ ...type, fee_per_year_fen: 30000, years: [{ years: 1 }, { years: 5 }] }));
  const after = ok(await put(dearer));
  t.after(async () => ok(await put(change(before, { version: (await version()) }))));
  const version = async () => ok(await administrator.get(api('/projects'))).items.find((p) => p.project === PROJECT_CODE).version;
  assert.equal(after.version, before.version + 1);
  refused(await put(dearer), 412, 'stale');
  assert.equal((await c.order()).fees.certificate_fen, 24000);
  const [shown] = ok(await c.client.get('/api/v1/projects')).items;
  assert.deepEqual(shown.certificate_types.map((p) => p.fee_per_year_fen), [30000, 30000]);
  const d = new Case({ years: 5 });
  await d.begin();
  await d.fill();
  assert.equal((await d.confirm()).fees.certificate_fen, 150000);
  const closed = ok(await put(change(before, { active: false, version: await version() })));
  refused(await c.client.get(`/api/v1/projects/${PROJECT_CODE}`), 404, 'not_found');
  await assert.rejects(new Case({ client: c.client }).begin());
  ok(await put(change(before, { version: closed.version })));
  for (const [more, pointer] of [[{ courier_payer: 'nobody' }, '/courier_payer'], [{ version: 0 }, '/version'],
    [{ certificate_types: [{ certificate_type: 'organisation', fee_per_year_fen: 0, years: [{ years: 1 }] }] }, '/certificate_types/0/fee_per_year_fen'],
    [{ certificate_types: [{ certificate_type: 'organisation', fee_per_year_fen: 1, years: [] }] }, '/certificate_types/0/years'],
    [{ certificate_types: [{ certificate_type: 'organisation', fee_per_year_fen: 1, years: [{ years: 11 }] }] }, '/certificate_types/0/years/0/years']])
    assert.deepEqual(pointers(refused(await put(change(before, more)), 422, 'invalid')), [pointer]);
  refused(await administrator.put(api('/projects/nowhere'), change(before)), 404, 'not_found');
});

/** The body of a PUT that changes nothing; `more` is laid over it. */
const unchanged = (p, more = {}) => ({ active: p.active, supplier_url: p.supplier_url, courier_payer: p.courier_payer, version: p.version,
  certificate_types: p.certificate_types.map(({ certificate_type: type, fee_per_year_fen: fee, years }) =>
    ({ certificate_type: type, fee_per_year_fen: fee, years: years.map((y) => ({ years: y })) })), ...more });
const COLLECT = 'ccgp-liaoning-collect';
const projectOf = async (code) => ok(await administrator.get(api(`/projects/${code}`)));

test('a changed agreement is a new version; who agreed before agreed to the old one', async () => {
  const { project, texts } = await projectOf(COLLECT);
  const put = (more) => administrator.put(api(`/projects/${COLLECT}`), unchanged(project, more));
  const [first] = texts;
  assert.deepEqual([...new Set(texts.map((text) => text.id))], ['service', 'privacy', 'information', 'face']);
  assert.ok(texts.every((text) => text.version === project.agreement_version && text.body));
  const c = new Case({ project: COLLECT });
  await c.begin();
  const same = ok(await put({ agreements: [{ id: first.id, lang: first.lang, title: first.title, body: first.body }] }));
  assert.equal(same.agreement_version, project.agreement_version, 'the same text is no new version');
  project.version = same.version;
  const body = `${first.body}\n\n补充条款（测试）。\n`;
  const changed = ok(await put({ agreements: [{ id: first.id, lang: 'zh-CN', title: first.title, body }] }));
  const day = new Date(hallNow() + 8 * 3600_000).toISOString().slice(0, 10);
  assert.match(changed.agreement_version, new RegExp(`^${day}(-\\d+)?$`));
  project.version = changed.version;
  const again = ok(await put({ agreements: [{ id: first.id, lang: 'zh-CN', title: first.title, body: first.body }] }));
  assert.notEqual(again.agreement_version, changed.agreement_version, 'a version is never written over');
  project.version = again.version;
  const now = await projectOf(COLLECT);
  assert.equal(now.texts.length, texts.length);
  assert.ok(now.texts.every((text) => text.version === again.agreement_version));
  const old = ok(await c.client.get(`/api/v1/projects/${PROJECT_CODE}`)).agreements;
  assert.ok(old.every(({ version }) => version === '2026-11'), 'another project keeps its own');
  const [[kept]] = await psql(`SELECT body FROM agreement WHERE id = '${first.id}' AND lang = 'zh-CN' AND version = '${changed.agreement_version}'`).then((rows) => [[rows.flat().join('\n')]]);
  assert.ok(kept.includes('补充条款'));
  assert.deepEqual((await psql(`SELECT DISTINCT a.version FROM order_agreement a JOIN orders o ON o.id = a.order_id WHERE o.order_no = '${c.orderNo}'`)).flat(), [texts[0].version]);
  const d = new Case({ project: COLLECT });
  await d.begin();
  assert.deepEqual((await psql(`SELECT DISTINCT a.version FROM order_agreement a JOIN orders o ON o.id = a.order_id WHERE o.order_no = '${d.orderNo}'`)).flat(), [again.agreement_version]);
  assert.deepEqual(pointers(refused(await put({ agreements: [{ id: 'nonsense', lang: 'zh-CN', title: 'x', body: 'y' }] }), 422, 'invalid')), ['/agreements/0/id']);
  assert.deepEqual(pointers(refused(await put({ agreements: [{ id: 'service', lang: 'fr', title: '', body: '' }] }), 422, 'invalid')), ['/agreements/0/body', '/agreements/0/lang', '/agreements/0/title']);
  refused(await administrator.get(api('/projects/nowhere')), 404, 'not_found');
});

test('a project offers reviewers the reasons that an administrator chose', async () => {
  const { project } = await projectOf(COLLECT);
  const put = async (more) => {
    const reply = await administrator.put(api(`/projects/${COLLECT}`), unchanged(project, more));
    if (reply.status === 200) project.version = reply.json.version;
    return reply;
  };
  const chosen = ['form_unclear', 'seal_unclear'];
  assert.deepEqual(ok(await put({ return_reasons: chosen })).return_reasons, chosen);
  assert.deepEqual(pointers(refused(await put({ return_reasons: ['form_unclear', 'bad_mood'] }), 422, 'invalid')), ['/return_reasons/1']);
  const [[id, no]] = await psql(`SELECT id, order_no FROM orders WHERE project = '${COLLECT}' ORDER BY id DESC LIMIT 1`);
  assert.ok(id);
  assert.deepEqual(ok(await of.reviewer.get(api(`/orders/${no}`))).return_reasons, chosen);
  assert.equal(ok(await put({})).return_reasons, null);
});

test('a courier fee holds from its day on, and the one before ends then', async (t) => {
  t.after(() => psql(`DELETE FROM courier_tariff WHERE province = '62' AND valid_from > '2026-01-01'; UPDATE courier_tariff SET valid_to = NULL WHERE province = '62'`));
  const day = (later) => new Date(hallNow() + 8 * 3600_000 + later * 86_400_000).toISOString().slice(0, 10);
  const put = (json, province = '62') => administrator.put(api(`/courier-tariffs/${province}`), json);
  const [before] = ok(await administrator.get(api('/courier-tariffs'))).items.filter((row) => row.province === '62');
  assert.deepEqual([before.province_name, before.valid_to, before.is_current], ['甘肃省', null, true]);
  const fee = async () => ok(await new Client().get(`/api/v1/courier-fees?region=620102&project=${PROJECT_CODE}`)).fee_fen;
  ok(await put({ fee_fen: 3000, valid_from: day(10) }));
  const { items } = ok(await put({ fee_fen: 2500, valid_from: day(0) }));
  assert.deepEqual(items.map((row) => [row.fee_fen, row.valid_from, row.valid_to, row.is_current]),
    [[3000, day(10), null, false], [2500, day(0), day(10), true], [before.fee_fen, before.valid_from, day(0), false]]);
  assert.equal(await fee(), 2500);
  assert.deepEqual(pointers(refused(await put({ fee_fen: 2600, valid_from: day(0) }), 422, 'invalid')), ['/valid_from']);
  for (const [json, wanted] of [[{ fee_fen: 1, valid_from: day(-1) }, ['/valid_from']], [{ fee_fen: -1, valid_from: 'tomorrow..' }, ['/fee_fen']], [{ fee_fen: 1, valid_from: '2027-02-30' }, ['/valid_from']], [{}, ['/fee_fen', '/valid_from']]])
    assert.deepEqual(pointers(refused(await put(json), 422, 'invalid')), wanted);
  refused(await put({ fee_fen: 1, valid_from: day(1) }, '99'), 404, 'not_found');
});

test('a province without a courier fee gets its first one, and is served from then on', async (t) => {
  const [[province, region]] = await psql(`SELECT left(g.code, 2), (SELECT min(code) FROM region l WHERE l.is_leaf AND left(l.code, 2) = left(g.code, 2)) FROM region g
    WHERE g.level = 1 AND NOT EXISTS (SELECT FROM courier_tariff WHERE province = left(g.code, 2)) ORDER BY 1 LIMIT 1`);
  t.after(() => psql(`DELETE FROM courier_tariff WHERE province = '${province}'`));
  const fee = () => new Client().get(`/api/v1/courier-fees?region=${region}&project=${PROJECT_CODE}`);
  const served = async () => ok(await administrator.get(api('/courier-tariffs'))).provinces.find((row) => row.province === province).served;
  assert.deepEqual(pointers(refused(await fee(), 422, 'invalid')), ['?region']);
  assert.equal(await served(), false);
  const day = new Date(hallNow() + 8 * 3600_000).toISOString().slice(0, 10);
  assert.deepEqual(ok(await administrator.put(api(`/courier-tariffs/${province}`), { fee_fen: 4800, valid_from: day })).items.map((row) => [row.province, row.fee_fen, row.is_current]), [[province, 4800, true]]);
  assert.equal(await served(), true);
  assert.equal(ok(await fee()).fee_fen, 4800);
});

test('finance looks up a branch by keywords, as applicants do', async () => {
  const found = ok(await of.finance.get(api(`/banks?q=${encodeURIComponent('工商 沈阳')}&limit=5`))).items;
  assert.ok(found.length > 0 && found.every(({ code, name }) => /^\d{12}$/.test(code) && name.includes('沈阳')));
  assert.deepEqual(pointers(refused(await of.finance.get(api('/banks?q=x')), 422, 'invalid')), ['?q']);
});

// ---- figures ----

test('figures are those of the rows', async () => {
  const day = new Date(hallNow() + 8 * 3600_000).toISOString().slice(0, 10);
  const { figures, from, to } = ok(await administrator.get(api(`/statistics?from=2026-01-01&to=${day}`)));
  assert.deepEqual([from, to], ['2026-01-01', day]);
  const states = Object.fromEntries((await psql('SELECT state, count(*) FROM orders GROUP BY 1')).map(([state, n]) => [state, Number(n)]));
  assert.deepEqual(figures.orders_by_state, states);
  // What earlier files did while the clock was ahead lies beyond the span.
  const end = `('${day}'::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'`;
  const [[received, refunded, issued]] = await psql(`SELECT (SELECT coalesce(sum(received_fen), 0) FROM payment WHERE paid_at < ${end}),
    (SELECT coalesce(sum(amount_fen), 0) FROM refund WHERE state = 'succeeded' AND finished_at < ${end}), (SELECT count(*) FROM certificate WHERE issued_at < ${end})`);
  assert.deepEqual([figures.money.received_fen, figures.money.refunded_fen, figures.certificates_issued], [received, refunded, issued].map(Number));
  assert.equal(figures.days.length, (Date.parse(day) - Date.parse('2026-01-01')) / 86_400_000 + 1);
  const total = (member) => figures.days.reduce((sum, row) => sum + row[member], 0);
  assert.deepEqual(['received_fen', 'refunded_fen', 'issued'].map(total), [received, refunded, issued].map(Number));
  assert.equal(total('submitted'), Number((await psql(`SELECT count(*) FROM orders WHERE submitted_at < ${end}`))[0][0]));
  assert.deepEqual(figures.money.by_method.map((m) => [m.method, m.received_fen]),
    (await psql(`SELECT method, sum(received_fen) FROM payment WHERE paid_at < ${end} GROUP BY 1 ORDER BY 1`)).map(([method, fen]) => [method, Number(fen)]));
  const [[waiting]] = await psql(`SELECT count(*) FROM orders WHERE state ~ 'review$'`);
  assert.equal(figures.waiting.count, Number(waiting));
  for (const [query, wanted] of [['', ['?from', '?to']], ['from=2026-02-30&to=2026-03-01', ['?from']], ['from=2026-03-02&to=2026-03-01', ['?to']], ['from=yesterday&to=2026-01-01', ['?from']], ['from=2025-01-01&to=2026-01-02', ['?to']]])
    assert.deepEqual(pointers(refused(await administrator.get(api(`/statistics?${query}`)), 422, 'invalid')), wanted);
});

/** Working seconds by the rule of states.md, counted minute by minute and without the hall's code. */
function workingMinutes(from, to, holidays) {
  let minutes = 0;
  for (let at = Math.ceil(from / 60); at < Math.ceil(to / 60); at++) {
    const local = new Date(at * 60_000 + 8 * 3600_000);
    const [day, into] = [local.toISOString().slice(0, 10), local.getUTCHours() * 60 + local.getUTCMinutes()];
    const working = holidays.has(day) ? holidays.get(day) === 'workday' : ![0, 6].includes(local.getUTCDay());
    if (working && into >= 9 * 60 && into < 17 * 60 + 30) minutes++;
  }
  return minutes;
}

test('decisions are timed in working time, over a weekend and a holiday, against two and three days', async () => {
  // Six verdicts of orders of their own in a month without others: [handed in, decided, move].
  const told = [
    ['2026-02-03 09:00', '2026-02-03 10:00', 'T18a'], ['2026-02-02 16:00', '2026-02-04 16:00', 'T13'], ['2026-02-02 16:00', '2026-02-04 16:01', 'T18b'],
    ['2026-02-06 17:00', '2026-02-09 09:30', 'T18a'], // Friday evening to Monday morning
    ['2026-02-13 15:00', '2026-02-25 10:00', 'T18a'], // over the Spring Festival with its make-up days
    ['2026-02-02 09:00', '2026-02-05 09:01', 'T19'],
  ];
  const holidays = new Map(await psql("SELECT day::text, kind FROM holiday"));
  const client = await applicant();
  const numbers = [];
  for (const _ of told) numbers.push((await new Case({ client }).begin()).order_no);
  const ids = (await psql(`SELECT id FROM orders WHERE order_no IN (${numbers.map((no) => `'${no}'`)})`)).map(([id]) => id);
  const to = { T13: 'returned', T18a: 'accepted', T18b: 'accepted', T19: 'denied' };
  const rows = told.flatMap(([handed, decided, move], i) => [
    `('figures/${i}', 1, '${handed}+08', 'T09', ${ids[i]}, 'T09', 'awaiting_payment', 'pending_review')`,
    `('figures/${i}', 2, '${decided}+08', '${move}', ${ids[i]}, '${move}', '${move === 'T18b' ? 'in_second_review' : 'in_review'}', '${to[move]}')`]);
  const view = async () => ok(await administrator.get(api('/statistics?from=2026-02-01&to=2026-02-28'))).figures;
  assert.equal((await view()).decisions.count, 0, 'the month was empty');
  await psql(`INSERT INTO audit_event SELECT s, n, a::timestamptz, 'reviewer', 0, '', '', x, o, m, f, t, '{}', '', '' FROM (VALUES ${rows.join()}) v (s, n, a, x, o, m, f, t)`);
  try {
    const { decisions, days } = await view();
    const minutes = told.map(([handed, decided]) => workingMinutes(Date.parse(`${handed}+08`) / 1000, Date.parse(`${decided}+08`) / 1000, holidays)).sort((a, b) => a - b);
    const { alarm_minutes: alarm, promise_minutes: promise } = decisions;
    assert.deepEqual([alarm, promise], [1020, 1530]);
    assert.deepEqual([decisions.count, decisions.median_minutes, decisions.p90_minutes], [6, minutes[2], minutes[5]]);
    assert.deepEqual([decisions.within_alarm, decisions.within_promise, decisions.late],
      [minutes.filter((m) => m <= alarm).length, minutes.filter((m) => m > alarm && m <= promise).length, minutes.filter((m) => m > promise).length]);
    assert.ok(decisions.late >= 1 && decisions.within_promise >= 1);
    assert.deepEqual([decisions.approved, decisions.returned, decisions.denied], [4, 1, 1]);
    const day = (name) => days.find((row) => row.day === name);
    assert.deepEqual([day('2026-02-04').approved, day('2026-02-04').returned, day('2026-02-05').denied, day('2026-02-05').late], [1, 1, 1, 1]);
    assert.deepEqual([day('2026-02-07').is_working, day('2026-02-04').is_working], [holidays.get('2026-02-07') === 'workday', true]);
  } finally {
    await psql(`ALTER TABLE audit_event DISABLE TRIGGER USER; DELETE FROM audit_event WHERE stream LIKE 'figures/%'; ALTER TABLE audit_event ENABLE TRIGGER USER`);
  }
});

test('reasons of return are counted, the commonest first', async () => {
  const day = new Date(hallNow() + 8 * 3600_000).toISOString().slice(0, 10);
  const wanted = (await psql(`SELECT x ->> 'code', count(*) FROM review, jsonb_array_elements(reasons) x WHERE verdict = 'returned'
    AND at >= '2026-01-01 00:00+08' AND at < '${day} 00:00+08'::timestamptz + interval '1 day' GROUP BY 1 ORDER BY 2 DESC, 1`)).map(([code, n]) => [code, Number(n)]);
  const { figures } = ok(await administrator.get(api(`/statistics?from=2026-01-01&to=${day}`)));
  assert.deepEqual(figures.return_reasons.map((r) => [r.code, r.count]), wanted);
  assert.ok(figures.return_reasons.every((r) => r.text));
});

// ---- the trail ----

test('the trail is read backwards, page by page, or one stream of it', async () => {
  const c = new Case();
  await c.begin();
  await c.fill();
  await c.confirm();
  const stream = `orders/${c.orderNo}`;
  const all = ok(await auditor.get(api(`/audit?stream=${encodeURIComponent(stream)}`))).items;
  assert.deepEqual(all.map((e) => e.action), ['T03', 'T02', 'T01']);
  assert.deepEqual(all.map((e) => e.seq), [3, 2, 1]);
  assert.deepEqual([all[0].from_state, all[0].to_state, all[0].actor_role, all[0].ip], ['draft', 'awaiting_documents', 'applicant', c.client.from]);
  const seen = [];
  for (let cursor; seen.length < 6;) {
    const { items, next_cursor: next } = ok(await auditor.get(api(`/audit?limit=2${cursor ? `&cursor=${cursor}` : ''}`)));
    seen.push(...items.map((e) => `${e.stream} ${e.seq}`));
    cursor = next;
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(ok(await auditor.get(api('/audit?stream=orders/1'))).items, []);
});

test('the trail is narrowed by order, person, act and day', async () => {
  const c = new Case();
  await c.begin();
  await of.reviewer.get(api(`/orders/${c.orderNo}`));
  const { username, id } = of.reviewer;
  const list = async (query) => ok(await auditor.get(api(`/audit?${new URLSearchParams(query)}`))).items;
  const own = await list({ order_no: c.orderNo });
  assert.ok(own.length > 0 && own.every((e) => e.order_no === c.orderNo));
  assert.equal(own.find((e) => e.action === 'T01').label, '创建业务单');
  const mine = await list({ actor: username });
  assert.ok(mine.length > 0 && mine.every((e) => e.stream === `staff/${id}` || e.actor === mine[0].actor));
  assert.ok((await list({ action: 'login', actor: username })).every((e) => e.action === 'login'));
  assert.ok((await list({ actor_role: 'applicant' })).every((e) => e.actor_role === 'applicant'));
  assert.deepEqual(await list({ to: '2020-01-01' }), []);
  assert.deepEqual(await list({ from: '2099-01-01' }), []);
  const day = new Date(hallNow() + 8 * 3600_000).toISOString().slice(0, 10);
  assert.ok((await list({ from: day, to: day, order_no: c.orderNo })).length > 0);
  for (const [query, wanted] of [[{ from: 'x2026-1-1' }, ['?from']], [{ to: '2026-02-30' }, ['?to']], [{ cursor: '5' }, ['?cursor']], [{ cursor: '5.x.orders/1' }, ['?cursor']], [{ who: 'me' }, ['?who']]])
    assert.deepEqual(pointers(refused(await auditor.get(api(`/audit?${new URLSearchParams(query)}`)), 422, 'invalid')), wanted);
});

test('pages of the trail lose nothing, however much happens in the same microsecond', async () => {
  const at = '2019-05-06T07:08:09.123456Z';
  await psql(`INSERT INTO audit_event SELECT 'test/' || (n % 3), 1 + n / 3, '${at}', 'system', 0, '', '', 'same_moment', NULL, NULL, NULL, NULL, '{}', '', '' FROM generate_series(0, 10) n`);
  try {
    const seen = [];
    for (let cursor = '', pages = 0; cursor !== null && pages < 9; pages++) {
      const page = ok(await auditor.get(api(`/audit?action=same_moment&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)));
      seen.push(...page.items.map((e) => `${e.stream} ${e.seq}`));
      cursor = page.next_cursor;
    }
    assert.deepEqual(seen, [...new Set(seen)]);
    assert.equal(seen.length, 11);
  } finally {
    await psql(`ALTER TABLE audit_event DISABLE TRIGGER USER; DELETE FROM audit_event WHERE action = 'same_moment'; ALTER TABLE audit_event ENABLE TRIGGER USER`);
  }
});

const verify = async () => ok(await auditor.get(api('/audit/verification')));

test('the trail is whole', async () => {
  const { intact, events, first_bad: bad } = await verify();
  assert.deepEqual([intact, bad], [true, null]);
  assert.ok(events > 10);
  assert.match(await ctl('audit-verify'), /^\d+ events, all whole\n$/);
});

test('a row that was changed, taken out or put in is found and named, from the desk and from the command line', async () => {
  const c = new Case();
  await c.begin();
  await c.fill();
  const stream = `orders/${c.orderNo}`;
  const freely = (sql) => psql(`ALTER TABLE audit_event DISABLE TRIGGER USER; ${sql}; ALTER TABLE audit_event ENABLE TRIGGER USER`);
  await assert.rejects(psql(`UPDATE audit_event SET ip = '' WHERE stream = '${stream}'`), /never changed/);
  await assert.rejects(psql(`DELETE FROM audit_event WHERE stream = '${stream}'`), /never changed/);
  await psql(`CREATE TABLE audit_kept AS SELECT * FROM audit_event WHERE stream = '${stream}'`);
  const restore = () => freely(`DELETE FROM audit_event WHERE stream = '${stream}'; INSERT INTO audit_event SELECT * FROM audit_kept`);
  try {
    for (const [what, sql, wanted] of [
      ['an address', `UPDATE audit_event SET ip = '192.0.2.1' WHERE stream = '${stream}' AND seq = 1`, `event 1 of ${stream}`],
      ['a time', `UPDATE audit_event SET at = at + interval '1 microsecond' WHERE stream = '${stream}' AND seq = 2`, `event 2 of ${stream}`],
      ['an actor', `UPDATE audit_event SET actor_id = actor_id + 1 WHERE stream = '${stream}' AND seq = 2`, `event 2 of ${stream}`],
      ['a detail', `UPDATE audit_event SET detail = '{"a": 1}' WHERE stream = '${stream}' AND seq = 1`, `event 1 of ${stream}`],
      ['one taken out', `DELETE FROM audit_event WHERE stream = '${stream}' AND seq = 1`, `event 1 of ${stream}`],
      ['the last taken off', `DELETE FROM audit_event WHERE stream = '${stream}' AND seq = 2`, stream],
      ['one put in', `INSERT INTO audit_event SELECT stream, 3, at, actor_role, actor_id, ip, trace, action, order_id, move, from_state, to_state, detail, hash, hash
         FROM audit_kept WHERE seq = 2`, `event 3 of ${stream}`],
      ['a hash made anew', `UPDATE audit_event SET ip = '192.0.2.1' WHERE stream = '${stream}' AND seq = 1;
         UPDATE audit_event e SET hash = sha256(e.prev_hash || convert_to(audit_text(e), 'UTF8')) WHERE stream = '${stream}' AND seq = 1`, `event 2 of ${stream}`],
    ]) {
      await freely(sql);
      const { intact, first_bad: bad } = await verify();
      assert.equal(intact, false, what);
      assert.ok(bad.includes(wanted), `${what}: ${bad}`);
      const told = await run('bin/hall-ctl', ['conf/ctl.conf', 'audit-verify'], { cwd: dir }).catch((error) => error);
      assert.equal(told.code, 1, what);
      assert.ok(`${told.stdout}${told.stderr}`.includes(wanted), `${what}: ${told.stderr}`);
      await restore();
      assert.equal((await verify()).intact, true, what);
    }
  } finally {
    await restore();
    await psql('DROP TABLE audit_kept');
  }
});

// ---- stuck work ----

test('work that is stuck is listed, and goes on at the press of a button', async (t) => {
  t.after(() => behaviour('sms', 'normal'));
  const phone = mobile();
  await behaviour('sms', 'error_500');
  ok(await new Client().post('/api/v1/sms-codes', { phone, purpose: 'register' }), 202);
  const id = await until('the first try', async () => (await psql(`SELECT id FROM job WHERE kind = 'SMS' AND state = 'queued' AND attempts > 0 AND lease_until IS NULL ORDER BY id DESC LIMIT 1`))[0]?.[0]);
  await psql(`UPDATE job SET attempts = 7, due_at = hall_now() WHERE id = ${id}; NOTIFY job`); // what takes an hour otherwise
  const row = await until('the job to be parked', async () => ok(await administrator.get(api('/work?kind=stuck'))).items.find((w) => w.id === id), 20_000);
  assert.deepEqual([row.kind, row.state], ['SMS', 'parked']);
  assert.ok(row.failure);
  assert.ok(!JSON.stringify(row).includes(phone));
  assert.deepEqual(await messages(phone), []);
  await behaviour('sms', 'normal');
  ok(await administrator.post(api(`/work/${id}/retry`)), 204);
  await until('the message', async () => (await messages(phone)).length === 1);
  await until('the list to be without it', async () => !ok(await administrator.get(api('/work'))).items.some((w) => w.id === id));
  refused(await administrator.post(api('/work/999999999/retry')), 404, 'not_found');
  assert.deepEqual(pointers(refused(await administrator.get(api('/work?kind=all')), 422, 'invalid')), ['?kind']);
});

test('a message whose answer was lost is asked about before the button sends it once more', async (t) => {
  t.after(() => behaviour('sms', 'normal'));
  const phone = mobile();
  await behaviour('sms', 'commit_then_close', { action: 'SendSms' });
  await behaviour('sms', 'error_500', { action: 'QuerySendDetails' });
  ok(await new Client().post('/api/v1/sms-codes', { phone, purpose: 'register' }), 202);
  const id = await until('the first try', async () => (await psql(`SELECT id FROM job WHERE kind = 'SMS' AND state = 'queued' AND attempts > 0 AND lease_until IS NULL ORDER BY id DESC LIMIT 1`))[0]?.[0]);
  await psql(`UPDATE job SET attempts = 7, due_at = hall_now() WHERE id = ${id}; NOTIFY job`);
  await until('the job to be parked', async () => (await psql(`SELECT state FROM job WHERE id = ${id}`))[0][0] === 'parked', 20_000);
  await behaviour('sms', 'normal');
  await behaviour('sms', 'no_limits');
  ok(await administrator.post(api(`/work/${id}/retry`)), 204);
  await until('the job to be done', async () => (await psql(`SELECT state FROM job WHERE id = ${id}`))[0][0] === 'done', 20_000);
  assert.equal((await messages(phone)).length, 1);
});
