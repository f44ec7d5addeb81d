// What somebody who is signed in changes of the account: password, phone, the places signed in at.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after, before } from 'node:test';
import { applicant, behaviour, Client, messages, mobile, ok, pointers, psql, readSms, redis, refused, smsCode } from './lib/client.mjs';

const ACCOUNT = '/api/v1/account';
const signIn = (client, who, more = {}) => client.post('/api/v1/sessions', { phone: who.phone, password: who.password, ...more });
const session = (client) => client.get('/api/v1/session');
const sessions = async (client) => ok(await client.get(`${ACCOUNT}/sessions`)).items;
/** The same person in another browser, signed in by itself. */
async function elsewhere(who, agent = 'Mozilla/5.0 (Windows NT 10.0)') {
  const client = new Client();
  ok(await client.call('POST', '/api/v1/sessions', { json: { phone: who.phone, password: who.password }, headers: { 'user-agent': agent } }), 201);
  return client;
}
const trail = async (phone) => (await psql(`SELECT action FROM audit_event WHERE stream = (SELECT 'accounts/' || id FROM account WHERE phone = '${phone}') ORDER BY seq`)).flat();

before(() => behaviour('sms', 'no_limits'));
after(() => behaviour('sms', 'normal'));

test('the password is changed by whoever knows it; every other place is signed out', async () => {
  const who = await applicant();
  const other = await elsewhere(who);
  const thief = who.twin();
  const wanted = { current_password: who.password, password: 'another-long-password' };
  const changed = ok(await who.put(`${ACCOUNT}/password`, wanted));
  assert.equal(changed.phone, who.phone);
  assert.deepEqual(ok(await session(who)), changed);
  for (const old of [other, thief]) refused(await session(old), 401, 'unauthenticated');
  refused(await signIn(new Client(), who), 401, 'login_wrong');
  ok(await signIn(new Client(), who, { password: wanted.password }), 201);
  assert.deepEqual((await trail(who.phone)).slice(-3), ['password_changed', 'login_refused', 'login']);
});

test('a wrong present password, or a weak new one, changes nothing and is named', async () => {
  const who = await applicant();
  for (const [json, wrong] of [
    [{ current_password: 'not-it-at-all', password: 'another-long-password' }, ['/current_password']],
    [{ current_password: who.password, password: 'short' }, ['/password']],
    [{ current_password: who.password, password: `my-${who.phone}` }, ['/password']],
    [{}, ['/current_password', '/password']],
  ]) assert.deepEqual(pointers(refused(await who.put(`${ACCOUNT}/password`, json), 422, 'invalid')), wrong);
  ok(await signIn(new Client(), who), 201);
  refused(await new Client().put(`${ACCOUNT}/password`, { current_password: 'x', password: 'another-long-password' }), 401, 'unauthenticated');
});

test('guessing the present password locks as guessing at the door does', async () => {
  const who = await applicant();
  const guess = () => who.put(`${ACCOUNT}/password`, { current_password: 'not-it-at-all', password: 'another-long-password' });
  for (let i = 0; i < 5; i++) refused(await guess(), 422, 'invalid');
  refused(await guess(), 429, 'account_locked');
  refused(await signIn(new Client(), who), 429, 'account_locked');
});

test('the phone is changed with the password and the code of the new one; the old one is told', async () => {
  const who = await applicant();
  const other = await elsewhere(who);
  const phone = mobile();
  ok(await who.post('/api/v1/sms-codes', { phone, purpose: 'change_phone' }), 202);
  const code = await smsCode(phone);
  const change = (more) => who.put(`${ACCOUNT}/phone`, { current_password: who.password, phone, sms_code: code, ...more });
  assert.deepEqual(pointers(refused(await change({ current_password: 'not-it-at-all' }), 422, 'invalid')), ['/current_password']);
  refused(await change({ sms_code: code === '000000' ? '000001' : '000000' }), 422, 'sms_code_wrong');
  assert.equal(ok(await change({})).phone, phone);
  assert.equal(ok(await session(who)).phone, phone);
  refused(await session(other), 401, 'unauthenticated');
  refused(await signIn(new Client(), who), 401, 'login_wrong');
  ok(await signIn(new Client(), { ...who, phone }), 201);
  assert.match((await readSms(who.phone, 'N29')).text, new RegExp(`尾号${phone.slice(-4)}`));
  assert.ok((await trail(phone)).includes('phone_changed'));
});

