import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { wechatClient } from './clients.mjs';
import { makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, wx;
let count = 0;
const fresh = () => `SZ${String(++count).padStart(8, '0')}`;

before(async () => {
  world = await startAll(keys);
  wx = wechatClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  world.hall.got.length = 0;
  world.hall.respond = () => [200, ''];
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

async function paid(more = {}) {
  const number = fresh();
  const prepaid = await wx.prepay(number, { notify_url: `${world.hall.url}/callback`, ...more });
  const { code_url } = prepaid.json();
  assert.equal((await world.post('/sandbox/payments', { code_url })).status, 201);
  return { number, code_url };
}

test('an order is opened, paid by somebody who scans, called back and found', async () => {
  const { number } = await paid();
  const [callback] = await world.hall.wait(1);
  assert.ok(wx.trusts(callback.headers, callback.body));
  const event = wx.open(callback);
  assert.equal(event.event_type, 'TRANSACTION.SUCCESS');
  assert.ok(event.id.length <= 36);
  const found = await wx.query(number);
  assert.ok(found.trusted);
  assert.deepEqual(found.json(), event.resource);
  assert.equal(event.resource.amount.total, 24000);
  const byId = await wx.call(
    'GET',
    `/v3/pay/transactions/id/${event.resource.transaction_id}?mchid=${world.settings.wechatpay_mchid}`,
  );
  assert.equal(byId.json().out_trade_no, number);
});

test('an unpaid order has neither transaction nor payer', async () => {
  const number = fresh();
  await wx.prepay(number);
  const answer = (await wx.query(number)).json();
  assert.equal(answer.trade_state, 'NOTPAY');
  for (const name of ['transaction_id', 'success_time', 'payer']) assert.ok(!(name in answer));
});

test('what is not signed as it must be is refused, and nothing happens', async () => {
  const number = fresh();
  const body = wx.order(number);
  const refused = async (options, status = 401, code = 'SIGN_ERROR') => {
    const answer = await wx.call('POST', '/v3/pay/transactions/native', body, options);
    assert.deepEqual([answer.status, answer.code], [status, code]);
  };
  await refused({ spoil: (s) => s.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) });
  await refused({ spoil: () => 'no base64 at all' });
  await refused({ timestamp: Math.floor(Date.now() / 1000) - 301 });
  await refused({ timestamp: Math.floor(Date.now() / 1000) + 310 });
  await refused({ headers: { authorization: 'Bearer x' } });
  await refused({ headers: { authorization: '' } });
  await refused({ headers: { accept: 'text/html' } }, 400, 'PARAM_ERROR');
  await refused({ headers: { 'user-agent': '' } }, 400, 'PARAM_ERROR');
  await refused({ headers: { 'content-type': 'text/plain' } }, 400, 'PARAM_ERROR');
  await refused({ headers: { 'wechatpay-serial': 'PUB_KEY_ID_0' } }, 400, 'PARAM_ERROR');
  assert.equal((await wx.query(number)).code, 'ORDER_NOT_EXIST');
  const signatures = (await world.items('/sandbox/requests?provider=wechatpay&action=prepay')).map(
    (r) => r.signature,
  );
  assert.deepEqual(new Set(signatures), new Set(['bad', 'missing', 'ok']));
});

test('the clock decides what is stale', async () => {
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 3600 });
  assert.equal((await wx.prepay(fresh())).code, 'SIGN_ERROR');
  assert.equal(
    (await wx.call('GET', '/v3/certificates', undefined, { timestamp: Math.floor(Date.now() / 1000) + 3600 }))
      .status,
    200,
  );
});

