// Registration, the two ways to log in, sessions, a new password, and what keeps strangers out.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { applicant, behaviour, Client, dir, hallNow, hallUrl, messages, mobile, moveClock, ok, personName, pointers, redis, refused, smsCode,
  until } from './lib/client.mjs';

const send = (client, phone, purpose, more = {}) => client.post('/api/v1/sms-codes', { phone, purpose, ...more });
const codeKey = (what, phone, purpose) => `code-${what}:${purpose}:${phone}`;
const register = (client, phone, code, more = {}) =>
  client.post('/api/v1/accounts', { phone, sms_code: code, password: 'a-long-password', name: personName(), ...more });
const session = (client) => client.get('/api/v1/session');
const another = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
/** A second code within the minute that the house demands between two. */
const forgetGap = (phone) => redis('DEL', `limit-code-gap:${phone}`);

/** The code of a message that is not there yet. */
async function code(client, phone, purpose) {
  const before = (await messages(phone)).length;
  ok(await send(client, phone, purpose), 202);
  const text = await until('another message', async () => (await messages(phone))[before]?.text);
  return text.match(/验证码(\d{6})/)[1];
}

before(() => behaviour('sms', 'no_limits')); // the provider has a limit of its own, one a minute
after(() => behaviour('sms', 'normal'));

test('somebody registers with the code that was sent, and is signed in', async () => {
  const client = new Client();
  const phone = mobile();
  assert.deepEqual(ok(await send(client, phone, 'register'), 202), { expires_in: 300, retry_after: 60 });
  const left = Number(await redis('TTL', codeKey('sent', phone, 'register')));
  assert.ok(left > 290 && left <= 300, `${left}`);
  const name = personName();
  const reply = await register(client, phone, await smsCode(phone), { name });
  const account = ok(reply, 201);
  assert.equal(account.phone, phone);
  assert.equal(account.name, name);
  assert.ok(Math.abs(Date.parse(account.created_at) - hallNow()) < 60_000);
  assert.deepEqual(ok(await session(client)), account);
});

test('the session is a cookie that scripts and other sites do not get', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const reply = await register(client, phone, await smsCode(phone));
  ok(reply, 201);
  assert.equal(reply.headers['set-cookie'].length, 1);
  const [cookie, ...attributes] = reply.headers['set-cookie'][0].split('; ');
  const secure = hallUrl.startsWith('https:');
  assert.match(cookie, secure ? /^__Host-hall_session=[A-Za-z0-9_-]{22,}$/ : /^hall_session=[A-Za-z0-9_-]{22,}$/);
  assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Lax', ...(secure ? ['Secure'] : [])]);
  assert.match(reply.headers['cache-control'], /no-store/);
});

test('a session that the client made up is no session, and is not taken over at login', async () => {
  const client = await applicant();
  const stranger = new Client();
  stranger.cookies.set('hall_session', 'A'.repeat(43));
  refused(await session(stranger), 401, 'unauthenticated');
  ok(await stranger.post('/api/v1/sessions', { phone: client.phone, password: client.password }), 201);
  assert.notEqual(stranger.cookies.get('hall_session'), 'A'.repeat(43));
});

test('the answer to a request for a code does not tell whether the phone is known', async () => {
  const known = await applicant();
  await forgetGap(known.phone);
  for (const purpose of ['login', 'reset_password', 'register']) {
    const [a, b] = [known.phone, mobile()];
    const replies = [await send(new Client(), a, purpose), await send(new Client(), b, purpose)];
    assert.deepEqual(ok(replies[0], 202), ok(replies[1], 202));
    await forgetGap(a);
  }
});

test('a second code within a minute is 429, and says when to come again', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const reply = await send(client, phone, 'register');
  refused(reply, 429, 'too_many');
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait > 0 && wait <= 60, `${wait}`);
  assert.equal((await messages(phone)).length, 1);
});

test('there are five codes an hour for a number, whatever they are for and whoever asks', async () => {
  const phone = mobile();
  for (const purpose of ['register', 'login', 'reset_password', 'login', 'register']) {
    ok(await send(new Client(), phone, purpose), 202);
    await forgetGap(phone);
  }
  const reply = await send(new Client(), phone, 'login');
  refused(reply, 429, 'too_many');
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait > 3000 && wait <= 3600, `${wait}`);
});

test('there are twenty codes an hour for an address', async () => {
  const client = new Client();
  for (let i = 0; i < 20; i++) ok(await send(client, mobile(), 'login'), 202);
  const reply = await send(client, mobile(), 'login');
  refused(reply, 429, 'too_many');
  assert.ok(Number(reply.headers['retry-after']) > 3000);
  ok(await send(new Client(), mobile(), 'login'), 202);
});

