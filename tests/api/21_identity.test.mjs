// The identity check: the code on the computer, card and face on the phone (T06), and the way
// without a face (T06b).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { applicant, backOf, behaviour, bringTo, clip, Client, dir, frontOf, idCard, ok, personName, pointers, psql, readSms, refused, staff,
  until } from './lib/client.mjs';
import { hurry } from './lib/money.mjs';

const identity = async (c) => ok(await c.client.get(`${c.path}/identity-check`));
const start = (c) => c.client.post(`${c.path}/identity-checks`);
const byHand = (c) => c.client.post(`${c.path}/identity-check/manual-request`);
const open = (token, consent = true, client = new Client()) => client.post('/api/v1/h5/session', { token, face_consent: consent });
const column = async (c, what) => (await psql(`SELECT ${what} FROM identity_check i JOIN orders o ON o.id = i.order_id
  WHERE o.order_no = '${c.orderNo}' AND i.is_current`))[0]?.[0];
const actions = async (c) => (await psql(`SELECT e.action FROM audit_event e JOIN orders o ON o.id = e.order_id
  WHERE o.order_no = '${c.orderNo}' ORDER BY e.at, e.seq`)).flat();

/** A phone that has the check open. */
async function scanned(options) {
  const c = await bringTo('awaiting_identity', options);
  const phone = await c.startIdentity();
  ok(await phone.open(), 201);
  return { c, phone };
}

/** The card is read, the face is next. */
async function carded(options) {
  const { c, phone } = await scanned(options);
  await phone.cards(c.person);
  await until('the carrier to answer', async () => (await column(c, 'i.phone_match')) !== 'checking');
  return { c, phone };
}

