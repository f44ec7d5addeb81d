// The sandbox's own configuration: a JSON file as keys.mjs writes it; paths are relative to it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sm2PrivateKey, sm2PublicKey } from './lib/sm2.mjs';

const strangerRsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const strangerSm2 = () =>
  sm2PrivateKey(
    generateKeyPairSync('ec', { namedCurve: 'SM2' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );

/** The templates approved by the provider: the hall's own notices, {N01: "验证码{code}…"}. */
export function noticeTemplates(text) {
  const notices = text.matchAll(/^NOTICE\((\w+), "[^"]*", "(?:【[^】]*】)?((?:[^"\\]|\\.)*)"/gm);
  return Object.fromEntries([...notices].map(([, code, zh]) => [code, JSON.parse(`"${zh}"`)]));
}
const NOTICES = new URL('../../fcgi-app/domain/notice.def', import.meta.url);

/** Reads the file and every key that it names. Throws with the name of what is missing. */
export function readConfig(file) {
  const raw = JSON.parse(readFileSync(file, 'utf8'));
  const base = dirname(resolve(file));
  const at = (name) => resolve(base, name);
  const text = (name) => readFileSync(at(name), 'utf8').trim();
  const { wechatpay: w, alipay: a, sms, faceid, bank, sf, nuonuo } = raw;
  const certificate = new X509Certificate(text(w.platform_cert_file));
  const stranger_key = strangerRsa();
  return {
    host: '127.0.0.1',
    port: 9101,
    speed: 1,
    ports: {},
    ...raw,
    state: raw.state ? at(raw.state) : '',
    clock_file: raw.clock_file ? at(raw.clock_file) : '',
    wechatpay: {
      callback_key: 'public_key',
      ...w,
      stranger_key,
      merchant_public_key: createPublicKey(text(w.merchant_public_key_file)),
      platform_key: createPrivateKey(text(w.platform_key_file)),
      platform_cert_key: createPrivateKey(text(w.platform_cert_key_file)),
      platform_cert: text(w.platform_cert_file) + '\n',
      platform_cert_serial: certificate.serialNumber,
      platform_cert_from: Date.parse(certificate.validFrom),
      platform_cert_until: Date.parse(certificate.validTo),
      apiv3_key: text(w.apiv3_key_file),
    },
    alipay: {
      ...a,
      stranger_key,
      app_public_key: createPublicKey(text(a.app_public_key_file)),
      platform_key: createPrivateKey(text(a.platform_key_file)),
    },
    sms: {
      limits: { minute: 1, hour: 5, day: 10 },
      report_url: '',
      ...sms,
      access_key_secret: text(sms.access_key_secret_file),
      templates: noticeTemplates(readFileSync(sms.notices_file ? at(sms.notices_file) : NOTICES, 'utf8')),
    },
    faceid: { card_reader: '', ...faceid, secret_key: text(faceid.secret_key_file) },
    bank: {
      settle_seconds: 0,
      page_size: 200,
      opening_fen: 1_000_000_00,
      ...bank,
      stranger_key: strangerSm2(),
      client_public_key: sm2PublicKey(text(bank.client_public_key_file)),
      bank_key: sm2PrivateKey(text(bank.bank_key_file)),
      sm4_key: text(bank.sm4_key_file),
    },
    sf: {
      digest: 'standard_md5',
      monthly_card: '7551234567',
      push_url: '',
      ...sf,
      checkword: text(sf.checkword_file),
    },
    nuonuo: {
      step_seconds: 0.3,
      ...nuonuo,
      app_secret: text(nuonuo.app_secret_file),
      token: text(nuonuo.token_file),
    },
  };
}
