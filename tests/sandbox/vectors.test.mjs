// The stand-ins' own arithmetic against the published vectors.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { acs3Parse, acs3Sign } from '../../scripts/sandbox/lib/acs3.mjs';
import {
  canonical,
  signerId,
  sm4Decrypt,
  sm4Encrypt,
  verifyText,
} from '../../scripts/sandbox/lib/envelope.mjs';
import { sm2PrivateKey, sm2PublicKey, sm2Sign, sm2Verify } from '../../scripts/sandbox/lib/sm2.mjs';
import { tc3Parse, tc3Sign } from '../../scripts/sandbox/lib/tc3.mjs';
import { formObject } from '../../scripts/sandbox/lib/text.mjs';
import { Alipay } from '../../scripts/sandbox/providers/alipay.mjs';
import { nuonuoSign } from '../../scripts/sandbox/providers/nuonuo.mjs';
import { Sf, sfDigest } from '../../scripts/sandbox/providers/sf.mjs';
import { Seals } from '../../scripts/sandbox/providers/wechatpay_sign.mjs';
import { vectorKey, vectors } from './helper.mjs';

const clockAt = (seconds) => ({ now: () => Number(seconds) * 1000 });
const house = { store: { table: () => new Map() }, callbacks: { register() {} }, faults: {} };

function fakeCall({ method, target, headers, body = '' }) {
  const all = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]));
  return {
    method,
    target,
    path: target.split('?')[0],
    query: target.split('?')[1] ?? '',
    body: Buffer.from(body),
    header: (n) => all[n],
    headers: new Map(Object.entries(all)),
    text: () => body,
  };
}

