import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { smsClient } from './clients.mjs';
import { makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, sms;
let count = 0;
const phone = () => `1380000${String(1000 + ++count)}`;
const inbox = (number) => world.items(`/sandbox/messages?phone=${number}`);

before(async () => {
  world = await startAll(keys);
  sms = smsClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  world.config.sms.report_url = '';
  world.hall.got.length = 0;
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

test('a message is sent, read on the phone, and found by its details', async () => {
  const to = phone();
  const sent = await sms.send(
    to,
    'SMS_N03',
    { no: 'SZ1', amt: '240.00', date: '2026-11-25' },
    { OutId: 'reg 1*~' },
  );
  assert.deepEqual([sent.status, sent.Code], [200, 'OK']);
  const [message] = await inbox(to);
  assert.equal(message.text, '【深圳CA】订单SZ1已收到付款240.00元，进入审核，预计2026-11-25前完成。');
  assert.deepEqual(
    [message.phone, message.template, message.params.no, message.out_id],
    [to, 'SMS_N03', 'SZ1', 'reg 1*~'],
  );
  assert.match(message.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const details = await sms.details(to, { BizId: sent.BizId });
  const [row] = details.SmsSendDetailDTOs.SmsSendDetailDTO;
  assert.deepEqual(
    [details.TotalCount, row.SendStatus, row.OutId, row.Content],
    ['1', 3, 'reg 1*~', message.text],
  );
  assert.equal((await sms.details(to, { SendDate: '20200101' })).TotalCount, '0');
});

test('no two messages are one: the same OutId is sent twice', async () => {
  const to = phone();
  for (let i = 0; i < 2; i++) await sms.send(to, 'N06', { no: 'SZ1' }, { OutId: 'same' });
  assert.equal((await inbox(to)).length, 2);
});

test('what is not signed as it must be is refused', async () => {
  const params = {
    PhoneNumbers: phone(),
    SignName: '深圳CA',
    TemplateCode: 'SMS_N01',
    TemplateParam: '{"code":"1"}',
  };
  const refused = async (options, status, code) => {
    const answer = await sms.call('SendSms', params, options);
    assert.deepEqual([answer.status, answer.Code], [status, code]);
  };
  await refused(
    { spoil: (s) => s.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) },
    400,
    'SignatureDoesNotMatch',
  );
  await refused({ headers: { 'x-acs-content-sha256': '0'.repeat(64) } }, 400, 'SignatureDoesNotMatch');
  await refused({ headers: { 'x-acs-date': '2020-01-01T00:00:00Z' } }, 400, 'InvalidTimeStamp.Expired');
  await refused({ path: '/elsewhere' }, 400, 'SignatureDoesNotMatch');
  await refused({ headers: { 'x-acs-version': '2016-01-01' } }, 404, 'InvalidAction.NotFound');
  const nonce = { headers: { 'x-acs-signature-nonce': 'once' } };
  assert.equal((await sms.call('SendSms', params, nonce)).Code, 'OK');
  await refused(nonce, 400, 'SignatureNonceUsed');
  // The path of this server may be signed as well as the bare "/".
  assert.equal((await sms.call('QuerySendDetails', {}, { path: '/sms/' })).status, 200);
  const other = smsClient({ ...world, settings: { ...world.settings, sms_access_key_id: 'LTAInobody' } });
  assert.equal((await other.call('SendSms', params)).Code, 'InvalidAccessKeyId.NotFound');
  assert.equal((await inbox(params.PhoneNumbers)).length, 1);
});

test('every refusal of the product, HTTP 200', async () => {
  const refused = async (code, to, template, params, more) => {
    const answer = await sms.send(to, template, params, more);
    assert.deepEqual([answer.status, answer.Code], [200, code]);
  };
  await refused('isv.MOBILE_NUMBER_ILLEGAL', '12345', 'N01', { code: '1' });
  await refused('isv.MOBILE_NUMBER_ILLEGAL', '13800009004', 'N01', { code: '1' });
  await refused('isv.SMS_SIGNATURE_ILLEGAL', phone(), 'N01', { code: '1' }, { SignName: '他人' });
  await refused('isv.SMS_TEMPLATE_ILLEGAL', phone(), 'SMS_N99', {});
  await refused('isv.TEMPLATE_MISSING_PARAMETERS', phone(), 'N03', { no: '1' });
  await refused('isv.INVALID_JSON_PARAM', phone(), 'N01', { code: ['1'] });
  await refused('isv.PARAM_LENGTH_LIMIT', phone(), 'N05', { no: '1', n: '1', reason: 'x'.repeat(500) });
  for (const [mode, code] of [
    ['arrears', 'isv.AMOUNT_NOT_ENOUGH'],
    ['out_of_service', 'isv.OUT_OF_SERVICE'],
    ['system_error', 'isp.SYSTEM_ERROR'],
    ['business_limit', 'isv.BUSINESS_LIMIT_CONTROL'],
    ['illegal_number', 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['signature_illegal', 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['template_illegal', 'isv.SMS_TEMPLATE_ILLEGAL'],
  ]) {
    await world.behave('sms', mode, { times: 1 });
    await refused(code, phone(), 'N01', { code: '1' });
  }
  await world.behave('sms', 'throttling', { times: 1 });
  const throttled = await sms.send(phone(), 'N01', { code: '1' });
  assert.deepEqual([throttled.status, throttled.Code], [400, 'Throttling.User']);
  assert.equal((await inbox('')).length, 0);
});

test('codes are limited per number and minute, notices are not', async () => {
  const to = phone();
  assert.equal((await sms.send(to, 'N01', { code: '1' })).Code, 'OK');
  assert.equal((await sms.send(to, 'N01', { code: '2' })).Code, 'isv.BUSINESS_LIMIT_CONTROL');
  assert.equal((await sms.send(to, 'N06', { no: '1' })).Code, 'OK');
  assert.equal((await sms.send(to, 'N06', { no: '1' })).Code, 'OK');
  await world.behave('sms', 'no_limits', { times: 1 });
  assert.equal((await sms.send(to, 'N01', { code: '3' })).Code, 'OK');
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 60 });
  const later = {
    headers: { 'x-acs-date': new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, '') },
  };
  const params = {
    PhoneNumbers: to,
    SignName: '深圳CA',
    TemplateCode: 'SMS_N01',
    TemplateParam: '{"code":"4"}',
  };
  assert.equal((await sms.call('SendSms', params, later)).Code, 'OK');
});

test('receipts: delivered, failed, and again until the hall answers code 0', async () => {
  world.config.sms.report_url = `${world.hall.url}/callback/sms`;
  world.hall.respond = (path, body, n) => [200, n < 2 ? '{"code":"0"}' : '{"code":0,"msg":"成功"}'];
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  const sent = await sms.send(phone(), 'N06', { no: '1' }, { OutId: 'k1' });
  const got = await world.hall.wait(2);
  const [receipt] = JSON.parse(got[1].body);
  assert.deepEqual(
    [receipt.out_id, receipt.biz_id, receipt.success, receipt.err_code],
    ['k1', sent.BizId, true, 'DELIVERED'],
  );
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'accepted');
  const failing = '13800009003';
  await sms.send(failing, 'N06', { no: '1' });
  assert.equal(JSON.parse((await world.hall.wait(3))[2].body)[0].success, false);
  assert.equal((await inbox(failing)).length, 0);
  assert.equal((await sms.details(failing)).SmsSendDetailDTOs.SmsSendDetailDTO[0].SendStatus, 2);
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
});

test('slow delivery: waiting, then delivered when the clock moves', async () => {
  const to = phone();
  await world.behave('sms', 'delivery_slow', { times: 1, seconds: 20 });
  await sms.send(to, 'N06', { no: '1' });
  assert.equal((await inbox(to)).length, 0);
  assert.equal((await sms.details(to)).SmsSendDetailDTOs.SmsSendDetailDTO[0].SendStatus, 1);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 21 });
  await until(async () => (await inbox(to)).length === 1);
});
