// 金融认证: 0.01 yuan with the PIN, and all that banks do to it.
import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { bankMemo, behaviour, bringTo, makeForm, messages, moveClock, ok, otherAccount, pointers, psql, readSms, refused, sandbox, staff, until } from './lib/client.mjs';
import { containerRefuses, made, madeTo, openContainer, pinOfMemo, pinOfSms } from './lib/made.mjs';

const PENDING = 'bank_verification_pending';
const FAILED = 'bank_verification_failed';
const online = (more = {}) => ({ method: 'wechat_pay', ...more });
const ofOrder = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const column = async (sql) => (await psql(sql))[0]?.[0];
const attempts = async (c) => psql(`SELECT attempt, state, reason, kind FROM bank_verification WHERE order_id = ${ofOrder(c)} ORDER BY attempt`);
const desk = async (who, method, path, json) => (await staff(who)).call(method, `/api/admin/v1${path}`, { json });
const rowOf = async (c) => ok(await desk('finance', 'GET', '/bank-verifications?limit=100')).items.find((row) => row.order_no === c.orderNo);
const moves = async (c) => (await psql(`SELECT move FROM audit_event WHERE order_id = ${ofOrder(c)} AND move IS NOT NULL ORDER BY at, seq`)).map(([move]) => move);
const transfers = async (account) => (await sandbox('GET', '/transfers')).items.filter((t) => t.account_number === account);

/** A form whose account has this tail: the sandbox's bank treats it by its last four digits. */
function formWith(tail, type = 'organisation') {
  const form = makeForm(type);
  return makeForm(type, { ...form, bank_account: { ...form.bank_account, account_number: form.bank_account.account_number.slice(0, -4) + tail } });
}
const withTail = (account, tail) => ({ ...account, account_number: `${account.account_number.slice(0, -4)}${tail}` });
const change = (c, account) => c.client.put(`${c.path}/bank-account`, account);

before(() => moveClock(0));
afterEach(() => behaviour('all', 'normal'));
after(() => moveClock(0));

test('another name at the bank, twice; then it is right (T28, T31, T27)', async () => {
  const c = await bringTo(PENDING, online({ form: formWith('0001') }));
  const failed = await c.reaches(FAILED);
  assert.equal(failed.bank_verification.reason, 'account_name_mismatch');
  assert.deepEqual([...failed.allowed_actions].sort(), ['cancel', 'change_bank_account']);
  assert.match((await readSms(c.person.mobile, 'N17')).text, /户名不符/);
  const { account_name: name, bank_code: code } = c.form.bank_account;
  assert.deepEqual(pointers(refused(await change(c, { account_name: '别的公司', bank_code: '1', account_number: '12' }), 422, 'invalid')), ['/account_name', '/account_number', '/bank_code']);
  assert.deepEqual(pointers(refused(await change(c, { account_name: name, bank_code: code }), 422, 'invalid')), ['/account_number']);
  const first = await pinAt(c.form.bank_account.account_number);
  const second = withTail(otherAccount(c.form), '0001');
  assert.equal(ok(await change(c, second)).state, PENDING);
  assert.match((await readSms(c.person.mobile, 'N18')).text, /原PIN码作废/);
  await c.reaches(FAILED);
  const third = otherAccount(c.form);
  const order = ok(await change(c, third));
  assert.equal(order.form.bank_account.account_number, third.account_number);
  assert.equal(order.bank_verification.account_tail, third.account_number.slice(-4));
  await c.reaches('issued', 20_000);
  assert.deepEqual((await attempts(c)).map(([, state]) => state), ['failed', 'failed', 'ok']);
  const pin = await pinOfMemo(third.account_number);
  const p12 = (await c.client.get(`${c.path}/certificate.p12`)).body;
  await openContainer(p12, pin);
  assert.notEqual(pin, first);
  assert.ok(await containerRefuses(p12, first), 'the first PIN is worth nothing');
  assert.deepEqual(await psql(`SELECT state, sealed IS NULL FROM pin WHERE order_id = ${ofOrder(c)} ORDER BY id`), [['burned', 't'], ['burned', 't'], ['sent', 'f']]);
  assert.equal((await psql(`SELECT revision_no FROM orders WHERE id = ${ofOrder(c)}`))[0][0], '1', 'no new revision: the verdict stands');
});

/** The PIN in the memo of a transfer that failed: the payee never saw it, the bank did. */
async function pinAt(account) {
  const request = (await sandbox('GET', '/requests?provider=bank')).items.findLast((r) => JSON.stringify(r).includes(account) && JSON.stringify(r).includes('PIN码'));
  return /PIN码([0-9A-Z]{12})/.exec(JSON.stringify(request))?.[1] ?? 'ABCDEFGHJKMN';
}

test('nobody else may change the account, and only after a failure', async () => {
  const c = await madeTo('issued', online());
  assert.equal(refused(await change(c, otherAccount(c.form)), 409, 'state_conflict').state, 'issued');
  const other = await bringTo('draft');
  refused(await other.client.put(`${c.path}/bank-account`, otherAccount(c.form)), 404, 'not_found');
});