test('WeChat Pay: requests of the vectors are accepted, changed ones are not', () => {
  const v = vectors.wx_request_post;
  const auth = Object.fromEntries([...v.authorization.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  const config = {
    mchid: auth.mchid,
    merchant_serial: auth.serial_no,
    merchant_public_key: createPublicKey(vectorKey('wx_merchant.pub.pem')),
    public_key_id: 'PUB_KEY_ID_1',
    platform_cert_serial: 'AB',
  };
  const headers = {
    authorization: v.authorization,
    accept: 'application/json',
    'user-agent': 'x',
    'content-type': 'application/json',
  };
  const seals = new Seals(config, clockAt(v.timestamp));
  const call = fakeCall({ method: v.method, target: v.uri, headers, body: v.body });
  assert.equal(seals.judge(call), null);
  assert.equal(call.signature, 'ok');
  assert.equal(
    seals.judge(fakeCall({ method: v.method, target: v.uri, headers, body: v.body + ' ' }))[1],
    'SIGN_ERROR',
  );
  assert.equal(new Seals(config, clockAt(Number(v.timestamp) + 301)).judge(call)[1], 'SIGN_ERROR');
  const g = vectors.wx_request_get;
  const get = fakeCall({
    method: g.method,
    target: g.uri,
    headers: {
      ...headers,
      authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${auth.mchid}",nonce_str="${g.nonce}",timestamp="${g.timestamp}",serial_no="${auth.serial_no}",signature="${g.signature}"`,
    },
  });
  assert.equal(seals.judge(get), null);
});

test('WeChat Pay: answers are signed as in the vectors, byte for byte', () => {
  const config = {
    public_key_id: 'PUB_KEY_ID_1',
    platform_key: createPrivateKey(vectorKey('wx_platform.key.pem')),
    platform_cert_serial: 'AB',
  };
  for (const name of ['wx_response_200', 'wx_response_204_close', 'wx_callback']) {
    const v = vectors[name];
    const seals = new Seals(config, clockAt(v.headers['Wechatpay-Timestamp']));
    const made = seals.headers(v.body, 'PUB_KEY_ID_1', null, v.headers['Wechatpay-Nonce']);
    assert.equal(made['wechatpay-timestamp'], v.headers['Wechatpay-Timestamp']);
    assert.equal(made['wechatpay-signature'], v.headers['Wechatpay-Signature']);
  }
});

test('Alipay: the request of the vector is accepted, and its notify is made byte for byte', () => {
  const v = vectors.ali_request;
  const at = Date.parse('2024-01-15T10:40:00+08:00') / 1000;
  const config = { app_id: v.params.app_id, app_public_key: createPublicKey(vectorKey('ali_app.pub.pem')) };
  const alipay = new Alipay({ ...house, config, clock: clockAt(at) });
  const call = { ...fakeCall({ method: 'POST', target: v.url, headers: {}, body: v.body }) };
  Object.assign(call, alipay.identify(call));
  assert.equal(call.action, 'alipay.trade.precreate');
  assert.equal(alipay.verify(call), null);
  assert.equal(call.signature, 'ok');
  call.params.biz_content += ' ';
  assert.equal(alipay.verify(call).code, 'isv.invalid-signature');
});

test('Alipay: the notify and the answer of the vectors are made byte for byte', () => {
  const { notify_time, ...data } = vectors.ali_notify.params;
  let sender;
  const config = { platform_key: createPrivateKey(vectorKey('ali_platform.key.pem')) };
  const callbacks = { register: (_, s) => (sender = s) };
  const alipay = new Alipay({
    ...house,
    callbacks,
    config,
    clock: { now: () => Date.parse(notify_time.replace(' ', 'T') + '+08:00') },
  });
  assert.deepEqual(formObject(sender.build({ data }).body), {
    ...vectors.ali_notify.params,
    sign: vectors.ali_notify.sign,
  });
  assert.ok(sender.accepted(200, 'success'));
  for (const [status, body] of [
    [200, 'success\n'],
    [200, '"success"'],
    [201, 'success'],
    [200, 'SUCCESS'],
  ])
    assert.ok(!sender.accepted(status, body));
  const sealed = alipay.seal(
    { payload: vectors.ali_response.signed_bytes },
    { action: 'alipay.trade.precreate' },
  );
  assert.equal(sealed.body.toString(), vectors.ali_response.raw);
});

for (const name of Object.keys(vectors).filter((n) => n.startsWith('tc3_'))) {
  test(`TC3: ${name}`, () => {
    const v = vectors[name];
    const auth = tc3Parse(v.authorization);
    const header = (n) =>
      ({ 'content-type': 'application/json; charset=utf-8', host: v.host, 'x-tc-action': v.action })[n];
    assert.equal(auth.id, v.secret_id);
    assert.equal(
      tc3Sign({
        secret: v.secret_key,
        method: 'POST',
        path: '/',
        query: '',
        header,
        signed: auth.signed,
        payload: v.payload,
        timestamp: v.timestamp,
        date: auth.date,
        service: auth.service,
      }),
      v.signature,
    );
  });
}

for (const name of Object.keys(vectors).filter((n) => n.startsWith('acs3_'))) {
  test(`ACS3: ${name}`, () => {
    const v = vectors[name];
    const auth = acs3Parse(v.authorization);
    assert.equal(
      acs3Sign({
        secret: v.access_key_secret,
        method: v.method,
        path: '/',
        query: Object.entries(v.query),
        header: (n) => v.headers[n],
        signed: auth.signed,
        payload: v.body,
      }),
      v.signature,
    );
  });
}

for (const name of ['sf_published_params', 'sf_chinese_space_star_tilde']) {
  test(`SF: ${name} in all three modes`, () => {
    const v = vectors[name];
    assert.equal(sfDigest('standard_md5', v.msgData, v.timestamp, v.checkword), v.standard_md5);
    assert.equal(sfDigest('simple_md5', v.msgData, v.timestamp, v.checkword), v.simple_md5);
    assert.equal(sfDigest('sm3', v.msgData, v.timestamp, v.checkword), v.sm3_hex);
    const sf = new Sf({
      ...house,
      config: { partner_id: 'P', digest: 'standard_md5', checkword: v.checkword },
      clock: clockAt(Number(v.timestamp) / 1000),
    });
    const form = {
      partnerID: 'P',
      requestID: 'r',
      serviceCode: 'EXP_RECE_SEARCH_ORDER_RESP',
      timestamp: v.timestamp,
      msgDigest: v.standard_md5,
      msgData: v.msgData,
    };
    const call = {
      ...fakeCall({
        method: 'POST',
        target: '/std/service',
        headers: {},
        body: new URLSearchParams(form).toString(),
      }),
      path: '/std/service',
    };
    Object.assign(call, sf.identify(call));
    const verdict = sf.verify(call);
    // The published example has an invented time of fourteen digits, past the digest check.
    assert.equal(verdict?.code ?? 'ok', /^\d{13}$/.test(v.timestamp) ? 'ok' : 'A1008');
  });
}

test('Nuonuo: the vector', () => {
  const v = vectors.nuonuo;
  const query = { appkey: 'sandboxAppKey', senid: '0123456789abcdef0123456789abcdef', nonce: '12345678', timestamp: '1705286400' };
  assert.equal(nuonuoSign(query, v.body, v.app_secret), v.x_nuonuo_sign);
  assert.notEqual(nuonuoSign({ ...query, nonce: '12345679' }, v.body, v.app_secret), v.x_nuonuo_sign);
});

test('bank: the vector decrypts and verifies, and so does what is made here', () => {
  const v = vectors.cmb_cdc_style;
  const pub = sm2PublicKey(vectorKey('sm2_client.pub.pem'));
  assert.equal(signerId(v.uid), v.sm2_user_id);
  const plain = sm4Decrypt(Buffer.from(v.DATA_b64, 'base64'), v.sm4_key, v.uid);
  assert.equal(plain, v.plaintext);
  assert.equal(sm4Encrypt(v.plaintext, v.sm4_key, v.uid).toString('base64'), v.DATA_b64);
  assert.ok(sm2Verify(v.signed_string, Buffer.from(v.sm2_raw_b64, 'base64'), pub, v.sm2_user_id));
  assert.ok(!sm2Verify(v.signed_string + ' ', Buffer.from(v.sm2_raw_b64, 'base64'), pub, v.sm2_user_id));
  assert.equal(canonical(JSON.parse(v.signed_string)), v.signed_string);
  assert.equal(verifyText(plain, pub, v.uid).object.request.head.funcode, 'BB1PAYQR');
  assert.equal(verifyText(plain.replace('SZ2401150001A1', 'SZ2401150001A2'), pub, v.uid).fault, 'bad');
  const key = sm2PrivateKey(vectorKey('sm2_client.key.pem'));
  assert.deepEqual({ x: key.x, y: key.y }, pub);
  const own = sm2Sign('深圳CA', key, v.sm2_user_id);
  assert.ok(sm2Verify('深圳CA', own, pub, v.sm2_user_id));
  assert.ok(!sm2Verify('深圳CA', own, pub, '1234567812345678'));
  assert.ok(!sm2Verify('深圳CA', Buffer.alloc(64), pub, v.sm2_user_id));
});
