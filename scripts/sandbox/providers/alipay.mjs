// Alipay open platform, gateway.do with RSA2: requests, refusals, answers, notifies.
import { createSign, createVerify } from 'node:crypto';
import { base64, chinaTime, formObject, fromChinaTime, jsonObject } from '../lib/text.mjs';
import { billAnswer, billFile } from './alipay_bill.mjs';
import { AlipayBook, failed } from './alipay_book.mjs';

const SKEW_MS = 15 * 60_000;
const RETRIES = [0, 240, 600, 600, 3600, 7200, 21600, 54000];
const MODES = {
  bad_signature: { on: 'call', about: '应答内容正确，签名是别的密钥做的' },
  unsigned_error: { on: 'call', about: '未处理，答没有签名的 error_response' },
  unknown_20000: { on: 'call', about: '已处理，但答 20000 服务不可用' },
  system_error: { on: 'call', about: '未处理，答 ACQ.SYSTEM_ERROR' },
  backwards: {
    on: 'call',
    actions: ['alipay.trade.query', 'alipay.trade.fastpay.refund.query'],
    about: '已成功的查询结果退回到处理中',
  },
  refund_no_change: { on: 'call', actions: ['alipay.trade.refund'], about: '退款成功，但答 fund_change N' },
  refund_processing: { on: 'call', actions: ['alipay.trade.refund'], about: '退款已受理，一直没有结果' },
  not_enough: { on: 'call', actions: ['alipay.trade.refund'], about: '退款答卖家余额不足' },
  bill_extra_row: {
    on: 'call',
    actions: ['alipay.data.dataservice.bill.downloadurl.query'],
    about: '对账单多一行我方没有的交易',
  },
  bill_missing_row: {
    on: 'call',
    actions: ['alipay.data.dataservice.bill.downloadurl.query'],
    about: '对账单少一行',
  },
  bill_other_amount: {
    on: 'call',
    actions: ['alipay.data.dataservice.bill.downloadurl.query'],
    about: '对账单有一行金额不同',
  },
  callback_before_answer: {
    on: 'callback',
    actions: ['order', 'refund'],
    about: '通知先于接口应答到达（下单时即被支付）',
  },
  forged_callback: { on: 'callback', actions: ['order'], about: '一下单就收到各种伪造通知' },
};
const wrong = (code, sub_code, sub_msg) => ({
  code: sub_code,
  error: true,
  json: {
    code,
    msg: code === '40001' ? 'Missing Required Arguments' : 'Invalid Arguments',
    sub_code,
    sub_msg,
  },
});
const joined = (params, drop) =>
  Object.keys(params)
    .filter((k) => !drop.includes(k) && params[k] !== '')
    .sort()
    .map((k) => `${k}=${params[k]}`)
    .join('&');

export class Alipay extends AlipayBook {
  name = 'alipay';
  title = '支付宝';
  prefix = '/alipay';
  callbackKinds = ['payment', 'refund', 'closed'];
  modes = MODES;
  #answers = 0;

  constructor(house) {
    super(house);
    house.callbacks.register(this.name, {
      schedule: RETRIES,
      build: (delivery) => this.#buildNotify(delivery),
      accepted: (status, body) => status === 200 && body === 'success',
    });
  }

  // ---- The request ----

  identify(call) {
    if (call.path === '/bill') return { action: 'bill_file' };
    const query = formObject(call.query);
    const form = formObject(call.text());
    const twice = query && form && Object.keys(query).some((k) => k in form);
    call.params = query && form && !twice ? { ...query, ...form } : null;
    const content = jsonObject(call.params?.biz_content);
    return {
      action: call.params?.method ?? 'unknown',
      key: content?.out_request_no ?? content?.out_trade_no ?? content?.trade_no,
    };
  }

  verify(call) {
    call.signature = 'none';
    if (call.action === 'bill_file') return null;
    call.signature = 'bad';
    const p = call.params;
    if (call.method !== 'POST' || call.path !== '/gateway.do' || !p)
      return wrong('40002', 'isv.invalid-parameter', '请求格式有误');
    const inUrl = new URLSearchParams(call.query);
    if (!inUrl.get('charset')) return wrong('40001', 'isv.missing-charset', '缺少编码参数');
    for (const name of ['app_id', 'method', 'sign', 'sign_type', 'timestamp', 'version']) {
      if (!p[name]) {
        if (name === 'sign') call.signature = 'missing';
        return wrong('40001', `isv.missing-${name.replace('_', '-')}`, `缺少参数 ${name}`);
      }
    }
    if (p.app_id !== this.config.app_id) return wrong('40002', 'isv.invalid-app-id', '无效的AppID参数');
    if (p.sign_type !== 'RSA2') return wrong('40002', 'isv.invalid-signature-type', '无效的签名类型');
    const signature = base64(p.sign);
    if (
      !signature ||
      !createVerify('sha256')
        .update(joined(p, ['sign']))
        .verify(this.config.app_public_key, signature)
    )
      return wrong('40002', 'isv.invalid-signature', '无效签名');
    call.signature = 'ok';
    if (
      p.version !== '1.0' ||
      (p.format ?? 'JSON').toUpperCase() !== 'JSON' ||
      p.charset.toLowerCase() !== 'utf-8'
    )
      return wrong('40002', 'isv.invalid-format', '无效的格式参数');
    if (!(Math.abs(fromChinaTime(p.timestamp) - this.clock.now()) < SKEW_MS))
      return wrong('40002', 'isv.invalid-timestamp', '非法的时间戳参数');
    return null;
  }