test('from the code on the screen to the next step, on one phone', async () => {
  const c = await bringTo('awaiting_identity');
  refused(await c.client.get(`${c.path}/identity-check`), 404, 'not_found');
  const started = ok(await start(c), 201);
  assert.match(started.url, /\/h5\/#[\w-]{43}$/);
  assert.equal(started.state, 'waiting');
  assert.ok(Math.abs(Date.parse(started.expires_at) - Date.now() - 300_000) < 10_000);
  assert.equal((await identity(c)).state, 'waiting');
  const token = new URL(started.url).hash.slice(1);
  const client = new Client();
  const session = await open(token, true, client);
  assert.deepEqual(ok(session, 201), { name_masked: `${c.person.name[0]}${'*'.repeat(c.person.name.length - 1)}`, role: 'handler', state: 'scanned' });
  assert.match(session.headers['set-cookie'][0], /^hall_phone=.*Path=\/api\/v1\/h5; HttpOnly; SameSite=Strict/);
  assert.equal((await identity(c)).state, 'scanned');

  const check = async () => ok(await client.get('/api/v1/h5/check'));
  const first = await check();
  assert.deepEqual([first.front, first.back], [null, null]);
  assert.deepEqual(first.liveness, { state: 'waiting', reason: null, attempts_left: 3 });
  assert.equal((await client.upload('/api/v1/h5/id-card/front', await frontOf(c.person), 'image/jpeg')).status, 202);
  const { front } = await until('the front', async () => { const now = await check(); return now.front.state !== 'checking' && now; });
  assert.equal(front.state, 'accepted');
  assert.equal(front.recognised.id_number_masked, `${c.person.id_number.slice(0, 6)}********${c.person.id_number.slice(-4)}`);
  assert.ok(!JSON.stringify(await check()).includes(c.person.id_number));
  assert.equal((await identity(c)).state, 'scanned');
  ok(await client.upload('/api/v1/h5/id-card/back', await backOf(), 'image/jpeg'), 202);
  const { back } = await until('the back', async () => { const now = await check(); return now.back.state !== 'checking' && now; });
  assert.equal(back.recognised.valid_until, '2040-12-31');
  assert.equal((await identity(c)).state, 'id_card_done');

  const challenge = ok(await client.post('/api/v1/h5/liveness-challenges'), 201);
  assert.equal(challenge.kind, 'video');
  assert.deepEqual([...challenge.actions].sort(), ['blink', 'mouth']);
  ok(await client.upload(`/api/v1/h5/liveness-challenges/${challenge.challenge_id}/video`, await clip({ format: 'webm' }), 'video/webm'), 202);
  const order = await c.reaches('awaiting_payment');
  assert.equal(order.identity_check.state, 'passed');
  assert.equal((await check()).state, 'passed');
  assert.deepEqual([await column(c, 'i.phone_match'), await column(c, 'i.kind')], ['match', 'face']);
  assert.ok(Number(await column(c, 'i.score')) >= 70);
  assert.match((await readSms(c.person.mobile, 'N02')).text, new RegExp(`${c.orderNo}在线认证已通过`));
  const { items } = ok(await c.client.get(`${c.path}/events`));
  assert.equal(items.at(-1).type, 'identity_passed');
  assert.deepEqual((await actions(c)).slice(-4), ['T05', 'identity_started', 'phone_opened', 'T06']);
  refused(await start(c), 409, 'state_conflict');
});

test('the applicant of a personal certificate is checked in the same way', async () => {
  const { c, phone } = await carded({ type: 'natural_person' });
  assert.equal((await phone.check()).role, 'applicant');
  assert.equal((await phone.live()).liveness.state, 'passed');
  await c.reaches('awaiting_payment');
});

test('the computer waits for the phone, and hears of it at once', async () => {
  const { c, phone } = await scanned();
  const { headers } = await c.client.get(`${c.path}/identity-check`);
  assert.equal((await c.client.get(`${c.path}/identity-check`, { etag: headers.etag })).status, 304);
  const began = performance.now();
  const waiting = c.client.get(`${c.path}/identity-check?wait=25`, { etag: headers.etag });
  await phone.cards(c.person);
  assert.equal(ok(await waiting).state, 'id_card_done');
  assert.ok(performance.now() - began < 20_000);
  const here = await phone.client.get('/api/v1/h5/check');
  const phoneWaits = phone.client.get('/api/v1/h5/check?wait=25', { etag: here.headers.etag });
  ok(await phone.video(await phone.challenge(), await clip()), 202);
  assert.ok(['checking', 'passed'].includes(ok(await phoneWaits).liveness.state));
  await c.reaches('awaiting_payment');
});

test('a code is good once, and only the newest', async () => {
  const c = await bringTo('awaiting_identity');
  const [first, second] = [await c.startIdentity(), await c.startIdentity()];
  refused(await first.open(), 410, 'link_expired');
  refused(await open(first.token), 410, 'link_expired');
  ok(await second.open(), 201);
  refused(await open(second.token), 410, 'link_expired');
  refused(await open('x'.repeat(43)), 410, 'link_expired');
  refused(await new Client().post('/api/v1/h5/session', { token: second.token }), 422, 'invalid');
  assert.equal(await column(c, 'count(*) OVER ()'), '1'); // one check, whatever was asked
  const both = await c.startIdentity();
  const taken = await Promise.all([both.open(), open(both.token), open(both.token)]);
  assert.deepEqual(taken.map((r) => r.status).sort(), [201, 410, 410]);
});

test('a second scan kills the first phone', async () => {
  const { c, phone } = await scanned();
  const other = await c.startIdentity();
  ok(await other.open(), 201);
  refused(await phone.client.get('/api/v1/h5/check'), 401, 'unauthenticated');
  await other.cards(c.person);
  assert.equal((await other.live()).liveness.state, 'passed');
});

test('a phone sees its one check and nothing else', async () => {
  const { c, phone } = await scanned();
  refused(await phone.client.get(c.path), 401, 'unauthenticated');
  refused(await c.client.get('/api/v1/h5/check'), 401, 'unauthenticated');
  refused(await new Client().upload('/api/v1/h5/id-card/front', await frontOf(c.person), 'image/jpeg'), 401, 'unauthenticated');
  refused(await (await applicant()).get(`${c.path}/identity-check`), 404, 'not_found');
  refused(await (await applicant()).post(`${c.path}/identity-checks`), 404, 'not_found');
  refused(await phone.client.call('PUT', '/api/v1/h5/id-card/front', { body: Buffer.from('x'), type: 'image/jpeg',
    headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'cross_site');
});

test('a code and a session end with their time', async () => {
  const c = await bringTo('awaiting_identity');
  const phone = await c.startIdentity();
  const late = await bringTo('awaiting_identity');
  const opened = await late.startIdentity();
  ok(await opened.open(), 201);
  await psql(`UPDATE identity_check SET expires_at = hall_now() - interval '1 second' WHERE id IN (SELECT i.id FROM identity_check i
    JOIN orders o ON o.id = i.order_id WHERE o.order_no IN ('${c.orderNo}', '${late.orderNo}'))`);
  assert.equal((await identity(c)).state, 'expired');
  refused(await phone.open(), 410, 'link_expired');
  assert.equal(refused(await opened.put('front', await frontOf(late.person)), 409, 'state_conflict').state, 'expired');
  await hurry('clock/IDENTITY_EXPIRY');
  assert.equal((await late.order()).identity_check.state, 'expired');
  const again = ok(await start(c), 201);
  assert.equal(again.state, 'waiting');
  assert.equal((await psql(`SELECT count(*) FROM identity_check i JOIN orders o ON o.id = i.order_id WHERE o.order_no = '${c.orderNo}'`))[0][0], '2');
});

test('a picture that cannot be read is refused at once, in words', async () => {
  const { phone } = await scanned();
  const dark = await idCard({ side: 'front', name: '测试', id_number: '210102199003070038', quality: 'dark' });
  const blurred = await idCard({ side: 'front', name: '测试', id_number: '210102199003070038', quality: 'blurred' });
  const small = await idCard({ side: 'front', name: '测试', id_number: '210102199003070038', quality: 'small' });
  for (const bytes of [dark, blurred, small, Buffer.from('%PDF-1.4 no picture'), Buffer.from('GIF89a'), Buffer.alloc(300, 7)]) {
    const problem = refused(await phone.put('front', bytes), 422, 'image_refused');
    assert.deepEqual(pointers(problem), ['']);
  }
  refused(await phone.put('front', Buffer.alloc(2097153)), 413, 'too_large');
  refused(await phone.put('sideways', dark), 404, 'not_found');
  assert.equal((await phone.check()).front, null);
});

test('what the card says decides: name, number, side, date', async () => {
  const { c, phone } = await scanned();
  const refusedFor = async (side, jpeg, words) => {
    ok(await phone.put(side, jpeg), 202);
    const { state, reason, recognised } = (await phone.judged(side))[side];
    assert.equal(state, 'refused');
    assert.match(reason, words);
    assert.equal(recognised, null);
  };
  await refusedFor('front', await frontOf({ ...c.person, name: personName() }), /姓名与申请表不一致/);
  await refusedFor('front', await frontOf({ ...c.person, id_number: '210102199003070038' }), /号码与申请表不一致/);
  await refusedFor('front', await backOf(), /不是证件的这一面/);
  await refusedFor('front', await idCard({ side: 'none' }), /未识别到证件/);
  await refusedFor('front', await frontOf(c.person, { defect: 'copy' }), /原件/);
  await refusedFor('back', await backOf({ valid_until: '2025-01-01' }), /有效期/);
  await refusedFor('back', await frontOf(c.person), /不是证件的这一面/);
  assert.equal((await identity(c)).state, 'scanned');
  await phone.cards(c.person); // it can be done better at any time
  assert.equal((await identity(c)).state, 'id_card_done');
  assert.equal(refused(await phone.put('front', await frontOf(c.person)), 409, 'state_conflict').state, 'id_card_done');
});

test('a name with another kind of dot is the same name', async () => {
  const c = await bringTo('awaiting_identity', { form: undefined, type: 'organisation' });
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { name: '阿依·测试' } });
  await c.confirm();
  await c.upload('application_form');
  await c.confirmDocuments();
  const phone = await c.startIdentity();
  ok(await phone.open(), 201);
  await phone.cards({ ...c.person, name: '阿依•测试' });
});

test('a mobile of somebody else ends the check with what the guide advises', async () => {
  const c = await bringTo('awaiting_identity');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { mobile: `1${c.person.mobile.slice(1, 7)}0009` } }); // the sandbox's carrier says no
  await c.confirm();
  await c.upload('application_form');
  await c.confirmDocuments();
  const phone = await c.startIdentity();
  ok(await phone.open(), 201);
  ok(await phone.put('front', await frontOf(c.person)), 202);
  await phone.judged('front');
  ok(await phone.put('back', await backOf()), 202);
  const failed = await until('the check to fail', async () => { const now = await identity(c); return now.state === 'failed' && now; });
  assert.equal(failed.reason_code, 'phone_differs');
  assert.match(failed.reason, /运营商APP.*对比/);
  assert.equal((await phone.check()).state, 'failed');
  refused(await phone.client.post('/api/v1/h5/liveness-challenges'), 409, 'state_conflict');
  assert.equal((await c.order()).state, 'awaiting_identity');
});

