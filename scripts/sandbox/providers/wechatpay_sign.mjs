// WeChat Pay APIv3: who signed a request, and the signatures and ciphers of answers and callbacks.
import { createCipheriv, createSign, createVerify } from 'node:crypto';
import { alphanumeric, base64, digits, upperHex } from '../lib/text.mjs';

const SKEW_S = 300;
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const NAMES = ['mchid', 'serial_no', 'nonce_str', 'timestamp', 'signature'];

export class Seals {
  constructor(config, clock) {
    Object.assign(this, { config, clock });
    const { public_key_id, platform_key, platform_cert_serial, platform_cert_key } = config;
    this.keys = { [public_key_id]: platform_key, [platform_cert_serial]: platform_cert_key };
  }

  /** null for a request that is the merchant's, else [status, code, message]. Sets call.signature. */
  judge(call) {
    call.signature = 'bad';
    const refuse = (message) => [401, 'SIGN_ERROR', message];
    if (!call.header('user-agent')?.trim() || !/application\/json|\*\/\*/.test(call.header('accept') ?? '')) {
      return [400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent'];
    }
    const [scheme, rest] = (call.header('authorization') ?? '').split(/ (.*)/s);
    if (!rest) call.signature = 'missing';
    const pairs = (rest ?? '').split(',').map((p) => /^\s*([a-z_]+)="([^"]*)"\s*$/.exec(p)?.slice(1));
    const v = Object.fromEntries(pairs.filter(Boolean));
    if (scheme !== SCHEME || pairs.length !== NAMES.length || !NAMES.every((n) => v[n]))
      return refuse('Http头Authorization值格式错误');
    if (v.mchid !== this.config.mchid) return refuse('商户号不存在');
    if (v.serial_no !== this.config.merchant_serial) return refuse('商户证书序列号有误');
    const skew = Math.abs(this.clock.now() / 1000 - Number(v.timestamp));
    if (!/^\d{1,12}$/.test(v.timestamp) || skew > SKEW_S)
      return refuse('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
    const signature = base64(v.signature);
    const text = createVerify('sha256')
      .update(`${call.method}\n${call.target}\n${v.timestamp}\n${v.nonce_str}\n`)
      .update(call.body)
      .update('\n');
    if (!signature || !text.verify(this.config.merchant_public_key, signature))
      return refuse('签名错误，请检查后再试');
    call.signature = 'ok';
    const serial = call.header('wechatpay-serial');
    if (serial && !this.keys[serial]) return [400, 'PARAM_ERROR', '平台公钥或证书序列号有误'];
    if (call.body.length && !/^application\/json\b/.test(call.header('content-type') ?? ''))
      return [400, 'PARAM_ERROR', 'Content-Type 必须是 application/json'];
    return null;
  }

  /** The headers that sign `body` with the key that `serial` names; `flaw` spoils them. */
  headers(body, serial, flaw, nonce = alphanumeric(32)) {
    const request = { 'request-id': upperHex(32) };
    if (flaw === 'unsigned') return request;
    const old = flaw === 'stale' || flaw === 'stale_timestamp' ? 3600 : 0;
    const timestamp = String(Math.floor(this.clock.now() / 1000) - old);
    const key =
      flaw === 'other_key' || flaw === 'bad_signature' ? this.config.stranger_key : this.keys[serial];
    const text = createSign('sha256')
      .update(`${timestamp}\n${nonce}\n`)
      .update(body)
      .update(flaw === 'tampered' ? ' \n' : '\n');
    let signature = text.sign(key, 'base64');
    if (flaw === 'signtest') signature = 'WECHATPAY/SIGNTEST/' + signature.slice(19);
    const unknown = serial.startsWith('PUB_KEY_ID_') ? 'PUB_KEY_ID_' + digits(34) : upperHex(40);
    return {
      ...request,
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': flaw === 'unknown_serial' ? unknown : serial,
      'wechatpay-signature': signature,
      'wechatpay-signature-type': SCHEME,
    };
  }

  /** The signature of an answer, by the key that the request asked for. */
  answerHeaders(body, call) {
    const asked = call.header('wechatpay-serial');
    return this.headers(body, this.keys[asked] ? asked : this.config.public_key_id, call.mode);
  }

  encrypt(plain, associatedData) {
    const nonce = alphanumeric(12);
    const cipher = createCipheriv('aes-256-gcm', this.config.apiv3_key, nonce).setAAD(
      Buffer.from(associatedData),
    );
    const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
    return { algorithm: 'AEAD_AES_256_GCM', ciphertext, associated_data: associatedData, nonce };
  }

  /** Headers and body of one try of a callback. */
  callback({ data, mode, variant, tries }) {
    const { resource, ...head } = data;
    const original_type = head.event_type.startsWith('REFUND') ? 'refund' : 'transaction';
    const sealed = { original_type, ...this.encrypt(JSON.stringify(resource), original_type) };
    const body = JSON.stringify({ ...head, resource_type: 'encrypt-resource', resource: sealed });
    const { callback_key, public_key_id, platform_cert_serial } = this.config;
    const byCertificate =
      callback_key === 'certificate' || (callback_key === 'mixed' && tries.length % 2 === 0);
    const flaw = variant ?? (mode === 'callback_signtest' && !tries.length ? 'signtest' : null);
    const signed = this.headers(body, byCertificate ? platform_cert_serial : public_key_id, flaw);
    return { headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/4.0', ...signed }, body };
  }
}