  refusal({ mode }) {
    if (mode === 'rate_limit') return wrong('40006', 'isv.app-call-limited', '应用调用次数超限');
    if (mode === 'maintenance')
      return {
        code: 'isp.unknow-error',
        json: {
          code: '20000',
          msg: 'Service Currently Unavailable',
          sub_code: 'isp.unknow-error',
          sub_msg: '系统繁忙',
        },
      };
    if (mode === 'unsigned_error')
      return { ...wrong('40002', 'isv.invalid-signature', '无效签名'), bare: true };
    if (mode === 'system_error') return failed('ACQ.SYSTEM_ERROR', '系统错误');
    if (mode === 'not_enough') return failed('ACQ.SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足');
    return null;
  }

  handle(call) {
    if (call.action === 'bill_file') return billFile(this, call);
    const content = jsonObject(call.params.biz_content ?? '{}');
    if (!content) return wrong('40002', 'isv.invalid-biz-content', 'biz_content 不是 JSON 对象');
    const reply = this.#dispatch(call, content);
    if (call.mode !== 'unknown_20000') return reply;
    return {
      code: 'aop.unknow-error',
      json: {
        code: '20000',
        msg: 'Service Currently Unavailable',
        sub_code: 'aop.unknow-error',
        sub_msg: '服务暂不可用',
      },
    };
  }

  #dispatch(call, content) {
    switch (call.action) {
      case 'alipay.trade.precreate':
        return this.precreate(content, call.params.notify_url);
      case 'alipay.trade.query':
        return this.query(content, call.mode === 'backwards');
      case 'alipay.trade.close':
        return this.close(content);
      case 'alipay.trade.cancel':
        return this.cancel(content);
      case 'alipay.trade.refund':
        return this.refund(content, call.mode);
      case 'alipay.trade.fastpay.refund.query':
        return this.refundQuery(content, call.mode === 'backwards');
      case 'alipay.data.dataservice.bill.downloadurl.query':
        return billAnswer(this, call, content);
      default:
        return wrong('40002', 'isv.invalid-method', '不存在的方法名');
    }
  }

  // ---- Signatures ----

  #buildNotify({ data, variant }) {
    const params = { notify_time: chinaTime(this.clock.now()), ...data };
    const key = variant === 'other_key' ? this.config.stranger_key : this.config.platform_key;
    const sign = createSign('sha256')
      .update(joined(params, ['sign', 'sign_type']))
      .sign(key, 'base64');
    if (variant === 'tampered') params.total_amount = '0.01';
    const body = new URLSearchParams(variant === 'unsigned' ? params : { ...params, sign }).toString();
    return {
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'user-agent': 'Mozilla/4.0',
      },
      body,
    };
  }

  strange(json) {
    if (json.trade_status) json.trade_status = 'TRADE_PONDERING';
    if (json.refund_status) json.refund_status = 'REFUND_PONDERING';
    json.new_field = { since: 'tomorrow' };
  }

  /** The answer in one of four spellings by turns, so that clients verify what they received. */
  seal(reply, call) {
    if (reply.file)
      return {
        status: reply.status,
        headers: { 'content-type': 'application/octet-stream' },
        body: reply.payload,
      };
    const turn = this.#answers++ % 4;
    let node = reply.payload.toString();
    if (turn === 1) node = node.replaceAll('/', '\\/');
    if (turn === 2)
      node = node.replace(/[\u0080-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
    if (turn === 3) node = node.replace(/^\{"/, '{ "').replace(/"\}$/, '" }');
    const key = call.mode === 'bad_signature' ? this.config.stranger_key : this.config.platform_key;
    const sign = createSign('sha256')
      .update(Buffer.isBuffer(reply.payload) ? reply.payload : node)
      .sign(key, 'base64');
    const name = reply.error ? 'error_response' : `${call.action.replaceAll('.', '_')}_response`;
    const value = Buffer.isBuffer(reply.payload) ? reply.payload : Buffer.from(node);
    const members = [
      [Buffer.from(`"${name}":`), value],
      ...(reply.bare || reply.error ? [] : [[Buffer.from(`"sign":"${sign}"`)]]),
    ].map((m) => Buffer.concat(m));
    if (turn === 3) members.reverse();
    const body = Buffer.concat([
      Buffer.from('{'),
      ...members.flatMap((m, i) => (i ? [Buffer.from(','), m] : [m])),
      Buffer.from('}'),
    ]);
    return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body };
  }
}