test('fields out of their rules are refused', async () => {
  const wrong = [
    { out_trade_no: 'short' },
    { out_trade_no: 'with space' },
    { out_trade_no: 'x'.repeat(33) },
    { description: '' },
    { description: 'x'.repeat(128) },
    { amount: { total: 0, currency: 'CNY' } },
    { amount: { total: 1.5, currency: 'CNY' } },
    { amount: { total: '1' } },
    { amount: { total: 1, currency: 'USD' } },
    { notify_url: 'http://hall.example.cn/x' },
    { notify_url: 'https://hall.example.cn/x?a=1' },
    { time_expire: '2020-01-01T00:00:00+08:00' },
    { time_expire: 'tomorrow' },
    { attach: 'x'.repeat(129) },
  ];
  for (const more of wrong) {
    const answer = await wx.prepay(fresh(), more);
    assert.deepEqual(
      [answer.status, answer.code, answer.trusted],
      [400, 'PARAM_ERROR', true],
      JSON.stringify(more),
    );
  }
  assert.equal((await wx.prepay(fresh(), { appid: 'wx1' })).code, 'APPID_MCHID_NOT_MATCH');
  assert.equal((await wx.call('POST', '/v3/pay/transactions/native', 'text')).code, 'PARAM_ERROR');
  assert.equal((await wx.call('GET', '/v3/nothing')).status, 404);
});

test('the same number: a repeat gives a fresh code, other content is refused', async () => {
  const number = fresh();
  const [first, second] = [
    (await wx.prepay(number)).json().code_url,
    (await wx.prepay(number)).json().code_url,
  ];
  assert.notEqual(first, second);
  assert.equal(
    (await wx.prepay(number, { amount: { total: 1, currency: 'CNY' } })).code,
    'OUT_TRADE_NO_USED',
  );
  assert.equal((await wx.prepay(number, { description: 'other' })).code, 'OUT_TRADE_NO_USED');
  assert.equal((await world.post('/sandbox/payments', { code_url: first })).status, 201);
  assert.equal((await world.post('/sandbox/payments', { code_url: second })).status, 409);
  assert.equal((await wx.prepay(number)).code, 'ORDERPAID');
  assert.equal((await world.get('/sandbox/ledger')).wechatpay.orders.length, 1);
});

test('closing: open, closed, scanned, paid, unknown', async () => {
  const number = fresh();
  const { code_url } = (await wx.prepay(number)).json();
  await world.post('/sandbox/payments', { code_url, action: 'scan' });
  assert.deepEqual(
    [(await wx.close(number)).status, (await wx.query(number)).json().trade_state],
    [202, 'USERPAYING'],
  );
  const other = fresh();
  const code = (await wx.prepay(other)).json().code_url;
  for (let i = 0; i < 2; i++) {
    const closed = await wx.close(other);
    assert.deepEqual([closed.status, closed.text, closed.trusted], [204, '', true]);
  }
  assert.equal((await wx.query(other)).json().trade_state, 'CLOSED');
  assert.equal((await world.post('/sandbox/payments', { code_url: code })).status, 409);
  assert.equal((await wx.prepay(other)).code, 'ORDER_CLOSED');
  const { number: done } = await paid();
  assert.equal((await wx.close(done)).code, 'ORDERPAID');
  assert.equal((await wx.close('SZ99999999')).code, 'ORDER_NOT_EXIST');
});

test('codes expire: after two hours, with their order, at a word', async () => {
  const first = (await wx.prepay(fresh())).json().code_url;
  const second = (
    await wx.prepay(fresh(), {
      time_expire: new Date(Date.now() + 120_000).toISOString().replace(/\.\d+/, ''),
    })
  ).json().code_url;
  const third = (await wx.prepay(fresh())).json().code_url;
  await world.post('/sandbox/payments', { code_url: third, action: 'expire' });
  assert.equal((await world.post('/sandbox/payments', { code_url: third })).status, 404);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 121 });
  assert.equal((await world.post('/sandbox/payments', { code_url: second })).status, 410);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 7201 });
  assert.equal((await world.post('/sandbox/payments', { code_url: first })).status, 410);
  assert.equal(
    (await world.post('/sandbox/payments', { code_url: 'weixin://wxpay/bizpayurl?pr=none' })).status,
    404,
  );
});

