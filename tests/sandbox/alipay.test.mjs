import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { alipayClient } from './clients.mjs';
import { exchange, makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, ali;
let count = 0;
const fresh = () => `ALI${++count}`;

before(async () => {
  world = await startAll(keys);
  ali = alipayClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  world.hall.got.length = 0;
  world.hall.respond = () => [200, 'success'];
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

async function open(more, params) {
  const number = fresh();
  const answer = await ali.precreate(number, more, { notify_url: `${world.hall.url}/notify`, ...params });
  return { number, code_url: answer.node.qr_code };
}
const scan = (code_url, action) => world.post('/sandbox/payments', { code_url, action });
const form = (callback) => Object.fromEntries(new URLSearchParams(callback.body));

test('a trade is opened, paid by somebody who scans, notified and found', async () => {
  world.hall.respond = () => [200, 'success'];
  const { number, code_url } = await open();
  assert.equal((await scan(code_url)).status, 201);
  const [callback] = await world.hall.wait(1);
  assert.ok(ali.trusts(callback.body));
  const notify = form(callback);
  assert.deepEqual(
    [notify.trade_status, notify.total_amount, notify.out_trade_no, notify.app_id, notify.seller_id],
    ['TRADE_SUCCESS', '243.00', number, world.settings.alipay_app_id, world.settings.alipay_seller_id],
  );
  const found = await ali.query(number);
  assert.ok(found.trusted);
  assert.deepEqual(
    [found.node.trade_status, found.node.total_amount, found.node.trade_no],
    ['TRADE_SUCCESS', '243.00', notify.trade_no],
  );
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'accepted');
});

test('there is no trade before somebody scans', async () => {
  const { number, code_url } = await open();
  assert.equal((await ali.query(number)).node.sub_code, 'ACQ.TRADE_NOT_EXIST');
  assert.equal((await ali.close(number)).node.sub_code, 'ACQ.TRADE_NOT_EXIST');
  await scan(code_url, 'scan');
  assert.equal((await ali.query(number)).node.trade_status, 'WAIT_BUYER_PAY');
  assert.equal((await ali.close(number)).node.code, '10000');
  assert.equal((await ali.query(number)).node.trade_status, 'TRADE_CLOSED');
  assert.equal((await scan(code_url)).status, 409);
});

test('answers come in four spellings, each signed over its own bytes', async () => {
  const answers = [];
  for (let i = 0; i < 4; i++)
    answers.push(await ali.precreate(fresh(), { subject: '数字/证书'.replace('/', '') }));
  assert.ok(answers.every((a) => a.trusted && a.node.code === '10000'));
  assert.ok(answers.some((a) => a.text.includes('https:\\/\\/')));
  assert.ok(answers.some((a) => a.text.startsWith('{"sign"')));
  const errors = [];
  for (let i = 0; i < 4; i++) errors.push(await ali.query('NONE'));
  assert.ok(errors.every((a) => a.trusted && a.node.sub_msg === '交易不存在'));
  assert.ok(errors.some((a) => a.text.includes('\\u4ea4')));
});

test('what is not signed as it must be is refused', async () => {
  const refused = async (options, code) => {
    const answer = await ali.call('alipay.trade.query', { out_trade_no: 'X' }, options);
    assert.equal(answer.error?.sub_code, code);
    assert.ok(!answer.trusted);
  };
  await refused({ spoil: (s) => 'A' + s.slice(1).replace(/[A-Z]/, 'b') }, 'isv.invalid-signature');
  await refused({ spoil: () => '' }, 'isv.missing-sign');
  await refused({ more: { app_id: '2021000000000000' } }, 'isv.invalid-app-id');
  await refused({ more: { charset: '' } }, 'isv.missing-charset');
  await refused({ more: { timestamp: '' } }, 'isv.missing-timestamp');
  await refused({ more: { timestamp: '2020-01-01 00:00:00' } }, 'isv.invalid-timestamp');
  await refused({ more: { sign_type: 'RSA' } }, 'isv.invalid-signature-type');
  await refused({ more: { version: '2.0' } }, 'isv.invalid-format');
  assert.equal((await ali.call('alipay.trade.nothing', {})).error.sub_code, 'isv.invalid-method');
});

test('the same number: a repeat is fine, other content is not', async () => {
  const { number, code_url } = await open();
  assert.equal((await ali.precreate(number)).node.code, '10000');
  assert.equal(
    (await ali.precreate(number, { total_amount: '1.00' })).node.sub_code,
    'ACQ.CONTEXT_INCONSISTENT',
  );
  await scan(code_url);
  assert.equal((await ali.precreate(number)).node.sub_code, 'ACQ.TRADE_HAS_SUCCESS');
  for (const more of [
    { total_amount: '0' },
    { total_amount: '1.001' },
    { subject: 'a=b' },
    { out_trade_no: 'a-b' },
    { timeout_express: '20x' },
    { time_expire: '2020-01-01 00:00:00', timeout_express: undefined },
  ]) {
    assert.equal(
      (await ali.precreate(fresh(), more)).node.sub_code,
      'ACQ.INVALID_PARAMETER',
      JSON.stringify(more),
    );
  }
});

test('refunds: once by number, partial, full, and no more than there is', async () => {
  const { number, code_url } = await open();
  assert.equal((await ali.refund(number, 'R0', '1.00')).node.sub_code, 'ACQ.TRADE_NOT_EXIST');
  await scan(code_url, 'scan');
  assert.equal((await ali.refund(number, 'R0', '1.00')).node.sub_code, 'ACQ.TRADE_STATUS_ERROR');
  await scan(code_url);
  const first = await ali.refund(number, 'R1', '43.00');
  assert.deepEqual([first.node.fund_change, first.node.refund_fee], ['Y', '43.00']);
  const again = await ali.refund(number, 'R1', '43.00');
  assert.deepEqual([again.node.fund_change, again.node.refund_fee], ['N', '43.00']);
  assert.equal((await ali.refund(number, 'R1', '42.00')).node.sub_code, 'ACQ.CONTEXT_INCONSISTENT');
  assert.equal((await ali.refund(number, 'R2', '200.01')).node.sub_code, 'ACQ.REASON_TRADE_REFUND_FEE_ERR');
  assert.equal((await ali.query(number)).node.trade_status, 'TRADE_SUCCESS');
  await ali.refund(number, 'R2', '200.00');
  assert.equal((await ali.query(number)).node.trade_status, 'TRADE_CLOSED');
  assert.equal((await ali.refundQuery(number, 'R2')).node.refund_status, 'REFUND_SUCCESS');
  assert.ok(!('refund_status' in (await ali.refundQuery(number, 'R9')).node));
  const refunds = (await world.hall.wait(3)).map(form).filter((n) => n.gmt_refund);
  assert.deepEqual(refunds.map((n) => [n.out_biz_no, n.refund_fee, n.trade_status]).sort(), [
    ['R1', '43.00', 'TRADE_SUCCESS'],
    ['R2', '243.00', 'TRADE_CLOSED'],
  ]);
  assert.equal((await world.get('/sandbox/ledger')).alipay.net_fen, 0);
});

test('refunds by mode: no change said, no result, poor seller', async () => {
  const { number, code_url } = await open();
  await scan(code_url);
  await world.behave('alipay', 'refund_no_change', { times: 1 });
  assert.equal((await ali.refund(number, 'R1', '1.00')).node.fund_change, 'N');
  assert.equal((await ali.refundQuery(number, 'R1')).node.refund_status, 'REFUND_SUCCESS');
  await world.behave('alipay', 'refund_processing', { times: 1 });
  await ali.refund(number, 'R2', '2.00');
  assert.ok(!('refund_status' in (await ali.refundQuery(number, 'R2')).node));
  await world.post('/sandbox/refunds/R2', { status: 'FAILED' });
  assert.equal((await ali.refund(number, 'R3', '242.00')).node.code, '10000');
  await world.behave('alipay', 'not_enough', { times: 1 });
  assert.equal((await ali.refund(number, 'R4', '1.00')).node.sub_code, 'ACQ.SELLER_BALANCE_NOT_ENOUGH');
});

test('cancel closes what is unpaid and refunds what is paid', async () => {
  const first = await open();
  await scan(first.code_url, 'scan');
  assert.equal((await ali.cancel(first.number)).node.action, 'close');
  assert.equal((await ali.query(first.number)).node.trade_status, 'TRADE_CLOSED');
  const second = await open();
  await scan(second.code_url);
  assert.equal((await ali.cancel(second.number)).node.action, 'refund');
  assert.equal((await ali.query(second.number)).node.trade_status, 'TRADE_CLOSED');
  assert.equal((await ali.cancel('NONE')).node.action, 'close');
});

test('only the seven bytes count, and the table has eight deliveries', async () => {
  const answers = ['success\n', 'SUCCESS', '<html>success</html>', '"success"', 'ok', '', 'succes', 'fail'];
  world.hall.respond = (path, body, n) => [200, answers[n - 1]];
  await world.control('PUT', '/sandbox/clock', { speed: 1e6 });
  const { code_url } = await open();
  await scan(code_url);
  const got = await world.hall.wait(8);
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'given_up');
  assert.equal(new Set(got.map((c) => form(c).notify_id)).size, 1);
  assert.equal(world.hall.got.length, 8);
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
});

test('codes and trades expire', async () => {
  const first = await open({ timeout_express: '5m' });
  const second = await open();
  await scan(second.code_url, 'scan');
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 301 });
  assert.equal((await scan(first.code_url)).status, 410);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 5401 });
  assert.equal((await scan(second.code_url)).status, 409);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 0 });
  assert.equal((await ali.query(second.number)).node.trade_status, 'TRADE_CLOSED');
});

