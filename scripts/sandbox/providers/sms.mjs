// Aliyun Dysmsapi 2017-05-25 with ACS3 signatures: SendSms, QuerySendDetails, receipts.
import { randomUUID } from 'node:crypto';
import { acs3Parse, acs3Sign } from '../lib/acs3.mjs';
import {
  chinaCompact,
  chinaDate,
  chinaTime,
  digits,
  formPairs,
  jsonObject,
  sha256Hex,
  utc,
} from '../lib/text.mjs';

const SKEW_MS = 15 * 60_000;
const MUST_SIGN = [
  'host',
  'x-acs-action',
  'x-acs-content-sha256',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-version',
];
const MOST_CHARACTERS = 500;
const RETRIES = [0, 60, 300, 600];
// Slightly shorter than the provider's minute, hour and day: what a client counts from its own
// clock must not fail here by the milliseconds of the way.
const WINDOWS = { minute: 58_000, hour: 3595_000, day: 86395_000 };

const SEND = ['SendSms'];
const MODES = {
  throttling: { on: 'call', about: '网关限流 Throttling.User（HTTP 400）' },
  system_error: { on: 'call', actions: SEND, about: '未发送，答 isp.SYSTEM_ERROR' },
  business_limit: { on: 'call', actions: SEND, about: '号码流控 isv.BUSINESS_LIMIT_CONTROL' },
  arrears: { on: 'call', actions: SEND, about: '余额不足 isv.AMOUNT_NOT_ENOUGH' },
  out_of_service: { on: 'call', actions: SEND, about: '业务停机 isv.OUT_OF_SERVICE' },
  illegal_number: { on: 'call', actions: SEND, about: '号码非法 isv.MOBILE_NUMBER_ILLEGAL' },
  signature_illegal: { on: 'call', actions: SEND, about: '签名不合法 isv.SMS_SIGNATURE_ILLEGAL' },
  template_illegal: { on: 'call', actions: SEND, about: '模板不合法 isv.SMS_TEMPLATE_ILLEGAL' },
  delivery_failed: { on: 'call', actions: SEND, about: '已受理，运营商投递失败' },
  delivery_slow: { on: 'call', actions: SEND, about: '已受理，seconds 秒后（默认 30）才到手机' },
  no_limits: { on: 'call', actions: SEND, about: '不限每个号码的频率' },
  backwards: { on: 'call', actions: ['QuerySendDetails'], about: '已到达的短信查询为等待回执' },
};
const REFUSALS = {
  rate_limit: ['isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1'],
  business_limit: ['isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5'],
  system_error: ['isp.SYSTEM_ERROR', 'isp.SYSTEM_ERROR'],
  arrears: ['isv.AMOUNT_NOT_ENOUGH', '账户余额不足'],
  out_of_service: ['isv.OUT_OF_SERVICE', '业务停机'],
  illegal_number: ['isv.MOBILE_NUMBER_ILLEGAL', '非法手机号'],
  signature_illegal: ['isv.SMS_SIGNATURE_ILLEGAL', '短信签名不合法'],
  template_illegal: ['isv.SMS_TEMPLATE_ILLEGAL', '短信模板不合法'],
};

export class Sms {
  name = 'sms';
  title = '短信（阿里云）';
  prefix = '/sms';
  callbackKinds = ['report'];
  modes = MODES;
  #nonces = new Map();

  constructor({ config, clock, store, callbacks, faults }) {
    Object.assign(this, { config, clock, store, callbacks, faults });
    this.messages = store.table('sms_message');
    callbacks.register(this.name, {
      schedule: RETRIES,
      build: ({ data }) => ({
        headers: { 'content-type': 'application/json;charset=utf-8' },
        body: JSON.stringify([data]),
      }),
      accepted: (status, body) => status === 200 && jsonObject(body)?.code === 0,
    });
  }

  identify(call) {
    call.pairs = formPairs(call.query);
    call.params = Object.fromEntries(call.pairs ?? []);
    return { action: call.header('x-acs-action') ?? 'unknown', key: call.params.OutId ?? call.params.BizId };
  }