test('three tries a day, six in all', async () => {
  const c = await made(online({ form: formWith('0002') }));
  const again = async (tail = '0002') => {
    const reply = await change(c, withTail(otherAccount(c.form), tail));
    if (reply.status === 200) await c.reaches(FAILED);
    return reply;
  };
  await c.reaches(FAILED);
  ok(await again());
  ok(await again('0003'));
  assert.equal((await c.order()).bank_verification.reason, 'account_status');
  const tired = await again();
  assert.match(refused(tired, 429, 'bank_tries_today').detail, /每天最多3次/);
  assert.ok(Number(tired.headers['retry-after']) <= 86_400);
  await moveClock(86_400);
  for (let i = 0; i < 3; i++) ok(await again('9005'));
  await moveClock(2 * 86_400);
  assert.match(refused(await again(), 429, 'bank_tries_used').detail, /最多6次/);
  assert.equal((await attempts(c)).length, 6);
  await moveClock(0);
});

test('a slow bank is asked, never told twice (T29)', async () => {
  await behaviour('bank', 'slow_settlement', { seconds: 5, times: 1 });
  const c = await made(online());
  await until('the attempt to be open', async () => (await c.order()).bank_verification?.state === 'unknown');
  assert.equal((await c.order()).state, PENDING);
  await c.reaches('issued', 40_000);
  assert.equal((await transfers(c.form.bank_account.account_number)).length, 1);
  assert.deepEqual((await moves(c)).filter((m) => /^T2[6-9]/.test(m)), ['T26', 'T29', 'T27']);
});

for (const mode of ['commit_then_drop', 'commit_then_close', 'commit_then_500', 'garbage'])
  test(`an answer that is lost (${mode}): one transfer, one PIN`, async () => {
    await behaviour('bank', mode, { times: 1, action: 'BB1PAYOP' });
    const c = await made(online());
    await c.reaches('issued', 40_000);
    const { account_number: account } = c.form.bank_account;
    assert.equal((await transfers(account)).length, 1);
    await openContainer((await c.client.get(`${c.path}/certificate.p12`)).body, await pinOfMemo(account));
  });

for (const mode of ['refuse', 'error_502', 'rate_limit'])
  test(`a bank that did not take it (${mode}) is told again, with the same reference`, async () => {
    await behaviour('bank', mode, { times: 2, action: 'BB1PAYOP' });
    const c = await made(online());
    const tried = () => column(`SELECT attempts FROM job WHERE order_id = ${ofOrder(c)} AND kind = 'BANK_SEND'`);
    await until('the first try', async () => (await attempts(c))[0]?.[1] === 'unknown' || Number(await tried()) > 1);
    // What may have arrived is only asked about until the quiet time is over.
    for (let later = 1; later <= 4 && (await c.order()).state === PENDING; later++) {
      await moveClock(later * 1000);
      await until('another try', async () => (await c.order()).state !== PENDING, 6000).catch(() => {});
    }
    await c.reaches('issued', 30_000);
    assert.equal((await transfers(c.form.bank_account.account_number)).length, 1);
    assert.equal((await attempts(c)).length, 1);
    await moveClock(0);
  });

test('"no such transfer" is not believed too soon', async () => {
  await behaviour('bank', 'slow_settlement', { seconds: 3600, times: 1, action: 'BB1PAYOP' });
  const c = await made(online());
  await until('the attempt to be open', async () => (await attempts(c))[0]?.[1] === 'unknown');
  await behaviour('bank', 'not_found', { times: 3, action: 'BB1PAYQR' });
  await new Promise((done) => setTimeout(done, 6000));
  assert.equal((await transfers(c.form.bank_account.account_number)).length, 1);
  assert.equal((await attempts(c))[0][1], 'unknown');
  const { reference } = (await transfers(c.form.bank_account.account_number))[0];
  await sandbox('POST', `/transfers/${reference}`, { state: 'paid' });
  await c.reaches('issued', 40_000);
});

test('a transfer that never ends is settled by two people', async () => {
  const c = await made(online({ form: formWith('0004') }));
  await until('the attempt to be open', async () => (await attempts(c))[0]?.[1] === 'unknown');
  const { id, state } = await rowOf(c);
  assert.equal(state, 'unknown');
  const say = (who, result, note = '银行柜面查询结果') => desk(who, 'POST', `/bank-verifications/${id}/result`, { result, note });
  refused(await say('production', 'ok'), 403, 'forbidden');
  assert.deepEqual(pointers(refused(await say('finance', 'maybe'), 422, 'invalid')), ['/result']);
  ok(await say('finance', 'failed'), 202);
  refused(await say('finance', 'failed'), 409, 'second_person_required');
  ok(await say('finance2', 'ok'), 202); // they do not agree: a new request
  assert.equal((await c.order()).state, PENDING);
  ok(await say('finance', 'ok'));
  await c.reaches('issued', 30_000);
  refused(await say('finance', 'ok'), 409, 'state_conflict');
  refused(await desk('finance', 'POST', '/bank-verifications/999999/result', { result: 'ok', note: 'x' }), 404, 'not_found');
});