test('a refund: taken once by its number, finished by callback and query', async () => {
  const { number } = await paid();
  const notify_url = `${world.hall.url}/refund`;
  const first = await wx.refund(number, 'R1', 10000, { notify_url });
  assert.deepEqual([first.status, first.json().status, first.trusted], [200, 'PROCESSING', true]);
  const callback = (await world.hall.wait(2)).find((c) => c.path === '/refund');
  const event = wx.open(callback);
  assert.equal(event.event_type, 'REFUND.SUCCESS');
  assert.equal(event.resource.refund_status, 'SUCCESS');
  assert.ok(!('status' in event.resource));
  const again = await wx.refund(number, 'R1', 10000, { notify_url });
  assert.equal(again.json().refund_id, first.json().refund_id);
  assert.equal((await wx.refund(number, 'R1', 9999)).code, 'INVALID_REQUEST');
  assert.equal((await wx.refund(number, 'R2', 14001)).code, 'INVALID_REQUEST');
  assert.equal((await wx.refund(number, 'R2', 14000)).status, 200);
  assert.equal((await wx.refundQuery('R1')).json().status, 'SUCCESS');
  assert.equal((await wx.refundQuery('R9')).code, 'RESOURCE_NOT_EXISTS');
  assert.equal((await wx.query(number)).json().trade_state, 'REFUND');
  assert.equal((await wx.refund('SZ99999999', 'R3', 1)).code, 'RESOURCE_NOT_EXISTS');
  await until(async () => (await world.get('/sandbox/ledger')).wechatpay.net_fen === 0);
});

test('refunds that do not go well', async () => {
  for (const [mode, status, event] of [
    ['refund_abnormal', 'ABNORMAL', 'REFUND.ABNORMAL'],
    ['refund_closed', 'CLOSED', 'REFUND.CLOSED'],
  ]) {
    world.hall.got.length = 0;
    const { number } = await paid();
    await world.hall.wait(1);
    world.hall.got.length = 0;
    await world.behave('wechatpay', mode, { times: 1 });
    await wx.refund(number, `R-${mode}`, 24000, { notify_url: `${world.hall.url}/refund` });
    assert.equal(wx.open((await world.hall.wait(1))[0]).event_type, event);
    assert.equal((await wx.refundQuery(`R-${mode}`)).json().status, status);
  }
  const { number } = await paid();
  await world.behave('wechatpay', 'refund_processing', { times: 1 });
  await wx.refund(number, 'R-slow', 24000);
  assert.equal((await wx.refundQuery('R-slow')).json().status, 'PROCESSING');
  assert.equal((await world.post('/sandbox/refunds/R-slow')).status, 200);
  assert.equal((await world.post('/sandbox/refunds/R-slow')).status, 409);
  assert.equal((await wx.refundQuery('R-slow')).json().status, 'SUCCESS');
  await world.behave('wechatpay', 'not_enough', { times: 1 });
  const other = (await paid()).number;
  assert.equal((await wx.refund(other, 'R-poor', 1)).code, 'NOT_ENOUGH');
  assert.equal((await wx.refund(other, 'R-poor', 1)).status, 200);
});

test('callbacks come again by the table until the hall answers 200', async () => {
  world.hall.respond = (path, body, n) => [n < 4 ? 500 : 200, '{"code":"FAIL"}'];
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  const { number } = await paid();
  const got = await world.hall.wait(4);
  assert.equal(new Set(got.map((c) => wx.open(c).id)).size, 1);
  assert.equal(new Set(got.map((c) => c.headers['wechatpay-nonce'])).size, 4);
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'accepted');
  const [delivery] = await world.items(`/sandbox/callbacks?provider=wechat_pay&ref=${number}`);
  assert.equal(delivery.tries.length, 4);
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
});

test('the whole table of 15 repeats, then it is given up', async () => {
  world.hall.respond = () => [404, ''];
  await world.control('PUT', '/sandbox/clock', { speed: 1e6 });
  await paid();
  await world.hall.wait(16);
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'given_up');
  assert.equal(world.hall.got.length, 16);
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
});

test('a repeat waits for its time, and moving the clock brings it', async () => {
  world.hall.respond = (path, body, n) => [n < 2 ? 500 : 204, ''];
  await paid();
  await world.hall.wait(1);
  await until(async () => (await world.items('/sandbox/callbacks'))[0].tries.length === 1);
  await assert.rejects(world.hall.wait(2, 150));
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 16 });
  await world.hall.wait(2);
});