test('the fifth wrong code ends the code', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const right = await smsCode(phone);
  for (let i = 0; i < 5; i++) refused(await register(client, phone, another(right)), 422, 'sms_code_wrong');
  refused(await register(client, phone, right), 422, 'sms_code_wrong');
});

test('four wrong codes do not', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const right = await smsCode(phone);
  for (let i = 0; i < 4; i++) refused(await register(client, phone, another(right)), 422, 'sms_code_wrong');
  ok(await register(client, phone, right), 201);
});

test('a code is good once, for its purpose, and for its phone', async () => {
  const client = await applicant();
  const { phone } = client;
  await forgetGap(phone);
  const login = await code(client, phone, 'login');
  refused(await client.post('/api/v1/password-resets', { phone, sms_code: login, password: 'another-password' }), 422, 'sms_code_wrong');
  refused(await client.post('/api/v1/sessions', { phone: mobile(), sms_code: login }), 422, 'sms_code_wrong');
  ok(await new Client().post('/api/v1/sessions', { phone, sms_code: login }), 201);
  refused(await new Client().post('/api/v1/sessions', { phone, sms_code: login }), 422, 'sms_code_wrong');
});

test('of many who hand in the same code at once, one gets in', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const right = await smsCode(phone);
  const replies = await Promise.all(Array.from({ length: 4 }, () => register(new Client(), phone, right)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [201, 422, 422, 422]);
});

test('a phone registers once', async () => {
  const { phone } = await applicant();
  await forgetGap(phone);
  const right = await code(new Client(), phone, 'register');
  const client = new Client();
  refused(await register(client, phone, right), 409, 'phone_taken');
  refused(await session(client), 401, 'unauthenticated');
});

test('a bad registration names every wrong field and uses no code up', async () => {
  const client = new Client();
  const phone = mobile();
  ok(await send(client, phone, 'register'), 202);
  const right = await smsCode(phone);
  const problem = refused(await client.post('/api/v1/accounts', { phone: '12345678901', sms_code: '12', password: '', nam: 'x' }), 422, 'invalid');
  assert.deepEqual(pointers(problem), ['/nam', '/name', '/password', '/phone', '/sms_code']);
  for (const [password, why] of [['short', 'password_length'], [`x${phone}y`, 'password_phone'], ['password123', 'password_common'],
    ['长'.repeat(73), 'length']]) {
    const { errors } = refused(await register(client, phone, right, { password }), 422, 'invalid');
    assert.deepEqual(errors.map(({ pointer, code: c }) => [pointer, c]), [['/password', why]]);
  }
  ok(await register(client, phone, right), 201);
});

test('both ways lead in, and only one at a time', async () => {
  const known = await applicant();
  const { phone, password } = known;
  const client = new Client();
  assert.equal(ok(await client.post('/api/v1/sessions', { phone, password }), 201).phone, phone);
  await forgetGap(phone);
  const sms = await code(new Client(), phone, 'login');
  assert.deepEqual(pointers(refused(await client.post('/api/v1/sessions', { phone, password, sms_code: sms }), 422, 'invalid')), ['/sms_code']);
  assert.deepEqual(pointers(refused(await client.post('/api/v1/sessions', { phone }), 422, 'invalid')), ['/password']);
  ok(await new Client().post('/api/v1/sessions', { phone, sms_code: sms }), 201);
});

test('a stranger learns nothing from a refused login', async () => {
  const { phone } = await applicant();
  const words = ({ status, title, detail, code: c }) => ({ status, title, detail, code: c });
  const password = 'not-the-password';
  const known = refused(await new Client().post('/api/v1/sessions', { phone, password }), 401, 'login_wrong');
  const unknown = refused(await new Client().post('/api/v1/sessions', { phone: mobile(), password }), 401, 'login_wrong');
  assert.deepEqual(words(known), words(unknown));
});

test('five wrong passwords lock the account for a quarter of an hour', async (t) => {
  t.after(() => moveClock(0));
  const { phone, password } = await applicant();
  for (let i = 0; i < 5; i++) refused(await new Client().post('/api/v1/sessions', { phone, password: 'wrong-password' }), 401, 'login_wrong');
  const reply = await new Client().post('/api/v1/sessions', { phone, password });
  refused(reply, 429, 'account_locked');
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait > 600 && wait <= 900, `${wait}`);
  await moveClock(901);
  ok(await new Client().post('/api/v1/sessions', { phone, password }), 201);
});

