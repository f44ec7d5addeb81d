// Makes fresh keys and secrets for both sides:
//   node scripts/sandbox/keys.mjs DIR [--port 9101] [--hall http://127.0.0.1:8080]
// DIR/hall.conf has the settings of the hall's worker, DIR/sandbox.json the sandbox's own.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { alphanumeric, digits, upperHex } from './lib/text.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '9101' },
    hall: { type: 'string', default: 'http://127.0.0.1:8080' },
  },
});
if (positionals.length !== 1) {
  console.error('usage: node scripts/sandbox/keys.mjs DIR [--port 9101] [--hall http://127.0.0.1:8080]');
  process.exit(2);
}
const dir = resolve(positionals[0]);
if (existsSync(join(dir, 'hall.conf'))) {
  console.error(`${dir} has keys already`);
  process.exit(1);
}
mkdirSync(dir, { recursive: true, mode: 0o700 });

function keep(name, text) {
  writeFileSync(join(dir, name), text, { mode: 0o600 }); // no newline after a secret: every reader gets it right
  return name;
}

/** A key pair as two files; answers their names. */
function pair(name, kind, options) {
  const { privateKey, publicKey } = generateKeyPairSync(kind, options);
  return {
    key: keep(`${name}.key.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' })),
    pub: keep(`${name}.pub.pem`, publicKey.export({ type: 'spki', format: 'pem' })),
  };
}
const rsa = (name) => pair(name, 'rsa', { modulusLength: 2048 });
const sm2 = (name) => pair(name, 'ec', { namedCurve: 'SM2' });

const merchant = rsa('wechatpay-merchant');
const platform = rsa('wechatpay-platform');
const certified = rsa('wechatpay-platform-cert');
const subject = [
  '-subj',
  '/C=CN/O=Sandbox/CN=Sandbox payment platform',
  '-set_serial',
  `0x5${upperHex(40).slice(1)}`,
  '-days',
  '1825',
];
execFileSync('openssl', [
  'req',
  '-x509',
  '-new',
  '-key',
  join(dir, certified.key),
  ...subject,
  '-out',
  join(dir, 'wechatpay-platform-cert.pem'),
]);
const aliApp = rsa('alipay-app');
const aliPlatform = rsa('alipay-platform');
const bankClient = sm2('bank-client');
const bankServer = sm2('bank-server');

const w = {
  mchid: '1900' + digits(6),
  appid: 'wx' + randomBytes(8).toString('hex'),
  merchant_serial: '5' + upperHex(40).slice(1),
  public_key_id: `PUB_KEY_ID_0119${digits(30)}`,
};
const a = { app_id: '2021' + digits(12), seller_id: '2088' + digits(12) };
const s = { access_key_id: 'LTAI' + alphanumeric(20), sign_name: '深圳CA' };
const f = { secret_id: 'AKID' + alphanumeric(32) };
const b = {
  uid: 'N' + digits(9),
  account: '7559' + digits(11),
};
const c = { partner_id: 'SANDBOX' + alphanumeric(5).toUpperCase() };
const n = { app_key: digits(8), seller_tax_number: '91440300MA5SANDBX3' };
const files = {
  apiv3: keep('wechatpay-apiv3.key', alphanumeric(32)),
  sms: keep('sms.secret', alphanumeric(30)),
  faceid: keep('faceid.secret', alphanumeric(32)),
  sm4: keep('bank-sm4.key', alphanumeric(16)),
  checkword: keep('courier.checkword', alphanumeric(32)),
  nuonuo: keep('invoice.secret', alphanumeric(16).toUpperCase()),
  token: keep('invoice.token', alphanumeric(40)),
};

const config = {
  host: '127.0.0.1',
  port: Number(values.port),
  state: 'sandbox.state',
  clock_file: '',
  speed: 1,
  wechatpay: {
    ...w,
    merchant_public_key_file: merchant.pub,
    platform_key_file: platform.key,
    platform_cert_file: 'wechatpay-platform-cert.pem',
    platform_cert_key_file: certified.key,
    apiv3_key_file: files.apiv3,
    callback_key: 'public_key',
  },
  alipay: { ...a, app_public_key_file: aliApp.pub, platform_key_file: aliPlatform.key },
  sms: {
    ...s,
    access_key_secret_file: files.sms,
    report_url: `${values.hall}/callback/sms`,
    limits: { minute: 1, hour: 5, day: 10 },
  },
  faceid: { ...f, secret_key_file: files.faceid },
  bank: {
    ...b,
    client_public_key_file: bankClient.pub,
    bank_key_file: bankServer.key,
    sm4_key_file: files.sm4,
    settle_seconds: 0,
  },
  sf: {
    ...c,
    checkword_file: files.checkword,
    digest: 'standard_md5',
    monthly_card: '7551234567',
    push_url: `${values.hall}/callback/courier`,
  },
  nuonuo: { ...n, app_secret_file: files.nuonuo, token_file: files.token, step_seconds: 0.3 },
};
keep('sandbox.json', JSON.stringify(config, null, 2) + '\n');

const base = (name) => `http://127.0.0.1:${values.port}/${name}`;
const settings = {
  notify_base_url: `${values.hall}/callback`,
  wechatpay_base_url: base('wechatpay'),
  wechatpay_mchid: w.mchid,
  wechatpay_appid: w.appid,
  wechatpay_serial: w.merchant_serial,
  wechatpay_key_file: join(dir, merchant.key),
  wechatpay_public_key_id: w.public_key_id,
  wechatpay_public_key_file: join(dir, platform.pub),
  wechatpay_apiv3_key_file: join(dir, files.apiv3),
  alipay_base_url: base('alipay'),
  alipay_app_id: a.app_id,
  alipay_seller_id: a.seller_id,
  alipay_key_file: join(dir, aliApp.key),
  alipay_public_key_file: join(dir, aliPlatform.pub),
  sms_base_url: base('sms'),
  sms_access_key_id: s.access_key_id,
  sms_access_key_secret_file: join(dir, files.sms),
  sms_sign_name: s.sign_name,
  faceid_base_url: base('faceid'),
  faceid_secret_id: f.secret_id,
  faceid_secret_key_file: join(dir, files.faceid),
  bank_base_url: base('bank'),
  bank_uid: b.uid,
  bank_account: b.account,
  bank_sm2_key_file: join(dir, bankClient.key),
  bank_public_key_file: join(dir, bankServer.pub),
  bank_sm4_key_file: join(dir, files.sm4),
  courier_base_url: base('sf/std/service'),
  courier_partner_id: c.partner_id,
  courier_checkword_file: join(dir, files.checkword),
  invoice_base_url: base('nuonuo/open/v1/services'),
  invoice_app_key: n.app_key,
  invoice_app_secret_file: join(dir, files.nuonuo),
  invoice_token_file: join(dir, files.token),
  invoice_seller_tax_number: n.seller_tax_number,
  invoice_seller_address: '深圳市测试路1号',
  invoice_seller_phone: '400-112-3838',
  invoice_clerk: '测试开票员',
  invoice_goods_code: '3040203000000000000',
  invoice_poll_s: '1',
};
keep(
  'hall.conf',
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join(''),
);
console.log(
  `${dir}: hall.conf, sandbox.json and ${Object.keys(settings).filter((n) => n.endsWith('_file')).length} key files for the hall`,
);