// The files of a zip archive, by walking its local entries.
function unzip(data) {
  const files = [];
  for (let at = 0; data.readUInt32LE(at) === 0x04034b50; ) {
    const [packed, nameSize, extra] = [
      data.readUInt32LE(at + 18),
      data.readUInt16LE(at + 26),
      data.readUInt16LE(at + 28),
    ];
    const from = at + 30 + nameSize + extra;
    const decode = (bytes) => new TextDecoder('gbk').decode(bytes);
    files.push({
      name: decode(data.subarray(at + 30, at + 30 + nameSize)),
      text: decode(inflateRawSync(data.subarray(from, from + packed))),
    });
    at = from + packed;
  }
  return files;
}

test('the bill of a day is a zip of GBK files behind a short-lived link', async () => {
  const day = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  const { number, code_url } = await open();
  await scan(code_url);
  await ali.refund(number, 'R1', '43.00');
  const method = 'alipay.data.dataservice.bill.downloadurl.query';
  assert.equal(
    (await ali.call(method, { bill_type: 'trade', bill_date: day })).node.sub_code,
    'isp.bill_not_exist',
  );
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 86400 });
  const tomorrow = new Date(Date.now() + 32 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
  const ask = (bill_date) =>
    ali.call(method, { bill_type: 'trade', bill_date }, { more: { timestamp: tomorrow } });
  const { bill_download_url } = (await ask(day)).node;
  const files = unzip((await exchange(bill_download_url)).body);
  assert.ok(files[0].name.endsWith('业务明细.csv') && files[1].name.includes('汇总'));
  const rows = files[0].text.split('\r\n').filter((l) => l && !l.startsWith('#'));
  assert.equal(rows.length, 3);
  assert.ok(rows[1].includes('243.00') && rows[2].includes('-43.00') && rows[2].includes('R1'));
  assert.equal((await ask('2020-01-01')).node.bill_file_code, 'EMPTY_DATA_WITH_BILL_FILE');
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 86440 });
  assert.equal((await exchange(bill_download_url)).status, 403);
});