test('a carrier without a record refuses nobody', async () => {
  const c = await bringTo('awaiting_identity');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { mobile: `1${c.person.mobile.slice(1, 7)}9007` } });
  await c.confirm();
  await c.upload('application_form');
  await c.confirmDocuments();
  await c.identify();
  await c.reaches('awaiting_payment');
  assert.equal(await column(c, 'i.phone_match'), 'unknown');
  assert.equal((await c.look()).identity.phone_match, 'unknown');
});

test('three times no living face: the check is over', async () => {
  const { c, phone } = await carded();
  assert.equal((await phone.live({ result: 'ActionCloseEye' })).liveness.attempts_left, 2);
  const second = await phone.live({ result: 'CompareLowSimilarity' });
  assert.deepEqual([second.liveness.state, second.liveness.attempts_left, second.state], ['failed', 1, 'id_card_done']);
  assert.match(second.liveness.reason, /人脸与证件照片不一致/);
  const third = await phone.live({ result: 'LivessDetectFake' });
  assert.deepEqual([third.liveness.attempts_left, third.state], [0, 'failed']);
  refused(await phone.client.post('/api/v1/h5/liveness-challenges'), 409, 'state_conflict');
  const seen = await identity(c);
  assert.deepEqual([seen.state, seen.reason_code], ['failed', 'not_live']);
  assert.equal((await c.order()).state, 'awaiting_identity');
  const next = await c.startIdentity(); // a new check, with three new tries
  ok(await next.open(), 201);
  assert.equal((await next.check()).liveness.attempts_left, 3);
});

