import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { tencentClient } from './clients.mjs';
import { exchange, makeKeys, startAll } from './helper.mjs';

const keys = makeKeys();
let world, cloud;
const ID = '11010519491231002X';

before(async () => {
  world = await startAll(keys);
  cloud = tencentClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

const phone = (Phone, more = {}) =>
  cloud.call('PhoneVerification', { IdCard: ID, Name: '测试', Phone, VerifyMode: '1', ...more });
const fetchBytes = async (path) => (await exchange(world.base + path)).body;
const card = (text) =>
  exchange(`${world.base}/sandbox/id-card`, { method: 'POST', body: JSON.stringify(text) }).then(
    (a) => a.body,
  );
const front = (more = {}) => card({ side: 'front', name: '欧阳·测试', id_number: ID, ...more });
const CONFIG = JSON.stringify({
  CopyWarn: true,
  BorderCheckWarn: true,
  ReshootWarn: true,
  DetectPsWarn: true,
  TempIdWarn: true,
  InvalidDateWarn: true,
  Quality: true,
  ReflectWarn: true,
});
const ocr = (image, CardSide = 'FRONT', more = {}) =>
  cloud.call('IDCardOCR', { ImageBase64: image.toString('base64'), CardSide, Config: CONFIG, ...more });

test('what is not signed as it must be is refused, always with HTTP 200', async () => {
  const params = { IdCard: ID, Name: '测试', Phone: '13800000001' };
  const refused = async (options, code, action = 'PhoneVerification', body = params) => {
    const answer = await cloud.call(action, body, options);
    assert.deepEqual([answer.status, answer.error], [200, code]);
    assert.ok(answer.response.RequestId);
  };
  await refused(
    { spoil: (s) => s.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) },
    'AuthFailure.SignatureFailure',
  );
  await refused({ timestamp: Math.floor(Date.now() / 1000) - 301 }, 'AuthFailure.SignatureExpire');
  await refused({ service: 'ocr' }, 'AuthFailure.SignatureFailure');
  await refused({ headers: { 'x-tc-version': '2020-01-01' } }, 'NoSuchVersion');
  await refused({ headers: { 'content-type': 'application/json' } }, 'AuthFailure.SignatureFailure');
  await refused({}, 'InvalidAction', 'Nothing');
  await refused({}, 'MissingParameter', 'PhoneVerification', { Name: '测试', Phone: '13800000001' });
  await refused({}, 'UnknownParameter', 'PhoneVerification', { ...params, Extra: '1' });
  await refused({}, 'InvalidParameter', 'PhoneVerification', { ...params, Name: 7 });
  const other = tencentClient({ ...world, settings: { ...world.settings, faceid_secret_id: 'AKIDnobody' } });
  assert.equal((await other.call('PhoneVerification', params)).error, 'AuthFailure.SecretIdNotFound');
  // A product host in the Host header is signed as it was sent.
  assert.equal(
    (await cloud.call('PhoneVerification', params, { headers: { host: 'faceid.tencentcloudapi.com' } }))
      .response.Result,
    '0',
  );
});

test('three factors: form, last digits, persons entered, modes', async () => {
  const result = async (...args) => (await phone(...args)).response.Result;
  assert.equal(await result('13800000001'), '0');
  assert.equal(await result('23800000001'), '-6');
  assert.equal(await result('13800000001', { IdCard: ID.replace('X', '1') }), '-7');
  assert.equal(await result('13800000001', { IdCard: ID.toLowerCase() }), '-7');
  assert.equal(await result('13800000001', { Name: '测 试' }), '-8');
  for (const [tail, expected] of [
    ['0009', '-4'],
    ['9008', '-13'],
    ['9007', '-9'],
    ['9006', '-11'],
    ['9005', '-12'],
  ])
    assert.equal(await result(`1380000${tail}`), expected);
  assert.equal((await phone('13800000009')).response.ResultDetail, 'PhoneIdCardMismatch');
  assert.equal((await phone('13800000009', { VerifyMode: '0' })).response.ResultDetail, '');
  await world.post('/sandbox/persons', { name: '测试', id_number: ID, mobile: '13800000002' });
  assert.equal(await result('13800000002'), '0');
  assert.equal((await phone('13800000002', { Name: '他人' })).response.ResultDetail, 'PhoneNameMismatch');
  assert.equal((await phone('13800000003')).response.ResultDetail, 'PhoneNameIdCardMismatch');
  assert.equal(
    (await phone('13800000002', { IdCard: '210102199003070038' })).response.ResultDetail,
    'PhoneIdCardMismatch',
  );
  for (const [mode, expected] of [
    ['mismatch', '-4'],
    ['no_record', '-9'],
    ['busy', '-11'],
    ['limit', '-12'],
    ['unsupported_range', '-13'],
  ]) {
    await world.behave('identity', mode, { times: 1 });
    assert.equal(await result('13800000002'), expected);
  }
  assert.ok((await world.get('/sandbox/ledger')).faceid.billed.PhoneVerification > 3);
});

test('each API has numbers of its own', async () => {
  const idCard = async (more = {}) =>
    (await cloud.call('IdCardVerification', { IdCard: ID, Name: '测试', ...more })).response.Result;
  assert.equal(await idCard(), '0');
  assert.equal(await idCard({ IdCard: '1' }), '-2');
  await world.post('/sandbox/persons', { name: '测试', id_number: ID, mobile: '13800000002' });
  assert.equal(await idCard({ Name: '他人' }), '-1');
  await world.behave('faceid', 'no_record', { times: 1 });
  assert.equal(await idCard(), '-5');
  const name = await cloud.call('CheckPhoneAndName', { Mobile: '13800000009', Name: '测试' });
  assert.equal(name.response.Result, '1');
});

test('a card is read as its comment says, in the provider’s fields', async () => {
  const side = (await ocr(await front())).response;
  assert.deepEqual(
    [side.Name, side.IdNum, side.Sex, side.Nation, side.Birth, side.Authority],
    ['欧阳·测试', ID, '女', '汉', '1949/12/31', ''],
  );
  assert.deepEqual(JSON.parse(side.AdvancedInfo), { Quality: 96, BorderCodeValue: 0, WarnInfos: [] });
  const back = {
    side: 'back',
    authority: '沈阳市公安局和平分局',
    valid_from: '2020-07-21',
    valid_until: '2040-07-21',
  };
  assert.equal((await ocr(await card(back), 'BACK')).response.ValidDate, '2020.07.21-2040.07.21');
  assert.equal(
    (await ocr(await card({ ...back, valid_until: 'long_term' }), 'BACK')).response.ValidDate,
    '2020.07.21-长期',
  );
  assert.equal(
    (
      await ocr(
        await fetchBytes(`/sandbox/id-card?side=front&name=${encodeURIComponent('测试')}&id_number=${ID}`),
      )
    ).response.Name,
    '测试',
  );
});

test('pictures that are no card, the wrong side, too small, no picture', async () => {
  const error = async (...args) => (await ocr(...args)).error;
  assert.equal(await error(await front(), 'BACK'), 'FailedOperation.CardSideError');
  assert.equal(await error(await fetchBytes('/sandbox/id-card?side=none')), 'FailedOperation.ImageNoIdCard');
  assert.equal(await error(await front({ quality: 'small' })), 'FailedOperation.IdCardTooSmall');
  assert.equal(await error(Buffer.from('no picture')), 'FailedOperation.ImageDecodeFailed');
  assert.equal(await error(Buffer.alloc(0)), 'FailedOperation.EmptyImageError');
  assert.equal(await error(await front(), 'FRONT', { Config: 'yes' }), 'InvalidParameter.ConfigFormatError');
  assert.equal(await error(Buffer.alloc(8 << 20)), 'LimitExceeded.TooLargeFileError');
  assert.equal((await exchange(`${world.base}/sandbox/id-card?side=front`)).status, 422);
});

test('defects: by the card’s comment and by mode; warnings only where asked for', async () => {
  const warnings = async (image, more) =>
    JSON.parse((await ocr(image, 'FRONT', more)).response.AdvancedInfo).WarnInfos;
  const numbers = {
    incomplete: -9101,
    copy: -9102,
    screen: -9103,
    temporary: -9104,
    covered: -9105,
    edited: -9106,
    glare: -9107,
    bad_dates: -9109,
  };
  const good = await front();
  for (const [defect, number] of Object.entries(numbers)) {
    assert.deepEqual(await warnings(await front({ defect })), [number]);
    await world.behave('faceid', defect, { times: 1 });
    assert.deepEqual(await warnings(good), [number]);
  }
  assert.deepEqual(await warnings(await front({ defect: 'copy' }), { Config: '{"Quality":true}' }), []);
  for (const [mode, code] of [
    ['blurred', 'ImageBlur'],
    ['wrong_side', 'CardSideError'],
    ['not_card', 'ImageNoIdCard'],
  ]) {
    await world.behave('faceid', mode, { times: 1 });
    assert.equal((await ocr(good)).error, `FailedOperation.${code}`);
    assert.equal((await ocr(await front({ defect: mode }))).error, `FailedOperation.${code}`);
  }
});

test('the pictures are what a phone would send: JPEG, large enough, small enough', async () => {
  const image = await front();
  assert.ok(image.length > 50_000 && image.length < 2 << 20);
  assert.deepEqual([image[0], image[1], image.at(-2), image.at(-1)], [0xff, 0xd8, 0xff, 0xd9]);
  const frame = image.indexOf(Buffer.from([0xff, 0xc0]));
  assert.deepEqual([image.readUInt16BE(frame + 5), image.readUInt16BE(frame + 7)], [800, 1280]);
  assert.ok(!image.equals(await front({ name: '别人' })));
});

const live = async (video, more = {}, image = undefined) =>
  cloud.call('LivenessCompare', {
    ImageBase64: (image ?? (await front())).toString('base64'),
    VideoBase64: video.toString('base64'),
    LivenessType: 'ACTION',
    ValidateData: '2,1',
    ...more,
  });

test('liveness passes unless the clip, the card or the mode says otherwise', async () => {
  const clip = await fetchBytes('/sandbox/liveness-clip');
  assert.ok(clip.length < 200_000);
  const passed = (await live(clip)).response;
  assert.equal(passed.Result, 'Success');
  assert.ok(passed.Sim > 70 && passed.BestFrameBase64);
  for (const [query, result] of [
    ['result=passed', 'Success'],
    ['result=failed', 'FailedOperation.ActionCloseEye'],
    ['result=ActionLightDark', 'FailedOperation.ActionLightDark'],
    ['format=webm', 'Success'],
    ['format=webm&result=failed', 'FailedOperation.ActionCloseEye'],
  ]) {
    assert.equal((await live(await fetchBytes(`/sandbox/liveness-clip?${query}`))).response.Result, result);
  }
  const low = (await live(clip, {}, await front({ sim: 40 }))).response;
  assert.deepEqual([low.Result, low.Sim], ['FailedOperation.CompareLowSimilarity', 40]);
  for (const [mode, result] of [
    ['liveness_fail', 'ActionCloseEye'],
    ['low_similarity', 'CompareLowSimilarity'],
    ['fake', 'LivessDetectFake'],
  ]) {
    await world.behave('faceid', mode, { times: 1 });
    assert.equal((await live(clip)).response.Result, `FailedOperation.${result}`);
  }
  await world.behave('faceid', 'no_webm', { times: 1 });
  assert.equal(
    (await live(await fetchBytes('/sandbox/liveness-clip?format=webm'))).response.Result,
    'FailedOperation.VideoDecodeFailed',
  );
});

test('liveness checks container, length, sizes and the challenge', async () => {
  const clip = await fetchBytes('/sandbox/liveness-clip');
  assert.equal((await live(Buffer.from('no film'))).response.Result, 'FailedOperation.VideoDecodeFailed');
  const long = Buffer.from(clip);
  const mvhd = long.indexOf('mvhd');
  long.writeUInt32BE(long.readUInt32BE(mvhd + 16) * 21, mvhd + 20);
  assert.equal((await live(long)).response.Result, 'FailedOperation.VideoDurationExceeded');
  assert.equal((await live(clip, { ValidateData: '5' })).error, 'InvalidParameterValue');
  assert.equal((await live(clip, { LivenessType: 'SILENT', ValidateData: '' })).response.Result, 'Success');
  assert.equal((await live(clip, { LivenessType: 'DANCE' })).error, 'InvalidParameterValue');
  assert.equal((await live(Buffer.alloc(7 << 20))).error, 'InvalidParameter');
  assert.equal((await live(clip, {}, Buffer.from('no photo'))).error, 'FailedOperation.LifePhotoPoorQuality');
  const { LiveCode } = (await cloud.call('GetLiveCode', {})).response;
  assert.equal(
    (await live(clip, { LivenessType: 'LIP', ValidateData: LiveCode })).response.Result,
    'Success',
  );
  assert.equal(
    (await live(clip, { LivenessType: 'LIP', ValidateData: LiveCode })).error,
    'InvalidParameterValue',
  );
  assert.match((await cloud.call('GetActionSequence', {})).response.ActionSequence, /^(1,2|2,1)$/);
});