test('a good login forgets the wrong ones before it', async () => {
  const { phone, password } = await applicant();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 4; i++) refused(await new Client().post('/api/v1/sessions', { phone, password: 'wrong-password' }), 401, 'login_wrong');
    ok(await new Client().post('/api/v1/sessions', { phone, password }), 201);
  }
});

test('who logs out is out, with that browser alone', async () => {
  const here = await applicant();
  const there = new Client();
  ok(await there.post('/api/v1/sessions', { phone: here.phone, password: here.password }), 201);
  const thief = here.twin();
  const reply = await here.delete('/api/v1/session');
  ok(reply, 204);
  assert.match(reply.headers['set-cookie'][0], /^hall_session=;.*Max-Age=0/);
  refused(await session(thief), 401, 'unauthenticated');
  ok(await session(there));
});

test('a new password ends every session and the old password', async () => {
  const here = await applicant();
  const { phone, password } = here;
  const there = new Client();
  ok(await there.post('/api/v1/sessions', { phone, password }), 201);
  await forgetGap(phone);
  const right = await code(new Client(), phone, 'reset_password');
  const fresh = 'another-long-password';
  const weak = refused(await new Client().post('/api/v1/password-resets', { phone, sms_code: right, password: '12345678' }), 422, 'invalid');
  assert.deepEqual(pointers(weak), ['/password']);
  ok(await session(here));
  ok(await new Client().post('/api/v1/password-resets', { phone, sms_code: right, password: fresh }), 204);
  for (const client of [here, there]) refused(await session(client), 401, 'unauthenticated');
  refused(await new Client().post('/api/v1/sessions', { phone, password }), 401, 'login_wrong');
  ok(await new Client().post('/api/v1/sessions', { phone, password: fresh }), 201);
});

test('a new password cannot be had for a phone without an account', async () => {
  const phone = mobile();
  const right = await code(new Client(), phone, 'reset_password');
  refused(await new Client().post('/api/v1/password-resets', { phone, sms_code: right, password: 'another-long-password' }), 422, 'sms_code_wrong');
});

test('what comes from another site changes nothing', async () => {
  const client = await applicant();
  const body = { phone: client.phone, password: client.password };
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' },
    { origin: 'null' }, { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site', origin: hallUrl }, { origin: `${hallUrl}.evil.example` }]) {
    refused(await new Client().post('/api/v1/sessions', body, { headers }), 403, 'cross_site');
    refused(await client.delete('/api/v1/session', { headers }), 403, 'cross_site');
    refused(await client.post('/api/v1/orders', {}, { headers }), 403, 'cross_site');
  }
  ok(await session(client)); // still signed in
});

test('our own pages, and programs that say nothing, are let in', async () => {
  const { phone, password } = await applicant();
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { origin: hallUrl },
    { 'sec-fetch-site': 'same-origin', origin: hallUrl }, {}])
    ok(await new Client().post('/api/v1/sessions', { phone, password }, { headers }), 201);
});

test('a link from another site may be followed', async () => {
  const client = await applicant();
  ok(await client.get('/api/v1/session', { headers: { 'sec-fetch-site': 'cross-site' } }));
});

test('nobody in particular gets nothing that belongs to somebody', async () => {
  for (const [method, path] of [['GET', '/api/v1/session'], ['DELETE', '/api/v1/session'], ['GET', '/api/v1/orders'], ['POST', '/api/v1/orders']])
    refused(await new Client().call(method, path, method === 'POST' ? { json: {} } : {}), 401, 'unauthenticated');
});

test('refusals are in Chinese unless English is preferred', async () => {
  const client = new Client();
  assert.equal(refused(await client.get('/api/v1/session'), 401, 'unauthenticated').title, '请先登录');
  assert.equal(refused(await client.get('/api/v1/session', { lang: 'en' }), 401, 'unauthenticated').title, 'Please sign in first');
  assert.equal(refused(await client.get('/api/v1/session', { lang: 'zh-CN,en;q=0.8' }), 401, 'unauthenticated').title, '请先登录');
  const { errors } = refused(await client.post('/api/v1/sms-codes', { phone: '1', purpose: 'login' }, { lang: 'en-GB' }), 422, 'invalid');
  assert.match(errors[0].detail, /^[ -~]+$/);
});

test('codes, passwords and cookies are in no log', async () => {
  const client = await applicant();
  const logs = readdirSync(`${dir}/log`, { recursive: true }).map((name) => `${dir}/log/${name}`).filter((path) => statSync(path).isFile());
  assert.ok(logs.length > 3);
  const text = logs.map((path) => readFileSync(path, 'utf8')).join('\n');
  for (const secret of [client.password, client.cookies.get('hall_session'), client.phone]) assert.ok(!text.includes(secret));
});
