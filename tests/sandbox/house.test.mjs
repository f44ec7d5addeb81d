// The house around the stand-ins: restart, clock, requests, ledger, control calls, page, start.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { alipayClient, bankClient, sfClient, smsClient, wechatClient } from './clients.mjs';
import { exchange, makeKeys, script, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world;

before(async () => (world = await startAll(keys)));
after(async () => {
  assert.deepEqual(world.logged, []);
  await world.close();
  keys.remove();
});

test('a restart finds everything again, and goes on with what was under way', async () => {
  const state = join(keys.dir, 'replay.state');
  const first = await startAll(keys, (config) => (config.state = state));
  const [wx, ali, sms, bank, sf] = [wechatClient, alipayClient, smsClient, bankClient, sfClient].map((c) =>
    c(first),
  );
  first.hall.respond = () => [500, ''];
  const { code_url } = (await wx.prepay('SZ00000001', { notify_url: `${first.hall.url}/cb` })).json();
  await first.post('/sandbox/payments', { code_url });
  await first.hall.wait(1);
  const { qr_code } = (await ali.precreate('ALI1')).node;
  await sms.send('13800000001', 'N06', { no: '1' });
  await first.behave('bank', 'slow_settlement', { times: 1, seconds: 60 });
  await bank.pay('SZBANK1', '6222020000001111');
  await sf.order('O-1');
  await first.behave('sms', 'arrears');
  await until(async () => (await first.items('/sandbox/callbacks'))[0].tries.length === 1);
  const ledger = await first.get('/sandbox/ledger');
  await first.close();
  appendFileSync(state, '["sms_message","half a li'); // as a kill in the middle of a write leaves it

  const second = await startAll(keys, (config) => (config.state = state));
  second.hall.respond = () => [200, ''];
  assert.deepEqual(await second.get('/sandbox/ledger'), ledger);
  assert.equal((await second.items('/sandbox/messages?phone=13800000001')).length, 1);
  assert.equal((await second.get('/sandbox/behaviour')).active[0].mode, 'arrears');
  assert.equal((await second.post('/sandbox/payments', { code_url: qr_code })).status, 201);
  await second.control('PUT', '/sandbox/clock', { offset_seconds: 61 });
  await until(async () => (await second.items('/sandbox/transfers'))[0].state === 'paid');
  // The hall of before is gone, so the repeat fails: but it is tried.
  await until(async () => (await second.items('/sandbox/callbacks?provider=wechatpay'))[0].tries.length >= 2);
  await second.post('/sandbox/reset');
  await second.close();

  const third = await startAll(keys, (config) => (config.state = state));
  assert.equal((await third.get('/sandbox/ledger')).wechatpay.orders.length, 0);
  await third.close();
});

test('the program starts by itself and survives kill -9', async () => {
  const state = join(keys.dir, 'killed.state');
  const start = async () => {
    const child = spawn(
      process.execPath,
      [script('main.mjs'), '--config', join(keys.dir, 'sandbox.json'), '--state', state, '--port', '0'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const line = await new Promise((resolve) =>
      child.stdout.once('data', (data) => resolve(data.toString())),
    );
    return { child, base: /http:\/\/[\d.:]+/.exec(line)[0] };
  };
  const ended = (child) =>
    new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const one = await start();
  assert.equal((await wechatClient({ ...world, base: one.base }).prepay('SZ00000009')).status, 200);
  one.child.kill('SIGKILL');
  assert.equal(await ended(one.child), 'SIGKILL');
  const two = await start();
  assert.equal(
    (await wechatClient({ ...world, base: two.base }).query('SZ00000009')).json().trade_state,
    'NOTPAY',
  );
  two.child.kill('SIGTERM');
  assert.equal(await ended(two.child), 0);
  assert.equal(statSync(state).mode & 0o777, 0o600);
});

test('the clock file moves the sandbox, and the sandbox the file', async () => {
  const clock_file = join(keys.dir, 'clock');
  writeFileSync(clock_file, '3600\n');
  const moved = await startAll(keys, (config) => (config.clock_file = clock_file));
  assert.equal((await moved.get('/sandbox/clock')).offset_seconds, 3600);
  await moved.control('PUT', '/sandbox/clock', { offset_seconds: -60 });
  assert.equal(readFileSync(clock_file, 'utf8'), '-60\n');
  writeFileSync(clock_file, '7200\n');
  await until(async () => (await moved.get('/sandbox/clock')).offset_seconds === 7200);
  const now = Date.parse((await moved.get('/sandbox/clock')).now);
  assert.ok(Math.abs(now - Date.now() - 7200_000) < 1000);
  assert.equal((await moved.control('PUT', '/sandbox/clock', { offset_seconds: 'soon' })).status, 422);
  assert.equal((await moved.control('PUT', '/sandbox/clock', { speed: 0 })).status, 422);
  await moved.close();
});

test('what arrived is listed, with verdicts and without secrets', async () => {
  const wx = wechatClient(world);
  await wx.prepay('SZREQUEST1');
  await wx.call('POST', '/v3/pay/transactions/native', wx.order('SZREQUEST1'), { spoil: () => 'AAAA' });
  await smsClient(world).send('13900000001', 'N01', { code: '739281' }, { OutId: 'SZREQUEST2' });
  const items = await world.items('/sandbox/requests?key=SZREQUEST1');
  assert.deepEqual(
    items.map((r) => [r.provider, r.action, r.signature, r.status, r.code]),
    [
      ['wechatpay', 'prepay', 'ok', 200, null],
      ['wechatpay', 'prepay', 'bad', 401, 'SIGN_ERROR'],
    ],
  );
  assert.equal((await world.items(`/sandbox/requests?provider=sms&after=${items.at(-1).id}`)).length, 1);
  assert.equal((await world.items('/sandbox/requests?limit=1')).length, 1);
  const text = JSON.stringify(await world.items('/sandbox/requests'));
  for (const secret of ['739281', '13900000001', world.settings.wechatpay_serial])
    assert.ok(!text.includes(secret));
});

test('the ledger counts what was captured less what went back, by day', async () => {
  await world.post('/sandbox/reset');
  const wx = wechatClient(world);
  for (const number of ['SZLEDGER1', 'SZLEDGER2']) {
    const { code_url } = (await wx.prepay(number)).json();
    await world.post('/sandbox/payments', { code_url });
  }
  await wx.refund('SZLEDGER1', 'R1', 4000);
  await until(async () => (await world.get('/sandbox/ledger')).wechatpay.refunded_fen === 4000);
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  const { captured_fen, refunded_fen, net_fen, orders } = (await world.get(`/sandbox/ledger?day=${today}`))
    .wechatpay;
  assert.deepEqual([captured_fen, refunded_fen, net_fen, orders.length], [48000, 4000, 44000, 2]);
  assert.equal((await world.get('/sandbox/ledger?day=2020-01-01')).wechatpay.net_fen, 0);
});

test('the control calls of the contract have exactly their members', async () => {
  await world.post('/sandbox/reset');
  await smsClient(world).send('13900000002', 'N06', { no: '1' });
  await bankClient(world).pay('SZSHAPE1', '6222020000001111');
  const [message] = await world.items('/sandbox/messages?phone=13900000002');
  for (const name of ['at', 'phone', 'template', 'text', 'params']) assert.ok(name in message, name);
  const [line] = await world.items('/sandbox/bank-statement?account_number=6222020000001111');
  for (const name of ['at', 'amount_fen', 'memo']) assert.ok(name in line, name);
  const set = await world.behave('sms', 'slow', { times: 3 });
  assert.deepEqual([set.status, set.provider, set.mode, set.times], [200, 'sms', 'slow', 3]);
});

test('control calls: only from here, only JSON, only what there is', async () => {
  const raw = (options, path = '/sandbox/reset') => exchange(world.base + path, options);
  assert.equal((await raw({ method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
  assert.equal((await raw({ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })).status, 200);
  assert.equal((await raw({ method: 'POST', body: '{' })).status, 400);
  assert.equal((await raw({ method: 'DELETE' })).status, 405);
  assert.equal((await raw({}, '/sandbox/nothing')).status, 404);
  assert.equal((await raw({}, '/../config.mjs')).status, 404);
  assert.equal((await raw({}, '/page/index.html')).status, 404);
  assert.equal((await raw({}, '/sandbox/parcels/SF1/events')).status, 405);
  assert.equal((await raw({ method: 'POST' }, '/sandbox/parcels/%ff/events')).status, 404);
  assert.equal((await raw({ method: 'POST', body: 'x'.repeat(17 << 20) })).status, 413);
  assert.equal((await world.post('/sandbox/refunds/none')).status, 404);
  assert.equal((await world.post('/sandbox/transfers/none', { state: 'paid' })).status, 404);
  assert.equal((await world.post('/sandbox/persons', {})).status, 422);
  assert.equal((await world.post('/sandbox/accounts', {})).status, 422);
});

test('the page: no inline script or style, nothing from elsewhere', async () => {
  const page = await exchange(`${world.base}/`);
  assert.match(page.headers['content-security-policy'], /^default-src 'none'/);
  assert.match(page.text, /<html lang="zh-CN">/);
  assert.doesNotMatch(page.text, /<script(?![^>]*src=)|<style|style=|\son\w+=|https?:\/\//);
  for (const file of ['/page.css', '/page.js']) {
    const { status, text } = await exchange(world.base + file);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org)/);
    if (file === '/page.js') assert.doesNotMatch(text, /innerHTML|eval\(/);
  }
});

test('keys: fresh for each, files for nobody else, settings by their fixed names', () => {
  const names = [
    'notify_base_url',
    'wechatpay_base_url',
    'wechatpay_mchid',
    'wechatpay_appid',
    'wechatpay_serial',
    'wechatpay_key_file',
    'wechatpay_public_key_id',
    'wechatpay_public_key_file',
    'wechatpay_apiv3_key_file',
    'alipay_base_url',
    'alipay_app_id',
    'alipay_seller_id',
    'alipay_key_file',
    'alipay_public_key_file',
    'sms_base_url',
    'sms_access_key_id',
    'sms_access_key_secret_file',
    'sms_sign_name',
    'faceid_base_url',
    'faceid_secret_id',
    'faceid_secret_key_file',
    'bank_base_url',
    'bank_uid',
    'bank_account',
    'bank_sm2_key_file',
    'bank_public_key_file',
    'bank_sm4_key_file',
    'courier_base_url',
    'courier_partner_id',
    'courier_checkword_file',
    'invoice_base_url',
    'invoice_app_key',
    'invoice_app_secret_file',
    'invoice_token_file',
    'invoice_seller_tax_number',
    'invoice_seller_address',
    'invoice_seller_phone',
    'invoice_clerk',
    'invoice_goods_code',
    'invoice_poll_s',
  ];
  assert.deepEqual(Object.keys(keys.settings).sort(), [...names].sort());
  for (const [name, value] of Object.entries(keys.settings))
    if (name.endsWith('_file')) assert.ok(existsSync(value), name);
  for (const name of readdirSync(keys.dir).filter((n) => /key|secret|checkword/.test(n)))
    assert.equal(statSync(join(keys.dir, name)).mode & 0o077, 0, name);
  assert.equal(readFileSync(keys.settings.wechatpay_apiv3_key_file).length, 32);
  assert.equal(readFileSync(keys.settings.bank_sm4_key_file).length, 16);
  const other = makeKeys('--hall', 'https://127.0.0.1:8443');
  assert.equal(other.settings.notify_base_url, 'https://127.0.0.1:8443/callback');
  assert.notEqual(other.settings.wechatpay_serial, keys.settings.wechatpay_serial);
  other.remove();
  const text = execFileSync('openssl', [
    'pkey',
    '-in',
    keys.settings.bank_sm2_key_file,
    '-text',
    '-noout',
  ]).toString();
  assert.match(text, /SM2/);
});

test('keys never fall on a directory that has some', () => {
  const dir = join(keys.dir, 'again');
  mkdirSync(dir);
  writeFileSync(join(dir, 'hall.conf'), '');
  assert.throws(() => execFileSync(process.execPath, [script('keys.mjs'), dir], { stdio: 'pipe' }));
  assert.equal(readFileSync(join(dir, 'hall.conf'), 'utf8'), '');
});
