// The reviewer's desk: queue, leases, verdicts, the second pair of eyes.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { bringAll, moveClock, newStaff, ok, pointers, psql, readSms, refused, staff, until } from './lib/client.mjs';

const LEASE_S = 20 * 60;
const REASON = { target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰' };
const FORM_REASON = { target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '邮寄地址不完整' };

let anna, berta, policy;
const pending = []; // organisations' orders, paid on line, as they were submitted
const person = []; // of natural persons

before(async () => {
  [[policy]] = await psql(`SELECT second_review FROM project WHERE code = 'ccgp-liaoning'`);
  await psql(`UPDATE project SET second_review = second_review || '{"random_percent": 0}' WHERE code = 'ccgp-liaoning'`);
  [anna, berta] = [await newStaff('reviewer'), await newStaff('reviewer')];
  const all = await bringAll([...Array(6).fill(['pending_review', {}]), ...Array(3).fill(['pending_review', { type: 'natural_person', method: 'alipay' }])]);
  const places = (await psql('SELECT order_no FROM orders ORDER BY submitted_at, id')).flat(); // in the queue
  all.sort((a, b) => places.indexOf(a.orderNo) - places.indexOf(b.orderNo));
  pending.push(...all.filter((c) => c.type === 'organisation'));
  person.push(...all.filter((c) => c.type === 'natural_person'));
});
after(() => psql(`UPDATE project SET second_review = '${policy}' WHERE code = 'ccgp-liaoning'`));

const claim = (who, c) => who.post(`${c.adminPath}/claim`);
const release = (who, c) => who.delete(`${c.adminPath}/claim`);
const approve = (who, c, sha256, more = {}) => who.post(`${c.adminPath}/approval`, { revision_sha256: sha256, ...more });
const sendBack = (who, c, reasons) => who.post(`${c.adminPath}/rejection`, { reasons });
const deny = (who, c, reason = '提交的资料不真实') => who.post(`${c.adminPath}/denial`, { reason });
const next = (who) => who.post('/api/admin/v1/reviews/next');
const stateOf = async (c) => (await c.order()).state;
const events = async (c) => psql(`SELECT action, actor_role, actor_id FROM audit_event WHERE order_id = (SELECT id FROM orders WHERE order_no = '${c.orderNo}') ORDER BY at, seq`);

test('the queue gives the oldest first, to each reviewer another, and the same again to who has one', async () => {
  const waiting = (await psql(`SELECT order_no FROM orders WHERE state IN ('pending_review', 'pending_second_review') ORDER BY submitted_at, id LIMIT 2`)).flat();
  const [a, b] = [ok(await next(anna)).order_no, ok(await next(berta)).order_no];
  assert.deepEqual([a, b], waiting);
  assert.equal(ok(await next(anna)).order_no, a);
  const mine = ok(await anna.get('/api/admin/v1/orders?assigned=me')).items;
  assert.deepEqual(mine.map((o) => o.order_no), [a]);
  for (const [who, no] of [[anna, a], [berta, b]]) ok(await who.delete(`/api/admin/v1/orders/${no}/claim`), 204);
  assert.equal(ok(await next(berta)).order_no, a);
  ok(await berta.delete(`/api/admin/v1/orders/${a}/claim`), 204);
});

test('the queue is listed as it is taken, page by page', async () => {
  const list = async (more) => ok(await anna.get(`/api/admin/v1/orders?state=pending_review&sort=queue${more}`));
  const waiting = (await psql(`SELECT order_no FROM orders WHERE state = 'pending_review' ORDER BY submitted_at, id`)).flat();
  const first = await list('&limit=2');
  const second = await list(`&limit=2&cursor=${encodeURIComponent(first.next_cursor)}`);
  assert.deepEqual([...first.items, ...second.items].map((o) => o.order_no), waiting.slice(0, 4));
  for (const query of ['sort=queue', 'sort=queue&state=pending_review&q=abc', 'sort=upwards&state=pending_review'])
    assert.deepEqual(pointers(refused(await anna.get(`/api/admin/v1/orders?${query}`), 422, 'invalid')), ['?sort']);
});

test('of many who ask at once nobody gets what another has', async () => {
  const people = [anna, berta, await newStaff('reviewer'), await newStaff('reviewer')];
  const taken = await Promise.all(people.map((who) => next(who).then((reply) => ok(reply).order_no)));
  assert.equal(new Set(taken).size, people.length);
  await Promise.all(people.map((who, i) => who.delete(`/api/admin/v1/orders/${taken[i]}/claim`).then((reply) => ok(reply, 204))));
});

test('what another transaction holds is passed over, and an empty queue says so', async () => {
  const held = psql(`BEGIN; SELECT id FROM orders WHERE state IN ('pending_review', 'pending_second_review') FOR UPDATE;
    SELECT pg_sleep(60); COMMIT`).catch(() => {}); // ended below
  await until('the lock', async () => (await psql(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'`)).length > 0);
  try {
    refused(await next(anna), 404, 'queue_empty');
  } finally {
    await psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND pid <> pg_backend_pid()`);
    await held;
  }
});

test('a certain order can be taken, by one, and given back', async () => {
  const [c, d] = pending;
  const seen = ok(await claim(anna, c));
  assert.equal(seen.state, 'in_review');
  assert.equal(await stateOf(c), 'in_review');
  ok(await claim(anna, c)); // taking it again makes the lease longer
  assert.equal(refused(await claim(berta, c), 409, 'state_conflict').state, 'in_review');
  refused(await release(berta, c), 409, 'not_leased');
  refused(await approve(berta, c, seen.revision_sha256), 409, 'not_leased');
  refused(await sendBack(berta, c, [REASON]), 409, 'not_leased');
  refused(await deny(berta, c), 409, 'not_leased');
  refused(await claim(anna, d), 409, 'lease_held');
  ok(await release(anna, c), 204);
  assert.equal(await stateOf(c), 'pending_review');
  assert.equal(refused(await release(anna, c), 409, 'state_conflict').state, 'pending_review');
  assert.equal(refused(await approve(anna, c, seen.revision_sha256), 409, 'state_conflict').state, 'pending_review');
});

test('of many who take the same one at once, one gets it', async () => {
  const [c] = pending;
  const people = [anna, berta, await newStaff('reviewer')];
  const replies = await Promise.all(people.map((who) => claim(who, c)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409, 409]);
  ok(await release(people[replies.findIndex((r) => r.status === 200)], c), 204);
});

test('a lease ends by the clock, and its verdict comes too late', async (t) => {
  t.after(() => moveClock(0));
  const [c] = pending;
  const { revision_sha256: sha256 } = ok(await claim(anna, c));
  await moveClock(LEASE_S + 1);
  const late = await approve(anna, c, sha256);
  assert.ok(['not_leased', 'state_conflict'].includes(refused(late, 409, late.json.code).code));
  await c.reaches('pending_review', 30_000);
  ok(await claim(berta, c));
  refused(await approve(anna, c, sha256), 409, 'not_leased');
  ok(await release(berta, c), 204);
  const moves = (await events(c)).map(([action, role]) => `${action} ${role}`);
  assert.ok(moves.includes('T12 system') && moves.includes('T12 reviewer'), `${moves}`);
});

test('a verdict is about what was looked at', async () => {
  const [c] = pending;
  const { revision_sha256: sha256 } = ok(await claim(anna, c));
  assert.match(sha256, /^[0-9a-f]{64}$/);
  for (const other of ['0'.repeat(64), 'z'.repeat(64), sha256.toUpperCase()].filter((s) => s !== sha256)) refused(await approve(anna, c, other), 412, 'stale');
  assert.equal(await stateOf(c), 'in_review');
  // What no page can do: the content changes under the reviewer's eyes.
  const [[before]] = await psql(`SELECT sha256 FROM document d JOIN orders o ON o.id = d.order_id WHERE o.order_no = '${c.orderNo}' AND d.is_current AND d.kind = 'business_licence'`);
  const change = (sha) => psql(`UPDATE document SET sha256 = '${sha}' WHERE is_current AND kind = 'business_licence' AND order_id = (SELECT id FROM orders WHERE order_no = '${c.orderNo}')`);
  await change('f'.repeat(64));
  refused(await approve(anna, c, sha256), 412, 'stale');
  await change(before);
  const { state } = ok(await approve(anna, c, sha256, { note: '资料齐全' }));
  assert.notEqual(state, 'in_review');
  await c.reaches(['bank_verification_pending', 'bank_verified', 'issuing', 'issued']);
  assert.equal(refused(await approve(anna, c, sha256), 409, 'state_conflict').state, (await c.order()).state);
  const [[verdict, note, staffId]] = await psql(`SELECT verdict, note, staff_id FROM review r JOIN orders o ON o.id = r.order_id WHERE o.order_no = '${c.orderNo}'`);
  assert.deepEqual([verdict, note, staffId], ['approved', '资料齐全', anna.id]);
});

test('what is to be corrected is told with reasons that point somewhere', async () => {
  const c = pending.at(-1);
  ok(await claim(anna, c));
  for (const [reasons, wanted] of [[[], ['/reasons']], [[{ ...REASON, target: 'the weather' }], ['/reasons/0/target']],
    [[REASON, { ...REASON, code: 'Not A Code' }], ['/reasons/1/code']], [[{ target: 'form', code: 'x' }], ['/reasons/0/text']],
    [Array.from({ length: 31 }, () => REASON), ['/reasons']]])
    assert.deepEqual(pointers(refused(await sendBack(anna, c, reasons), 422, 'invalid')), wanted);
  // A project may offer fewer reasons than there are; a reviewer's own words are not among them.
  await psql(`UPDATE project SET return_reasons = '{licence_unclear}' WHERE code = 'ccgp-liaoning'`);
  try {
    assert.deepEqual(pointers(refused(await sendBack(anna, c, [REASON, FORM_REASON, { ...REASON, code: 'own_words' }]), 422, 'invalid')), ['/reasons/1/code']);
  } finally {
    await psql(`UPDATE project SET return_reasons = NULL WHERE code = 'ccgp-liaoning'`);
  }
  const reply = ok(await sendBack(anna, c, [REASON, FORM_REASON]));
  assert.equal(reply.state, 'returned');
  const order = await c.order();
  assert.equal(order.state_label, '未通过');
  assert.deepEqual(order.rejection.reasons.map(({ target, code, text }) => ({ target, code, text })),
    [REASON, FORM_REASON].map(({ target, code, text }) => ({ target, code, text })));
  assert.equal(order.rejection.reasons[1].pointer, FORM_REASON.pointer);
  const { text } = await readSms(c.person.mobile, 'N05');
  assert.match(text, new RegExp(`${c.orderNo}.*共2处.*${REASON.text}`));
  assert.ok(order.allowed_actions.includes('edit_form') && order.allowed_actions.includes('resubmit'));
  assert.equal(order.promised_at, null); // the clock of our promise stands still
});

test('what comes back goes to who has seen it before', async () => {
  const c = pending.at(-1);
  await c.upload('business_licence');
  ok(await c.client.post(`${c.path}/resubmission`));
  assert.equal(await stateOf(c), 'pending_review');
  assert.notEqual((await c.order()).promised_at, null);
  const other = ok(await next(berta)).order_no;
  assert.notEqual(other, c.orderNo); // for everybody else it is the last of those that wait
  ok(await berta.delete(`/api/admin/v1/orders/${other}/claim`), 204);
  assert.equal(ok(await next(anna)).order_no, c.orderNo);
  assert.equal((await c.order()).rejection, null);
  ok(await release(anna, c), 204);
});

test('a natural person needs two pairs of eyes, and they are not the same', async () => {
  const [c] = person;
  const { revision_sha256: sha256 } = ok(await claim(anna, c));
  assert.equal(ok(await approve(anna, c, sha256)).state, 'pending_second_review');
  refused(await claim(anna, c), 409, 'second_person_required');
  const other = await next(anna); // nor by the queue
  if (other.status === 200) {
    assert.notEqual(other.json.order_no, c.orderNo);
    ok(await anna.delete(`/api/admin/v1/orders/${other.json.order_no}/claim`), 204);
  }
  const seen = ok(await claim(berta, c));
  assert.equal(seen.state, 'in_second_review');
  assert.equal(seen.revision_sha256, sha256);
  ok(await release(berta, c), 204);
  assert.equal(await stateOf(c), 'pending_second_review');
  ok(await claim(berta, c));
  refused(await approve(berta, c, '0'.repeat(64)), 412, 'stale');
  ok(await approve(berta, c, sha256));
  await c.reaches(['bank_verification_pending', 'bank_verified', 'issuing', 'issued']);
});

test('the second may send it back, and both verdicts are void then', async () => {
  const c = person[1];
  const { revision_sha256: sha256 } = ok(await claim(anna, c));
  ok(await approve(anna, c, sha256));
  ok(await claim(berta, c));
  assert.equal(ok(await sendBack(berta, c, [{ target: 'documents/application_form', code: 'form_not_signed', text: '申请表未手写签字' }])).state, 'returned');
  const rows = await psql(`SELECT stage, verdict, is_void FROM review r JOIN orders o ON o.id = r.order_id WHERE o.order_no = '${c.orderNo}' ORDER BY r.id`);
  assert.deepEqual(rows, [['1', 'approved', 't'], ['2', 'returned', 'f']]);
  await c.upload('application_form', { words: ['--dpi', '220'] });
  ok(await c.client.post(`${c.path}/resubmission`));
  const again = ok(await claim(berta, c)); // a first look again, by whom it may
  assert.equal(again.state, 'in_review');
  assert.notEqual(again.revision_sha256, sha256);
  refused(await approve(berta, c, sha256), 412, 'stale');
  ok(await approve(berta, c, again.revision_sha256));
  refused(await claim(berta, c), 409, 'second_person_required');
});

test('a second lease ends by the clock too', async (t) => {
  t.after(() => moveClock(0));
  const c = person[1]; // in pending_second_review, first seen by berta
  ok(await claim(anna, c));
  await moveClock(LEASE_S + 1);
  await c.reaches('pending_second_review', 30_000);
  const moves = (await events(c)).map(([action, role]) => `${action} ${role}`);
  assert.ok(moves.includes('T16 system'), `${moves}`);
});

test('nobody is turned away by one person alone; what was paid goes back', async () => {
  const c = pending[2];
  ok(await claim(anna, c));
  const asked = await deny(anna, c, '提交的资料不真实');
  assert.equal(ok(asked, 202).state, 'in_review');
  refused(await deny(anna, c, '提交的资料不真实'), 409, 'second_person_required');
  const administrator = await staff('administrator');
  assert.equal(ok(await deny(administrator, c, '提交的资料不真实')).state, 'refunding');
  const { state, close_reason: why } = await c.reaches('refunded', 30_000);
  assert.equal(state, 'refunded');
  assert.equal(why, '提交的资料不真实');
  assert.match((await readSms(c.person.mobile, 'N09')).text, /不予受理：提交的资料不真实。已付款项将原路退回/);
  const rows = await psql(`SELECT verdict, staff_id FROM review r JOIN orders o ON o.id = r.order_id WHERE o.order_no = '${c.orderNo}' ORDER BY r.id`);
  assert.deepEqual(rows.map(([verdict]) => verdict), ['denial_asked', 'denied']);
  assert.notEqual(rows[0][1], rows[1][1]);
  assert.equal((await psql(`SELECT f.reason FROM refund f JOIN orders o ON o.id = f.order_id WHERE o.order_no = '${c.orderNo}'`))[0][0], '不予受理');
});

test('in the second review it takes two as well', async () => {
  const c = person[2];
  const { revision_sha256: sha256 } = ok(await claim(anna, c));
  ok(await approve(anna, c, sha256));
  ok(await claim(berta, c));
  ok(await deny(berta, c), 202);
  assert.equal(ok(await deny(anna, c)).state, 'refunding');
  await c.reaches('refunded', 30_000);
});

test('staff see everything but what is masked, and a look behind the mask is written down', async () => {
  const c = pending[3];
  const { id_number: idNumber } = c.form.handler;
  const shown = ok(await anna.get(c.adminPath));
  assert.equal(shown.form.organisation.name, c.form.organisation.name);
  assert.match(shown.form.handler.id_number, /^\d{6}\*+\d{3}[\dX]$/);
  const text = JSON.stringify(shown);
  for (const secret of [idNumber, c.form.legal_representative.id_number, c.form.bank_account.account_number]) assert.ok(!text.includes(secret));
  assert.deepEqual(Object.keys(shown.documents).length > 0 && shown.documents.map((d) => d.kind).sort(), [...c.kinds].sort());
  assert.ok(shown.documents.every((d) => d.checks.length > 0));
  assert.equal(shown.names['/delivery/region'], '辽宁省沈阳市和平区');
  assert.ok(shown.names['/bank_account/bank_code'].length > 4);
  assert.deepEqual(shown.changed, []);
  const revealed = ok(await anna.post(`${c.adminPath}/reveals`, { pointer: '/handler/id_number' }));
  assert.equal(revealed.value, idNumber);
  assert.equal(ok(await anna.post(`${c.adminPath}/reveals`, { pointer: '/bank_account/account_number' })).value, c.form.bank_account.account_number);
  for (const pointer of ['/handler/name', '/nothing', '/applicant/id_number', 'handler/id_number', '/'])
    assert.deepEqual(pointers(refused(await anna.post(`${c.adminPath}/reveals`, { pointer }), 422, 'invalid')), ['/pointer']);
  const rows = await psql(`SELECT e.actor_id, e.detail ->> 'pointer' FROM audit_event e JOIN orders o ON o.id = e.order_id
    WHERE e.action = 'revealed' AND o.order_no = '${c.orderNo}' ORDER BY e.at, e.seq`);
  assert.deepEqual(rows, [[anna.id, '/handler/id_number'], [anna.id, '/bank_account/account_number']]);
  for (const kind of c.kinds) assert.ok(ok(await anna.get(`${c.adminPath}/documents/${kind}`)) === undefined);
});

test('a note is for colleagues alone, stays as it is, and leaves a trace', async () => {
  const c = pending[3];
  const write = (who, text) => who.post(`${c.adminPath}/notes`, { text });
  const first = ok(await write(anna, '电话核实：单位名称已变更\n明日寄来新执照'), 201);
  assert.deepEqual(first.notes.map((note) => note.text), ['电话核实：单位名称已变更\n明日寄来新执照']);
  ok(await write(await staff('auditor'), '已留意'), 201);
  const { notes } = ok(await berta.get(c.adminPath));
  assert.deepEqual(notes.map((note) => [typeof note.staff, note.text, Math.abs(Date.parse(note.at) - Date.parse(first.notes[0].at)) < 60_000]),
    [['string', '电话核实：单位名称已变更\n明日寄来新执照', true], ['string', '已留意', true]]);
  for (const text of ['', ' \n ', 'x'.repeat(1001)]) assert.deepEqual(pointers(refused(await write(anna, text), 422, 'invalid')), ['/text']);
  refused(await anna.post('/api/admin/v1/orders/20200101000000000/notes', { text: '无此订单' }), 404, 'not_found');
  assert.deepEqual((await events(c)).filter(([action]) => action === 'noted').map(([, , actor]) => actor)[0], anna.id);
  const told = JSON.stringify([await c.order(), ok(await c.client.get(`${c.path}/events`)), await psql(`SELECT text_masked FROM sms WHERE order_id = (SELECT id FROM orders WHERE order_no = '${c.orderNo}')`)]);
  assert.ok(!told.includes('电话核实') && !told.includes('已留意') && !told.includes('noted'), 'not to the applicant');
  await assert.rejects(psql(`UPDATE order_note SET text = '改' WHERE text = '已留意'`), /order_note/);
  await assert.rejects(psql(`DELETE FROM order_note WHERE text = '已留意'`), /order_note/);
});

test('the workbench counts what waits for each role, and nobody else\'s work', async () => {
  const of = async (who) => {
    const { waiting, today } = ok(await who.get('/api/admin/v1/workbench'));
    return Object.fromEntries([...waiting, ...today].map((line) => [line.name, line]));
  };
  const c = pending[3];
  const before = await of(anna);
  const [[n, oldest]] = await psql(`SELECT count(*), epoch(min(submitted_at)) FROM orders WHERE state = 'pending_review'`);
  assert.deepEqual([before.pending_review.n, Date.parse(before.pending_review.oldest) / 1000], [Number(n), Number(oldest)]);
  assert.deepEqual([before.held.n, before.vouchers], [0, undefined]);
  ok(await claim(anna, c));
  const after = await of(anna);
  assert.deepEqual([after.held.n, after.held.order_no, after.pending_review.n], [1, c.orderNo, before.pending_review.n - 1]);
  assert.equal((await of(berta)).held.n, 0);
  ok(await deny(anna, c), 202);
  assert.deepEqual([(await of(anna)).denial_asked.n, (await of(berta)).denial_asked.order_no], [0, c.orderNo]);
  assert.equal((await of(await newStaff('finance'))).denial_asked, undefined);
  ok(await release(anna, c), 204);
  assert.deepEqual(Object.keys(await of(await newStaff('auditor'))), ['submitted', 'paid', 'issued']);
});

test('papers are shown drawn anew, one page at a time', async () => {
  const c = pending[3];
  const preview = (kind, query = '') => anna.get(`${c.adminPath}/documents/${kind}/preview${query}`);
  for (const kind of c.kinds) {
    const reply = await preview(kind);
    ok(reply);
    assert.deepEqual([reply.type, reply.headers['x-pages']], ['image/jpeg', '1']);
    assert.equal(reply.body.subarray(0, 3).toString('hex'), 'ffd8ff');
  }
  refused(await preview('business_licence', '?page=2'), 404, 'not_found');
  refused(await preview('no_such_kind'), 404, 'not_found');
  for (const page of ['0', '101', 'x']) assert.deepEqual(pointers(refused(await preview('business_licence', `?page=${page}`), 422, 'invalid')), ['?page']);
  const [[n]] = await psql(`SELECT count(*) FROM audit_event e JOIN orders o ON o.id = e.order_id WHERE e.action = 'document_seen' AND o.order_no = '${c.orderNo}'`);
  assert.ok(Number(n) >= c.kinds.length);
});

test('an order can be found by what people have in hand', async () => {
  const c = pending[3];
  const find = async (query) => ok(await anna.get(`/api/admin/v1/orders?${query}`)).items.map((o) => o.order_no);
  for (const q of [c.orderNo, c.form.organisation.name, c.form.organisation.name.slice(2, 9), c.form.organisation.uscc])
    assert.ok((await find(`q=${encodeURIComponent(q)}`)).includes(c.orderNo), q);
  assert.deepEqual(await find(`q=${encodeURIComponent('没有这家公司')}`), []);
  assert.ok((await find('state=pending_review&limit=100')).includes(c.orderNo));
  assert.ok(!(await find('state=issued&limit=100')).includes(c.orderNo));
  for (const [query, pointer] of [['state=x', '?state'], ['assigned=you', '?assigned'], ['q=x', '?q'], ['cursor=x', '?cursor']])
    assert.deepEqual(pointers(refused(await anna.get(`/api/admin/v1/orders?${query}`), 422, 'invalid')), [pointer]);
  const first = ok(await anna.get('/api/admin/v1/orders?limit=2'));
  const second = ok(await anna.get(`/api/admin/v1/orders?limit=2&cursor=${first.next_cursor}`));
  assert.equal(new Set([...first.items, ...second.items].map((o) => o.order_no)).size, 4);
});

test('an order that is not there is not found', async () => {
  const gone = { adminPath: '/api/admin/v1/orders/20261122000000017' };
  for (const act of [claim, release, deny, (who, c) => approve(who, c, '0'.repeat(64)), (who, c) => sendBack(who, c, [REASON])])
    refused(await act(anna, gone), 404, 'not_found');
});