test('a phone that has an account is not taken over, and only its owner learns of it', async () => {
  const [who, other] = [await applicant(), await applicant()];
  await redis('DEL', `limit-code-gap:${other.phone}`);
  const unknown = ok(await who.post('/api/v1/sms-codes', { phone: mobile(), purpose: 'change_phone' }), 202);
  assert.deepEqual(ok(await who.post('/api/v1/sms-codes', { phone: other.phone, purpose: 'change_phone' }), 202), unknown);
  const reply = await who.put(`${ACCOUNT}/phone`, { current_password: who.password, phone: other.phone, sms_code: await newest(other.phone) });
  refused(reply, 409, 'phone_taken');
  assert.equal(ok(await session(who)).phone, who.phone);
  ok(await session(other));
});

async function newest(phone) {
  for (const end = Date.now() + 5000; Date.now() < end;) {
    const found = (await messages(phone)).filter((m) => /验证码\d{6}/.test(m.text));
    if (found.length > 1) return found.at(-1).text.match(/验证码(\d{6})/)[1];
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail('no second code');
}

test('the places signed in at are listed, and each can be signed out', async () => {
  const who = await applicant();
  const other = await elsewhere(who, 'Mozilla/5.0 (iPhone) MicroMessenger/8.0');
  const items = await sessions(who);
  assert.deepEqual(items.map((s) => s.is_current), items.map((s) => s.ip === who.from));
  assert.equal(items.length, 2);
  const there = items.find((s) => !s.is_current);
  assert.deepEqual([there.ip, there.device], [other.from, 'Mozilla/5.0 (iPhone) MicroMessenger/8.0']);
  assert.ok(Math.abs(Date.parse(there.began_at) - Date.now()) < 60_000);
  for (const token of [...who.cookies.values(), ...other.cookies.values()])
    assert.ok(!items.some((s) => token.includes(s.id) || s.id.includes(token)), 'no token is told');
  ok(await who.delete(`${ACCOUNT}/sessions/${there.id}`), 204);
  refused(await session(other), 401, 'unauthenticated');
  assert.equal((await sessions(who)).length, 1);
  refused(await who.delete(`${ACCOUNT}/sessions/${there.id}`), 404, 'not_found');
});

test("nobody ends another's session", async () => {
  const [who, other] = [await applicant(), await applicant()];
  const [{ id }] = await sessions(other);
  refused(await who.delete(`${ACCOUNT}/sessions/${id}`), 404, 'not_found');
  ok(await session(other));
});

test('signing out everywhere is everywhere', async () => {
  const who = await applicant();
  const others = [await elsewhere(who), await elsewhere(who)];
  ok(await who.delete(`${ACCOUNT}/sessions`), 204);
  for (const client of [who, ...others]) refused(await session(client), 401, 'unauthenticated');
  refused(await who.delete(`${ACCOUNT}/sessions`), 401, 'unauthenticated');
});

test('a session ends a week after it began, however busy it is', async () => {
  const who = await applicant();
  const key = `session:${createHash('sha256').update([...who.cookies.values()][0]).digest('hex')}`;
  const kept = JSON.parse(await redis('GET', key));
  const begin = (ago) => redis('SET', key, JSON.stringify({ ...kept, began: Math.floor(Date.now() / 1000) - ago }), 'EX', '7200');
  await begin(7 * 86400 - 60);
  ok(await session(who));
  await begin(7 * 86400);
  refused(await session(who), 401, 'unauthenticated');
});