test('a challenge is good for one video, of its own check, in its time', async () => {
  const { phone } = await carded();
  const other = await carded();
  const challenge = await phone.challenge();
  refused(await other.phone.video(challenge, await clip()), 404, 'not_found');
  const newer = await phone.challenge();
  refused(await phone.video(challenge, await clip()), 404, 'not_found');
  refused(await phone.video(newer, Buffer.from('no video at all, only words')), 415, 'unsupported_type');
  const whole = await clip();
  refused(await phone.video(newer, whole.subarray(0, whole.length / 2)), 422, 'document_unreadable');
  refused(await phone.video(newer, Buffer.alloc(6291457)), 413, 'too_large');
  const twice = await Promise.all([phone.video(newer, await clip({ result: 'ActionCloseEye' })), phone.video(newer, await clip({ result: 'ActionCloseEye' }))]);
  assert.deepEqual(twice.map((r) => r.status).sort((a, b) => a - b)[0], 202);
  assert.ok([409, 410].includes(twice.map((r) => r.status).sort((a, b) => a - b)[1]), twice.map((r) => r.status).join());
  const judged = await until('the video to be judged', async () => { const now = await phone.check(); return now.liveness.state !== 'checking' && now; });
  assert.equal(judged.liveness.attempts_left, 2);
  refused(await phone.video(newer, await clip()), 410, 'challenge_expired');
  const slow = await phone.challenge();
  await psql(`UPDATE identity_check SET challenge_expires_at = hall_now() WHERE challenge_id = '${slow.challenge_id}'`);
  refused(await phone.video(slow, await clip()), 410, 'challenge_expired');
});

test('no face before the card, no card twice at a time', async () => {
  const { c, phone } = await scanned();
  refused(await phone.client.post('/api/v1/h5/liveness-challenges'), 409, 'state_conflict');
  await behaviour('faceid', 'slow', { action: 'IDCardOCR', times: 1, seconds: 2 });
  ok(await phone.put('front', await frontOf(c.person)), 202);
  refused(await phone.put('front', await frontOf(c.person)), 409, 'in_progress');
  await phone.judged('front');
});

