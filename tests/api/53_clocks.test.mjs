// What time does: reminders, lapses, leases, lists, anchors, and what must be forgotten.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import test, { after, afterEach } from 'node:test';
import { behaviour, bringTo, ctl, dir, makeForm, messages, moveClock, ok, psql, readSms, refused, sandbox, staff, until } from './lib/client.mjs';
import { made, madeTo } from './lib/made.mjs';

const DAY = 86_400;
const ofOrder = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const column = async (sql) => (await psql(sql))[0]?.[0];
const said = async (c, notice) => (await messages(c.client.phone ?? c.phone)).concat(await messages(c.person.mobile)).filter((m) => m.template.endsWith(notice) && m.text.includes(c.orderNo));
const hears = (c, notice, n = 1) => until(`${n} of ${notice}`, async () => (await said(c, notice)).length >= n, 20_000);
const lastEvent = async (c, move) => (await psql(`SELECT actor_role FROM audit_event WHERE order_id = ${ofOrder(c)} AND move = '${move}' ORDER BY seq DESC LIMIT 1`))[0]?.[0];

afterEach(async () => {
  await behaviour('all', 'normal');
  await moveClock(0);
});
after(() => moveClock(0));

test('a draft lapses after thirty days, with a word three days before (T25)', async () => {
  const c = await bringTo('draft');
  await moveClock(26 * DAY);
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal((await said(c, 'N15')).length, 0, 'nobody is hurried early');
  await moveClock(27 * DAY + 60);
  await hears(c, 'N15');
  await moveClock(28 * DAY);
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal((await said(c, 'N15')).length, 1, 'once');
  await moveClock(30 * DAY + 60);
  await c.reaches('expired', 15_000);
  await until('the words', async () => (await messages(c.client.phone)).some((m) => m.template.endsWith('N15E') && /未产生费用/.test(m.text)));
  assert.equal(await lastEvent(c, 'T25'), 'system');
  assert.ok((await c.order()).close_reason);
  refused(await c.client.post(`${c.path}/form/confirmation`), 409, 'state_conflict');
});

test('a payment that is open is closed at its provider before the order lapses', async () => {
  const c = await bringTo('awaiting_payment');
  await behaviour('wechat_pay', 'callback_never');
  await c.openPayment();
  const { code_url: code } = await until('the code', async () => { const p = await c.payment(); return p.code_url && p; });
  await moveClock(15 * DAY + 60);
  await c.reaches('expired', 40_000);
  assert.equal((await c.payment()).state, 'closed');
  const shown = (await sandbox('GET', '/payments')).items.find((p) => p.code_url === code);
  assert.ok(!shown || !shown.payable, 'nobody can pay it any more');
});

test('an order that was sent back: reminders on the days of the contract, then its money back', async () => {
  const c = await bringTo('returned');
  assert.equal((await said(c, 'N05')).length, 1);
  await moveClock(3 * DAY + 60);
  await hears(c, 'N05', 2);
  await moveClock(15 * DAY + 60); // the reminders of day 7 and 15 are one by now
  await hears(c, 'N05', 3);
  await moveClock(57 * DAY + 60);
  await hears(c, 'N15');
  await moveClock(60 * DAY + 60);
  await c.reaches(['refunding', 'refunded'], 20_000);
  await until('the words', async () => (await said(c, 'N15E')).some((m) => /原路退回/.test(m.text)));
  await c.reaches('refunded', 30_000);
});

test('an account that nobody corrects: reminders, then the money back (T24d)', async () => {
  const form = makeForm();
  const account = `${form.bank_account.account_number.slice(0, -4)}0001`;
  const c = await madeTo('bank_verification_failed', { method: 'wechat_pay', form: { ...form, bank_account: { ...form.bank_account, account_number: account } } });
  await moveClock(3 * DAY + 60);
  await hears(c, 'N17', 2);
  await moveClock(60 * DAY + 60);
  await until('the end', async () => ['refunding', 'refund_failed', 'refunded'].includes((await c.order()).state), 20_000);
  await hears(c, 'N14');
  assert.equal(await lastEvent(c, 'T24d'), 'system');
});

test('who says nothing has received it: completed after fifteen days (T47)', async () => {
  const c = await madeTo('issued');
  await c.ship();
  await c.deliver();
  await moveClock(14 * DAY);
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal((await c.order()).state, 'delivered');
  assert.equal((await said(c, 'N15')).length, 0, 'that is no threat');
  await moveClock(15 * DAY + 60);
  await c.reaches('completed', 15_000);
  assert.equal(await lastEvent(c, 'T47'), 'system');
  ok(await c.client.get(`${c.path}/certificate`));
});

