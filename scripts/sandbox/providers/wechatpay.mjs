// WeChat Pay APIv3, Native payments: requests, refusals, answers.
import { chinaRfc3339, jsonObject, percentDecoded } from '../lib/text.mjs';
import { billAnswer, billFile } from './wechatpay_bill.mjs';
import { error, WechatBook } from './wechatpay_book.mjs';
import { Seals } from './wechatpay_sign.mjs';

// Seconds before each delivery of a callback.
const RETRIES = [0, 15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];
const MODES = {
  bad_signature: { on: 'call', about: '应答内容正确，签名是别的密钥做的' },
  unknown_serial: { on: 'call', about: '应答的 Wechatpay-Serial 从未公布' },
  stale_timestamp: { on: 'call', about: '应答的时间戳旧了一小时（签名正确）' },
  signtest: { on: 'call', about: '应答带 WECHATPAY/SIGNTEST/ 探测签名' },
  unsigned: { on: 'call', about: '应答不带签名头' },
  backwards: { on: 'call', actions: ['query', 'refund_query'], about: '已成功的查询结果退回到处理中' },
  system_error: { on: 'call', about: '未处理，答 500 SYSTEM_ERROR（有签名）' },
  not_enough: { on: 'call', actions: ['refund'], about: '退款答 403 NOT_ENOUGH' },
  refund_processing: { on: 'call', actions: ['refund'], about: '退款一直处理中' },
  refund_abnormal: { on: 'call', actions: ['refund'], about: '退款异常（用户卡失效）' },
  refund_closed: { on: 'call', actions: ['refund'], about: '退款关闭' },
  bill_extra_row: { on: 'call', actions: ['tradebill'], about: '对账单多一行我方没有的交易' },
  bill_missing_row: { on: 'call', actions: ['tradebill'], about: '对账单少一行' },
  bill_other_amount: { on: 'call', actions: ['tradebill'], about: '对账单有一行金额不同' },
  bill_creating: { on: 'call', actions: ['tradebill'], about: '对账单生成中' },
  callback_before_answer: {
    on: 'callback',
    actions: ['order', 'refund'],
    about: '回调先于接口应答到达（下单时即被支付）',
  },
  callback_signtest: {
    on: 'callback',
    actions: ['payment', 'refund'],
    about: '首次回调用探测签名，重试才正确',
  },
  forged_callback: { on: 'callback', actions: ['order'], about: '一下单就收到各种伪造回调' },
};

export class WechatPay extends WechatBook {
  name = 'wechatpay';
  title = '微信支付';
  prefix = '/wechatpay';
  callbackKinds = ['payment', 'refund'];
  modes = MODES;

  constructor(house) {
    super(house);
    this.seals = new Seals(house.config, house.clock);
    house.callbacks.register(this.name, {
      schedule: RETRIES,
      build: (delivery) => this.seals.callback(delivery),
      accepted: (status) => status === 200 || status === 204,
    });
  }

  // ---- The request ----

  identify(call) {
    const [, action, key] = this.#match(call);
    const body = jsonObject(call.text());
    return { action, key: key ?? body?.out_refund_no ?? body?.out_trade_no };
  }

  #match(call) {
    const routes = [
      ['POST', 'prepay', /^\/v3\/pay\/transactions\/native$/],
      ['GET', 'query', /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/],
      ['GET', 'query_id', /^\/v3\/pay\/transactions\/id\/([^/]+)$/],
      ['POST', 'close', /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/],
      ['POST', 'refund', /^\/v3\/refund\/domestic\/refunds$/],
      ['GET', 'refund_query', /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/],
      ['GET', 'tradebill', /^\/v3\/bill\/tradebill$/],
      ['GET', 'bill_file', /^\/v3\/billdownload\/file$/],
      ['GET', 'certificates', /^\/v3\/certificates$/],
    ];
    for (const [method, action, pattern] of routes) {
      const m = method === call.method && pattern.exec(call.path);
      if (m) return [method, action, m[1] && percentDecoded(m[1])];
    }
    return [call.method, 'unknown'];
  }

  verify(call) {
    const [status, code, message] = this.seals.judge(call) ?? [];
    return code ? error(status, code, message) : null;
  }

  refusal({ mode }) {
    if (mode === 'rate_limit') return error(429, 'FREQUENCY_LIMITED', '频率超限');
    if (mode === 'maintenance') return error(503, 'SYSTEM_ERROR', '系统维护中，请稍后重试');
    if (mode === 'system_error') return error(500, 'SYSTEM_ERROR', '系统异常，请稍后重试');
    if (mode === 'not_enough') return error(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起');
    return null;
  }

  handle(call) {
    const body = call.method === 'POST' ? jsonObject(call.text()) : {};
    if (!body) return error(400, 'PARAM_ERROR', '请求体不是 JSON 对象');
    const query = new URLSearchParams(call.query);
    switch (call.action) {
      case 'prepay':
        return this.prepay(body);
      case 'query':
      case 'query_id':
        return this.query(call, query);
      case 'close':
        return this.close(call.key, body);
      case 'refund':
        return this.refund(body, call.mode);
      case 'refund_query':
        return this.refundQuery(call);
      case 'tradebill':
        return billAnswer(this, call, query);
      case 'bill_file':
        return billFile(this, query);
      case 'certificates':
        return this.#certificates();
      default:
        return error(404, 'RESOURCE_NOT_EXISTS', '请求的资源不存在');
    }
  }

  seal(reply, call) {
    const type = { 'content-type': reply.type ?? 'application/json; charset=utf-8' };
    const signed = reply.unsigned ? {} : this.seals.answerHeaders(reply.payload, call);
    return { status: reply.status, headers: { ...type, ...signed }, body: reply.payload };
  }

  strange(json) {
    if (json.trade_state) json.trade_state = 'HALF_PAID';
    if (json.status) json.status = 'THINKING';
    json.new_field = { since: 'tomorrow', list: [1, null, {}] };
  }

  #certificates() {
    const { platform_cert, platform_cert_serial, platform_cert_from, platform_cert_until } = this.config;
    const [effective_time, expire_time] = [platform_cert_from, platform_cert_until].map(chinaRfc3339);
    return {
      status: 200,
      json: {
        data: [
          {
            serial_no: platform_cert_serial,
            effective_time,
            expire_time,
            encrypt_certificate: this.seals.encrypt(platform_cert, 'certificate'),
          },
        ],
      },
    };
  }
}