test('a provider that is down for a moment costs patience, one that stays down costs the try', async () => {
  const { c, phone } = await scanned();
  await behaviour('faceid', 'error_500', { action: 'IDCardOCR', times: 1 });
  ok(await phone.put('front', await frontOf(c.person)), 202);
  assert.equal((await phone.judged('front')).front.state, 'accepted');
  await behaviour('faceid', 'arrears', { action: 'IDCardOCR' });
  try {
    ok(await phone.put('back', await backOf()), 202);
    const { back } = await until('the job to give up', async () => {
      await psql(`UPDATE job SET due_at = hall_now() WHERE kind = 'IDCARD' AND state = 'queued'; NOTIFY job`);
      const now = await phone.check();
      return now.back.state !== 'checking' && now;
    }, 30_000);
    assert.equal(back.state, 'refused');
    assert.match(back.reason, /暂时不可用/);
  } finally {
    await behaviour('faceid', 'normal');
  }
  ok(await phone.put('back', await backOf()), 202);
  assert.equal((await phone.judged('back')).back.state, 'accepted');
});

test('five checks a day and no more', async () => {
  const c = await bringTo('awaiting_identity');
  for (let i = 0; i < 5; i++) {
    ok(await start(c), 201);
    await psql(`UPDATE identity_check SET state = 'failed', decided_at = hall_now() WHERE is_current AND order_id = (SELECT id FROM orders WHERE order_no = '${c.orderNo}')`);
  }
  const reply = await start(c);
  refused(reply, 429, 'too_many');
  assert.ok(Number(reply.headers['retry-after']) > 80_000);
  ok(await byHand(c)); // the other way is open all the same
  assert.equal((await identity(c)).state, 'manual_requested');
});

test('going back to the form ends the phone; the same person need not prove it twice', async () => {
  const { c, phone } = await scanned();
  ok(await c.client.post(`${c.path}/form/reopening`));
  assert.equal(refused(await phone.put('front', await frontOf(c.person)), 409, 'state_conflict').state, 'expired');
  assert.equal((await phone.check()).state, 'expired');
  refused(await start(c), 409, 'state_conflict');
});

test('a video that was not forgotten at once is gone within a day', { skip: process.getuid() !== 0 && 'only root may look' }, async () => {
  const { c, phone } = await carded();
  const unlike = `unlike${Date.now()}`; // bytes that no other test sent
  const video = Buffer.concat([await clip(), Buffer.from(`\0\0\0\x20free${unlike.padEnd(24)}`, 'latin1')]);
  const sha = createHash('sha256').update(video).digest('hex');
  ok(await phone.video(await phone.challenge(), video), 202);
  await c.reaches('awaiting_payment');
  const file = `${dir}/documents/${sha.slice(0, 2)}/${sha.slice(2)}`;
  const [[due]] = await psql(`SELECT extract(epoch FROM due_at - hall_now())::int FROM job WHERE kind = 'VIDEO_DROP' AND payload->>'sha256' = '${sha}'`);
  assert.ok(due > 0 && due < 86_400);
  await psql(`UPDATE job SET due_at = hall_now() WHERE kind = 'VIDEO_DROP' AND payload->>'sha256' = '${sha}'; NOTIFY job`);
  await until('the job to have run', async () => (await psql(`SELECT state FROM job WHERE kind = 'VIDEO_DROP' AND payload->>'sha256' = '${sha}'`)).flat()[0] === 'done');
  assert.ok(!existsSync(file));
});

// ---- without a face ----