test('certificate mode: answers and the certificate itself', async () => {
  const serial = world.config.wechatpay.platform_cert_serial;
  const answer = await wx.call('GET', '/v3/certificates', undefined, {
    headers: { 'wechatpay-serial': serial },
  });
  assert.equal(answer.headers['wechatpay-serial'], serial);
  const [entry] = answer.json().data;
  assert.equal(entry.serial_no, serial);
  const certificate = new X509Certificate(wx.decrypt(entry.encrypt_certificate));
  const headers = { ...answer.headers, 'wechatpay-serial': world.settings.wechatpay_public_key_id };
  assert.ok(wx.trusts(headers, answer.text, certificate.publicKey));
  assert.ok(!wx.trusts(headers, answer.text));
});

test('callbacks by certificate, and by both by turns', async () => {
  world.config.wechatpay.callback_key = 'mixed';
  world.hall.respond = (path, body, n) => [n < 2 ? 500 : 200, ''];
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  await paid();
  const serials = (await world.hall.wait(2)).map((c) => c.headers['wechatpay-serial']);
  assert.deepEqual(serials, [
    world.config.wechatpay.platform_cert_serial,
    world.settings.wechatpay_public_key_id,
  ]);
  world.config.wechatpay.callback_key = 'public_key';
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
});

test('the bill of a day: hash, file, and its faults', async () => {
  const day = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 10);
  const today = day(Date.now());
  const { number } = await paid({ description: 'a,b' });
  await wx.refund(number, 'R1', 10000);
  assert.equal((await wx.call('GET', `/v3/bill/tradebill?bill_date=${today}`)).code, 'INVALID_REQUEST');
  const bill = async (hour, query) => {
    const moment = Date.parse(`${day(Date.now() + 86400_000)}T${hour}:00+08:00`);
    await world.control('PUT', '/sandbox/clock', {
      offset_seconds: Math.round((moment - Date.now()) / 1000),
    });
    const get = (uri) => wx.call('GET', uri, undefined, { timestamp: Math.floor(moment / 1000) });
    const answer = await get(`/v3/bill/tradebill?${query}`);
    if (answer.code) return answer;
    const url = new URL(answer.json().download_url);
    return {
      hash: answer.json().hash_value,
      file: await get(url.pathname.replace('/wechatpay', '') + url.search),
    };
  };
  assert.equal((await bill('08:59', `bill_date=${today}`)).code, 'STATEMENT_CREATING');
  const { hash, file } = await bill('12:00', `bill_date=${today}&tar_type=GZIP`);
  assert.ok(!file.headers['wechatpay-signature']);
  const text = gunzipSync(file.body);
  assert.equal(createHash('sha1').update(text).digest('hex'), hash);
  const rows = text.toString().trim().split('\r\n');
  assert.equal(rows.length, 5);
  assert.ok(rows[1].startsWith('`') && rows[1].includes('`240.00') && rows[1].includes('a，b'));
  assert.ok(rows[2].includes('`R1') && rows[2].includes('`100.00'));
  assert.ok(rows[4].startsWith('`2,`240.00,`100.00'));
  assert.equal((await bill('12:00', 'bill_date=2020-01-01')).code, 'NO_STATEMENT_EXIST');
  assert.equal((await bill('12:00', 'bill_date=yesterday')).code, 'PARAM_ERROR');
  const spoilt = async (mode) => {
    await world.behave('wechatpay', mode, { times: 1 });
    const { file: plain, code } = await bill('12:00', `bill_date=${today}&bill_type=SUCCESS`);
    return code ?? plain.text.trim().split('\r\n').slice(1, -2);
  };
  assert.equal((await spoilt('bill_extra_row')).length, 2);
  assert.equal(await spoilt('bill_missing_row'), 'NO_STATEMENT_EXIST');
  assert.ok((await spoilt('bill_other_amount'))[0].includes('`241.00'));
  assert.equal(await spoilt('bill_creating'), 'STATEMENT_CREATING');
});