  verify(call) {
    call.signature = 'bad';
    const fault = (status, Code, Message) => ({
      status,
      code: Code,
      json: { Code, Message, RequestId: this.#requestId(), HostId: call.header('host') ?? '', Recommend: '' },
    });
    const header = (name) => call.header(name) ?? '';
    if (!header('authorization')) call.signature = 'missing';
    const auth = acs3Parse(header('authorization'));
    if (!auth || !call.pairs)
      return fault(400, 'IncompleteSignature', 'The request signature does not conform to Aliyun standards.');
    if (auth.id !== this.config.access_key_id)
      return fault(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    const present = [...call.headers.keys()].filter(
      (n) => n === 'host' || n === 'content-type' || n.startsWith('x-acs-'),
    );
    const complete = [...MUST_SIGN, ...present].every(
      (n) => auth.signed.includes(n) && call.header(n) !== undefined,
    );
    const sorted = auth.signed.every((n, i) => !i || auth.signed[i - 1] < n);
    if (!complete || !sorted) return fault(400, 'IncompleteSignature', 'SignedHeaders is incomplete.');
    if (header('x-acs-content-sha256') !== sha256Hex(call.body))
      return fault(
        400,
        'SignatureDoesNotMatch',
        'Specified x-acs-content-sha256 is not matched with the body.',
      );
    const sign = (path) =>
      acs3Sign({
        secret: this.config.access_key_secret,
        method: call.method,
        path,
        query: call.pairs,
        header,
        signed: auth.signed,
        payload: call.body,
      });
    // The real host serves RPC calls at "/": the prefix of this server may be signed or left out.
    if (!['/', call.target.split('?')[0]].some((path) => sign(path) === auth.signature))
      return fault(400, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
    if (!(Math.abs(Date.parse(header('x-acs-date')) - this.clock.now()) < SKEW_MS))
      return fault(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
    if (this.#seen(header('x-acs-signature-nonce')))
      return fault(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    call.signature = 'ok';
    if (header('x-acs-version') !== '2017-05-25' || !['SendSms', 'QuerySendDetails'].includes(call.action))
      return fault(404, 'InvalidAction.NotFound', 'Specified api is not found.');
    return null;
  }

  #seen(nonce) {
    for (const [old, at] of this.#nonces) {
      if (Date.now() - at < 2 * SKEW_MS) break;
      this.#nonces.delete(old);
    }
    const seen = this.#nonces.has(nonce);
    this.#nonces.set(nonce, Date.now());
    return seen;
  }

  #requestId = () => randomUUID().toUpperCase();
  #say = (Code, Message, more) => ({
    status: 200,
    code: Code,
    json: { Code, Message, RequestId: this.#requestId(), ...more },
  });

  refusal({ mode }) {
    if (mode === 'maintenance')
      return {
        status: 503,
        code: 'ServiceUnavailable',
        json: {
          Code: 'ServiceUnavailable',
          Message: 'The request has failed due to a temporary failure of the server.',
          RequestId: this.#requestId(),
        },
      };
    if (mode === 'throttling')
      return {
        status: 400,
        code: 'Throttling.User',
        json: {
          Code: 'Throttling.User',
          Message: 'Request was denied due to user flow control.',
          RequestId: this.#requestId(),
        },
      };
    return REFUSALS[mode] ? this.#say(...REFUSALS[mode]) : null;
  }

  handle(call) {
    return call.action === 'SendSms' ? this.#send(call.params, call) : this.#details(call.params, call.mode);
  }

  #send(p, call) {
    if (!p.PhoneNumbers)
      return this.#say('MissingPhoneNumbers', 'PhoneNumbers is mandatory for this action.');
    const phones = p.PhoneNumbers.split(',').map((n) => n.replace(/^(\+?86)(?=\d{11}$)/, ''));
    if (phones.length > 1000 || !phones.every((n) => /^1[3-9]\d{9}$/.test(n) && !n.endsWith('9004')))
      return this.#say(...REFUSALS.illegal_number);
    if (p.SignName !== this.config.sign_name) return this.#say(...REFUSALS.signature_illegal);
    const template = this.#template(p.TemplateCode);
    if (template === undefined) return this.#say(...REFUSALS.template_illegal);
    const params = p.TemplateParam === undefined ? {} : jsonObject(p.TemplateParam);
    if (!params || Object.values(params).some((v) => !['string', 'number'].includes(typeof v)))
      return this.#say('isv.INVALID_JSON_PARAM', 'JSON参数不合法');
    const names = [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    if (names.some((n) => params[n] === undefined))
      return this.#say('isv.TEMPLATE_MISSING_PARAMETERS', '模板变量缺少对应参数值');
    const text = `【${p.SignName}】` + template.replace(/\{(\w+)\}/g, (_, n) => params[n]);
    if ([...text].length > MOST_CHARACTERS) return this.#say('isv.PARAM_LENGTH_LIMIT', '参数超出长度限制');
    if (call.mode !== 'no_limits' && phones.some((n) => this.#limited(n, p.TemplateCode)))
      return this.#say(...REFUSALS.rate_limit);
    const BizId = digits(12) + '^' + digits(1);
    for (const phone of phones)
      this.#accept(
        { phone, template: p.TemplateCode, text, params, out_id: p.OutId ?? '', biz_id: BizId },
        call,
      );
    return this.#say('OK', 'OK', { BizId });
  }

  #template(code = '') {
    return this.config.templates[code] ?? this.config.templates[code.replace(/^SMS_/, '')];
  }

  // The provider limits codes, which are templates with a variable of that name.
  #limited(phone, code) {
    if (!this.config.limits || !/\{code\}/.test(this.#template(code))) return false;
    const sent = [...this.messages.values()].filter((m) => m.phone === phone && m.template === code);
    return Object.entries(WINDOWS).some(
      ([name, ms]) =>
        sent.filter((m) => m.accepted_at > this.clock.now() - ms).length >= this.config.limits[name],
    );
  }

  #accept(message, call) {
    const slow = call.mode === 'delivery_slow' ? (call.seconds ?? 30) : 0;
    const failed = call.mode === 'delivery_failed' || message.phone.endsWith('9003');
    const record = {
      id: randomUUID(),
      accepted_at: this.clock.now(),
      due: this.clock.later(slow),
      failed,
      delivered_at: null,
      ended_at: null,
      ...message,
    };
    this.store.put('sms_message', record.id, record);
    if (slow) this.clock.at(record.due, () => this.#deliver(record));
    else this.#deliver(record);
  }

  #deliver(m) {
    if (this.messages.get(m.id) !== m) return;
    const now = this.clock.now();
    this.store.put(
      'sms_message',
      m.id,
      Object.assign(m, { ended_at: now, delivered_at: m.failed ? null : now }),
    );
    if (!this.config.report_url) return;
    const [err_code, err_msg] = m.failed ? ['UNDELIV', '用户关机或停机'] : ['DELIVERED', '用户接收成功'];
    const data = {
      phone_number: m.phone,
      send_time: chinaTime(m.accepted_at),
      report_time: chinaTime(now),
      success: !m.failed,
      err_code,
      err_msg,
      sms_size: '1',
      biz_id: m.biz_id,
      out_id: m.out_id,
    };
    this.callbacks.send(this.name, 'report', { url: this.config.report_url, ref: m.out_id, data });
  }

  #details(p, mode) {
    const [size, page] = [Number(p.PageSize), Number(p.CurrentPage)];
    if (!p.PhoneNumber || !/^\d{8}$/.test(p.SendDate ?? '') || !(size >= 1 && size <= 50) || !(page >= 1))
      return this.#say('isv.INVALID_PARAMETERS', '参数异常');
    const day = p.SendDate.replace(/(....)(..)(..)/, '$1-$2-$3');
    const found = [...this.messages.values()]
      .filter(
        (m) =>
          m.phone === p.PhoneNumber && chinaDate(m.accepted_at) === day && (!p.BizId || m.biz_id === p.BizId),
      )
      .reverse();
    const SmsSendDetailDTO = found.slice((page - 1) * size, page * size).map((m) => ({
      PhoneNum: m.phone,
      SendStatus: !m.ended_at || mode === 'backwards' ? 1 : m.failed ? 2 : 3,
      ErrCode: m.ended_at ? (m.failed ? 'UNDELIV' : 'DELIVERED') : '',
      TemplateCode: m.template,
      Content: m.text,
      SendDate: chinaTime(m.accepted_at),
      ...(m.ended_at && { ReceiveDate: chinaTime(m.ended_at) }),
      OutId: m.out_id,
    }));
    return this.#say('OK', 'OK', {
      TotalCount: String(found.length),
      SmsSendDetailDTOs: { SmsSendDetailDTO },
    });
  }

  /** What has reached phones, oldest first. */
  delivered(phone) {
    const arrived = [...this.messages.values()]
      .filter((m) => m.delivered_at && (!phone || m.phone === phone))
      .sort((a, b) => a.delivered_at - b.delivered_at);
    return arrived.map((m) => ({
      at: utc(m.delivered_at),
      phone: m.phone,
      template: m.template,
      text: m.text,
      params: m.params,
      out_id: m.out_id,
    }));
  }

  strange(json) {
    for (const d of json.SmsSendDetailDTOs?.SmsSendDetailDTO ?? []) d.SendStatus = 9;
    if (json.Code === 'OK' && !json.SmsSendDetailDTOs) json.Code = 'OKAY';
    json.NewField = { Since: chinaCompact(this.clock.now()) };
  }

  seal = (reply) => ({
    status: reply.status,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: reply.payload,
  });

  resume() {
    for (const m of this.messages.values()) if (!m.ended_at) this.clock.at(m.due, () => this.#deliver(m));
  }
}