test('whoever does not want to show a face is checked by two members of staff', async () => {
  const c = await bringTo('awaiting_identity');
  const phone = await c.startIdentity();
  assert.equal(ok(await phone.open(false), 201).state, 'manual_requested');
  assert.equal((await c.order()).identity_check.kind, 'manual');
  refused(await phone.put('front', await frontOf(c.person)), 409, 'state_conflict');
  const [reviewer, administrator] = [await staff('reviewer'), await staff('administrator')];
  const waiting = ok(await reviewer.get('/api/admin/v1/identity-checks?state=manual_requested&limit=100')).items.find((i) => i.order_no === c.orderNo);
  assert.equal(waiting.person_name, c.person.name);
  assert.equal(waiting.first_result, null);
  const result = (json) => [`${c.adminPath}/identity-check/result`, json];
  refused(await reviewer.post(...result({ result: 'passed' })), 422, 'invalid');
  ok(await reviewer.post(...result({ result: 'passed', note: '视频核验，证件与本人一致' })), 202);
  refused(await reviewer.post(...result({ result: 'passed', note: '再次确认' })), 409, 'second_person_required');
  assert.equal((await c.order()).state, 'awaiting_identity');
  const done = ok(await administrator.post(...result({ result: 'passed', note: '复核无误' })));
  assert.equal(done.state, 'awaiting_payment');
  assert.equal(done.identity.kind, 'manual');
  assert.match((await readSms(c.person.mobile, 'N02')).text, /在线认证已通过/);
  assert.equal(ok(await c.client.get(`${c.path}/events`)).items.at(-1).label, '人工核验身份通过');
  refused(await administrator.post(...result({ result: 'passed', note: '又一次' })), 409, 'state_conflict');
  const acts = await actions(c);
  for (const act of ['face_declined', 'identity_recorded', 'identity_confirmed', 'T06b']) assert.ok(acts.includes(act), act);
});

test('two who disagree begin anew; two who say no end the check', async () => {
  const c = await bringTo('awaiting_identity');
  ok(await byHand(c));
  ok(await byHand(c)); // asking twice is asking once
  const path = `${c.adminPath}/identity-check/result`;
  ok(await (await staff('reviewer')).post(path, { result: 'passed', note: '本人' }), 202);
  ok(await (await staff('reviewer2')).post(path, { result: 'failed', note: '不是本人' }), 202);
  refused(await (await staff('reviewer2')).post(path, { result: 'failed', note: '不是本人' }), 409, 'second_person_required');
  ok(await (await staff('administrator')).post(path, { result: 'failed', note: '确认不是本人' }));
  const seen = await identity(c);
  assert.deepEqual([seen.state, seen.reason_code], ['failed', 'not_confirmed']);
  assert.equal((await c.order()).state, 'awaiting_identity');
  ok(await start(c), 201);
});

test('only reviewers and administrators judge by hand', async () => {
  for (const who of ['finance', 'production', 'auditor']) {
    refused(await (await staff(who)).get('/api/admin/v1/identity-checks'), 403, 'forbidden');
    refused(await (await staff(who)).post('/api/admin/v1/orders/20261122000000018/identity-check/result', { result: 'passed', note: '好' }), 403, 'forbidden');
  }
  refused(await (await staff('reviewer')).get('/api/admin/v1/identity-checks?state=passed'), 422, 'invalid');
  refused(await (await staff('reviewer')).post('/api/admin/v1/orders/20261122000000018/identity-check/result', { result: 'passed', note: '好的' }), 404, 'not_found');
});

test('a passport is looked at by staff', async () => {
  const c = await bringTo('awaiting_identity');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { id_kind: 'passport', id_number: 'E12345678' } });
  await c.confirm();
  await c.upload('application_form');
  await c.confirmDocuments();
  refused(await start(c), 409, 'face_check_unavailable');
  assert.equal(ok(await byHand(c)).state, 'manual_requested');
});

test('staff see the photographs of the card, and that is written down', async () => {
  const { c } = await carded();
  const reviewer = await staff('reviewer');
  for (const kind of ['id_front', 'id_back']) {
    const reply = await reviewer.get(`${c.adminPath}/documents/${kind}`);
    ok(reply);
    assert.equal(reply.body.subarray(0, 3).toString('hex'), 'ffd8ff');
  }
  refused(await reviewer.get(`${c.adminPath}/documents/liveness_video`), 404, 'not_found');
  refused(await (await staff('finance')).get(`${c.adminPath}/documents/id_front`), 403, 'forbidden');
  assert.equal((await actions(c)).filter((a) => a === 'document_seen').length, 2);
});

test('a check of a month ago no longer counts', async () => {
  const c = await bringTo('awaiting_payment');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await psql(`UPDATE identity_check SET decided_at = hall_now() - interval '31 days' WHERE order_id = (SELECT id FROM orders WHERE order_no = '${c.orderNo}')`);
  await c.confirm();
  assert.equal((await c.confirmDocuments()).state, 'awaiting_identity');
  ok(await start(c), 201);
});