test('a reviewer who has gone away loses the order after twenty minutes (T12)', async () => {
  const c = await bringTo('in_review');
  await moveClock(19 * 60);
  await new Promise((done) => setTimeout(done, 3000));
  assert.equal((await c.order()).state, 'in_review');
  await moveClock(21 * 60);
  await c.reaches('pending_review', 15_000);
  assert.equal(await lastEvent(c, 'T12'), 'system');
});

test('revocation lists are made anew every twelve hours', async () => {
  const numbers = async () => (await psql('SELECT issuer, max(number) FROM crl GROUP BY issuer ORDER BY issuer')).map(([, n]) => Number(n));
  await until('the first lists', async () => (await numbers()).length === 2, 30_000);
  const before = await numbers();
  // Earlier tests had the clock up to half an hour ahead: a list may be that much younger.
  await moveClock(13 * 3600);
  await until('new lists', async () => (await numbers()).every((n, i) => n > before[i]), 20_000);
  await until('them to be published', async () => (await column('SELECT count(*) FROM crl WHERE published_at IS NULL')) === '0');
});

test('the trail is anchored within a minute, and the anchors are a chain', async () => {
  const c = await bringTo('draft');
  await until('the anchor', async () => (await column(`SELECT seq - anchored FROM audit_stream WHERE stream = 'orders/${c.orderNo}'`)) === '0', 70_000);
  const rows = await psql("SELECT heads::text, encode(prev_hash, 'hex'), encode(hash, 'hex') FROM audit_checkpoint ORDER BY id");
  let last = '';
  for (const [heads, prev, hash] of rows) {
    assert.equal(prev, last);
    assert.equal(createHash('sha256').update(Buffer.from(prev, 'hex')).update(heads).digest('hex'), hash);
    last = hash;
  }
  assert.match(await ctl('audit-verify'), /all whole/);
});

test('a video is gone once it is judged', async () => {
  const c = await bringTo('awaiting_payment');
  await until('it to be forgotten', async () => (await column(`SELECT count(*) FROM identity_check WHERE order_id = ${ofOrder(c)} AND video_sha256 IS NOT NULL`)) === '0', 15_000);
});

const fileOf = (sha256) => `${dir}/documents/${sha256.slice(0, 2)}/${sha256.slice(2)}`;

test('an order without a certificate: its papers and photographs are gone within six months', async () => {
  const c = await bringTo('cancelled');
  const papers = (await psql(`SELECT sha256 FROM document WHERE order_id = ${ofOrder(c)}`)).flat();
  const photographs = (await psql(`SELECT front_sha256, back_sha256 FROM identity_check WHERE order_id = ${ofOrder(c)} AND front_sha256 IS NOT NULL`)).flat();
  assert.ok(papers.length >= 3 && photographs.length === 2);
  for (const sha256 of [...papers, ...photographs]) assert.ok(existsSync(fileOf(sha256)), 'there at first');
  await moveClock(170 * DAY);
  await new Promise((done) => setTimeout(done, 3000));
  assert.ok(existsSync(fileOf(papers[0])));
  await moveClock(181 * DAY);
  await until('them to be forgotten', async () => (await column(`SELECT count(*) FROM document WHERE order_id = ${ofOrder(c)} AND dropped_at IS NULL`)) === '0', 30_000);
  await until('the photographs too', async () => (await column(`SELECT count(*) FROM identity_check WHERE order_id = ${ofOrder(c)} AND (front_sha256 IS NOT NULL OR back_sha256 IS NOT NULL OR front_sealed IS NOT NULL)`)) === '0', 30_000);
  for (const sha256 of papers) assert.ok(!existsSync(fileOf(sha256)), 'the bytes too');
});

test('an order with a certificate keeps its papers', async () => {
  const c = await bringTo('issued', { method: 'bank_transfer' });
  await moveClock(200 * DAY);
  await new Promise((done) => setTimeout(done, 4000));
  assert.equal(await column(`SELECT count(*) FROM document WHERE order_id = ${ofOrder(c)} AND dropped_at IS NOT NULL`), '0');
});

test('kept answers are swept after a day', async () => {
  await bringTo('draft');
  assert.notEqual(await column('SELECT count(*) FROM idempotency'), '0');
  await moveClock(DAY + 7200);
  await until('them to be swept', async () => (await column("SELECT count(*) FROM idempotency WHERE created_at < hall_now() - interval '1 day'")) === '0', 20_000);
});

test('a clock that goes back stops nothing', async () => {
  await moveClock(40 * DAY);
  await new Promise((done) => setTimeout(done, 2500));
  await moveClock(0);
  const c = await made({ method: 'wechat_pay' });
  await c.reaches('issued', 30_000);
  const waiting = await column("SELECT count(*) FROM job WHERE state = 'queued' AND key LIKE 'clock/%' AND due_at > hall_now() + interval '2 hours'");
  assert.equal(waiting, '0');
  ok(await (await staff('auditor')).get('/api/admin/v1/issuance'));
  await readSms(c.person.mobile, 'N16');
});