test('two people who agree while the bank is being asked do not wait for the next question', async () => {
  const c = await made(online({ form: formWith('0004') }));
  await until('the attempt to be open', async () => (await attempts(c))[0]?.[1] === 'unknown');
  const { id } = await rowOf(c);
  const say = (who) => desk(who, 'POST', `/bank-verifications/${id}/result`, { result: 'ok', note: '银行柜面查询结果' });
  await psql(`UPDATE bank_verification SET submitted_at = submitted_at - interval '1 hour' WHERE id = ${id}`); // the next question would come in half an hour
  await behaviour('bank', 'slow', { seconds: 4, times: 1, action: 'BB1PAYQR' });
  await psql(`UPDATE job SET due_at = hall_now() WHERE kind = 'BANK_SEND' AND order_id = ${ofOrder(c)}; NOTIFY job`);
  await until('the bank to be asked', async () => (await psql(`SELECT 1 FROM job WHERE kind = 'BANK_SEND' AND order_id = ${ofOrder(c)} AND lease_until > hall_now()`)).length > 0);
  ok(await say('finance'), 202);
  ok(await say('finance2'));
  await c.reaches('issued', 30_000);
});

test('an account proved by a letter of the bank: the PIN goes by SMS (T31b)', async () => {
  const c = await made(online({ form: formWith('0003', 'organisation') }));
  await c.reaches(FAILED);
  const { id } = await rowOf(c);
  const say = (who, result) => desk(who, 'POST', `/bank-verifications/${id}/result`, { result, note: '收到开户行证明，原件编号2026-7' });
  refused(await say('reviewer', 'failed'), 409, 'state_conflict');
  ok(await say('reviewer', 'ok'), 202);
  ok(await say('finance', 'ok'));
  await c.reaches('issued', 20_000);
  assert.deepEqual((await attempts(c)).map(([, state, , kind]) => [state, kind]), [['failed', 'transfer'], ['ok', 'manual']]);
  await openContainer((await c.client.get(`${c.path}/certificate.p12`)).body, await pinOfSms(c.form));
  assert.equal((await c.order()).bank_verification.state, 'ok');
});

test('a transfer that comes back before the certificate keeps the gate shut', async () => {
  ok(await desk('production', 'PUT', '/issuance/switch', { on: false }));
  try {
    const c = await made(online({ form: formWith('9006') }));
    await c.reaches('bank_verified');
    const { reference } = (await transfers(c.form.bank_account.account_number))[0];
    await moveClock(7200);
    await until('it to be seen', async () => (await attempts(c))[0][1] === 'failed', 30_000);
    assert.ok(reference.startsWith('V'));
    ok(await desk('production', 'PUT', '/issuance/switch', { on: true }));
    await c.reaches('issuance_failed', 20_000);
    const row = ok(await desk('production', 'GET', '/issuance?state=failed&limit=100')).items.find((r) => r.order_no === c.orderNo);
    assert.equal(row.failure, 'bank_verification_missing');
    assert.equal(await column(`SELECT count(*) FROM audit_event WHERE order_id = ${ofOrder(c)} AND action = 'bank_transfer_returned'`), '1');
  } finally {
    await desk('production', 'PUT', '/issuance/switch', { on: true });
    await moveClock(0);
  }
});

test('giving up after a failure gives the money back (T24d)', async () => {
  const c = await bringTo(PENDING, online({ form: formWith('0002') }));
  await c.reaches(FAILED);
  await c.cancel('账户问题无法解决');
  await c.reaches('refunded', 30_000);
  assert.deepEqual(await psql(`SELECT state FROM pin WHERE order_id = ${ofOrder(c)}`), [['burned']]);
});

test('no log, no event and no page of staff holds a PIN', async () => {
  const c = await madeTo('issued', online());
  const pin = (await bankMemo(c.form.bank_account.account_number)).slice(-12);
  assert.equal(await column(`SELECT count(*) FROM audit_event WHERE detail::text LIKE '%${pin}%'`), '0');
  assert.equal(await column(`SELECT count(*) FROM job WHERE payload::text LIKE '%${pin}%'`), '0');
  assert.equal(await column(`SELECT count(*) FROM sms WHERE text_masked LIKE '%${pin}%'`), '0');
  assert.ok(!JSON.stringify(await rowOf(c)).includes(pin));
  assert.ok(!(await messages(c.person.mobile)).some((m) => m.text.includes(pin)));
});

test('staff cannot read what lies sealed in a job, nor a PIN', async () => {
  for (const [what, table] of [['secret', 'job'], ['sealed', 'pin'], ['key_sealed', 'cert_intent']])
    for (const role of ['hall_staff', 'hall_web', 'hall_callback', 'hall_render'])
      assert.equal(await column(`SELECT has_column_privilege('${role}', '${table}', '${what}', 'SELECT')`), 'f', `${role} reads ${table}.${what}`);
});
