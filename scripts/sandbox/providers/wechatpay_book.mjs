// WeChat Pay: the books of orders and refunds, and the payer.
import {
  alphanumeric,
  chinaCompact,
  chinaRfc3339,
  digits,
  isNotifyUrl,
  isObject,
  isText,
} from '../lib/text.mjs';

const CODE_LIFE_MS = 2 * 3600_000;
const REFUND_DAYS = 365;
const STATE_TEXT = {
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  USERPAYING: '用户支付中',
};

export const FORGERIES = [
  'unsigned',
  'other_key',
  'unknown_serial',
  'stale',
  'signtest',
  'tampered',
  'other_amount',
  'other_merchant',
  'other_order',
];

/** An answer that refuses. */
export const error = (status, code, message) => ({ status, code, json: { code, message } });
const rfc3339 = (text) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$/.test(text) ? Date.parse(text) : NaN;

export class WechatBook {
  constructor({ config, clock, store, callbacks, faults }) {
    Object.assign(this, { config, clock, store, callbacks, faults });
    this.orders = store.table('wechatpay_order');
    this.refunds = store.table('wechatpay_refund');
  }

  prepay(body) {
    const wrong = this.#prepayFault(body);
    if (wrong) return error(400, 'PARAM_ERROR', `输入源“/body/${wrong}”映射到字段，值不合规则`);
    if (body.appid !== this.config.appid || body.mchid !== this.config.mchid)
      return error(400, 'APPID_MCHID_NOT_MATCH', 'appid 和 mchid 不匹配');
    const known = this.orders.get(body.out_trade_no);
    if (known) {
      const same =
        known.amount === body.amount.total &&
        known.description === body.description &&
        known.notify_url === body.notify_url;
      if (!same) return error(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
      if (known.state === 'CLOSED') return error(400, 'ORDER_CLOSED', '该订单已关闭，请重新下单');
      if (known.state !== 'NOTPAY' && known.state !== 'USERPAYING')
        return error(400, 'ORDERPAID', '该订单已支付');
    }
    const order = known ?? {
      out_trade_no: body.out_trade_no,
      amount: body.amount.total,
      description: body.description,
      attach: body.attach ?? '',
      notify_url: body.notify_url,
      expires_at: body.time_expire ? rfc3339(body.time_expire) : this.clock.now() + 7 * 86400_000,
      created_at: this.clock.now(),
      state: 'NOTPAY',
      refunded: 0,
      codes: {},
    };
    const code_url = `weixin://wxpay/bizpayurl?pr=${alphanumeric(9)}z1`;
    this.#change(order, { codes: { ...order.codes, [code_url]: this.clock.now() + CODE_LIFE_MS } });
    if (!known) this.#onOrder(order);
    return { status: 200, json: { code_url } };
  }

  #prepayFault(b) {
    if (!isText(b.appid, 1, 32)) return 'appid';
    if (!isText(b.mchid, 1, 32)) return 'mchid';
    if (!isText(b.description, 1, 127)) return 'description';
    if (!/^[0-9A-Za-z_\-|*]{6,32}$/.test(b.out_trade_no ?? '')) return 'out_trade_no';
    if (!isNotifyUrl(b.notify_url)) return 'notify_url';
    if (b.attach !== undefined && !isText(b.attach, 0, 128)) return 'attach';
    if (!isObject(b.amount) || !Number.isSafeInteger(b.amount.total) || b.amount.total < 1)
      return 'amount/total';
    if ((b.amount.currency ?? 'CNY') !== 'CNY') return 'amount/currency';
    if (b.time_expire !== undefined && !(rfc3339(b.time_expire) >= this.clock.now() + 60_000))
      return 'time_expire';
    return null;
  }

  // What the modes for a fresh order ask for.
  #onOrder(order) {
    const slot = this.faults.take(this.name, 'callback', 'order');
    if (slot?.mode === 'callback_before_answer') this.pay(order, { mode: 'callback_before_answer' });
    if (slot?.mode === 'forged_callback') FORGERIES.forEach((variant) => this.forge(order, variant));
  }

  query(call, query) {
    if (query.get('mchid') !== this.config.mchid) return error(400, 'PARAM_ERROR', '缺少 mchid');
    const order =
      call.action === 'query'
        ? this.orders.get(call.key)
        : [...this.orders.values()].find((o) => o.transaction_id === call.key);
    if (!order) return error(404, 'ORDER_NOT_EXIST', '订单不存在');
    return { status: 200, json: this.#transaction(order, call.mode === 'backwards') };
  }

  #transaction(order, backwards = false) {
    const { appid, mchid } = this.config;
    const paid = order.paid_at && !backwards;
    const state = backwards && order.paid_at ? 'USERPAYING' : order.state;
    return {
      appid,
      mchid,
      out_trade_no: order.out_trade_no,
      trade_type: 'NATIVE',
      trade_state: state,
      trade_state_desc: STATE_TEXT[state],
      attach: order.attach,
      amount: {
        total: order.amount,
        currency: 'CNY',
        ...(paid && { payer_total: order.amount, payer_currency: 'CNY' }),
      },
      ...(paid && {
        transaction_id: order.transaction_id,
        bank_type: 'OTHERS',
        success_time: chinaRfc3339(order.paid_at),
        payer: { openid: order.openid },
        promotion_detail: [],
      }),
    };
  }

  close(outTradeNo, body) {
    if (body.mchid !== this.config.mchid) return error(400, 'PARAM_ERROR', 'mchid 有误');
    const order = this.orders.get(outTradeNo);
    if (!order) return error(404, 'ORDER_NOT_EXIST', '订单不存在');
    if (order.paid_at) return error(400, 'ORDERPAID', '该订单已支付');
    if (order.state === 'USERPAYING') return error(202, 'USERPAYING', '用户支付中，需要输入密码');
    this.#change(order, { state: 'CLOSED' });
    return { status: 204 };
  }

  // ---- Refunds ----

  refund(body, mode) {
    const order = body.out_trade_no
      ? this.orders.get(body.out_trade_no)
      : [...this.orders.values()].find((o) => o.transaction_id === body.transaction_id);
    const amount = body.amount;
    if (!/^[0-9A-Za-z_\-|*@]{1,64}$/.test(body.out_refund_no ?? ''))
      return error(400, 'PARAM_ERROR', 'out_refund_no 不合规则');
    if (
      !isObject(amount) ||
      !(Number.isSafeInteger(amount.refund) && amount.refund > 0) ||
      !Number.isSafeInteger(amount.total) ||
      amount.currency !== 'CNY'
    )
      return error(400, 'PARAM_ERROR', 'amount 不合规则');
    if (body.notify_url !== undefined && !isNotifyUrl(body.notify_url))
      return error(400, 'PARAM_ERROR', 'notify_url 不合规则');
    if (body.reason !== undefined && !isText(body.reason, 1, 80))
      return error(400, 'PARAM_ERROR', 'reason 不合规则');
    if (!order?.paid_at) return error(404, 'RESOURCE_NOT_EXISTS', '订单不存在或未支付');
    const known = this.refunds.get(body.out_refund_no);
    if (known) {
      const same = known.out_trade_no === order.out_trade_no && known.refund === amount.refund;
      return same
        ? { status: 200, json: this.#refundText(known) }
        : error(400, 'INVALID_REQUEST', '退款单号重复但内容不同');
    }
    if (amount.total !== order.amount) return error(400, 'INVALID_REQUEST', '订单金额不一致');
    if (order.refunded + amount.refund > order.amount)
      return error(400, 'INVALID_REQUEST', '申请退款金额超过可退金额');
    if (this.clock.now() - order.paid_at > REFUND_DAYS * 86400_000)
      return error(400, 'INVALID_REQUEST', '订单已超过可退款期限');
    const refund = {
      out_refund_no: body.out_refund_no,
      out_trade_no: order.out_trade_no,
      refund_id: '503' + chinaCompact(this.clock.now()) + digits(12),
      refund: amount.refund,
      reason: body.reason ?? '',
      notify_url: body.notify_url ?? '',
      created_at: this.clock.now(),
      status: 'PROCESSING',
    };
    this.store.put('wechatpay_refund', refund.out_refund_no, refund);
    this.#change(order, { state: 'REFUND', refunded: order.refunded + refund.refund });
    this.#settle(
      refund,
      { refund_processing: 'PROCESSING', refund_abnormal: 'ABNORMAL', refund_closed: 'CLOSED' }[mode],
    );
    return { status: 200, json: this.#refundText({ ...refund, status: 'PROCESSING', success_at: null }) };
  }

  #settle(refund, status = 'SUCCESS') {
    if (status === 'PROCESSING')
      this.store.put('wechatpay_refund', refund.out_refund_no, Object.assign(refund, { stuck: true }));
    else if (this.faults.peek(this.name, 'callback', 'refund')?.mode === 'callback_before_answer')
      this.finishRefund(refund, status);
    else
      this.clock.at(this.clock.now(), () =>
        this.finishRefund(this.refunds.get(refund.out_refund_no), status),
      );
  }

  /** Gives a refund its final status and calls back. */
  finishRefund(refund, status) {
    if (!refund || refund.status !== 'PROCESSING') return;
    Object.assign(refund, { status, success_at: status === 'SUCCESS' ? this.clock.now() : null });
    this.store.put('wechatpay_refund', refund.out_refund_no, refund);
    const order = this.orders.get(refund.out_trade_no);
    if (status === 'CLOSED') this.#change(order, { refunded: order.refunded - refund.refund });
    if (refund.notify_url)
      this.callbacks.send(this.name, 'refund', {
        url: refund.notify_url,
        ref: refund.out_refund_no,
        data: this.#event(`REFUND.${status}`, this.#refundEvent(refund)),
      });
  }

  #refundText(r, status = r.status) {
    const order = this.orders.get(r.out_trade_no);
    return {
      refund_id: r.refund_id,
      out_refund_no: r.out_refund_no,
      transaction_id: order.transaction_id,
      out_trade_no: r.out_trade_no,
      channel: 'ORIGINAL',
      user_received_account: '招商银行信用卡0403',
      create_time: chinaRfc3339(r.created_at),
      status,
      funds_account: 'AVAILABLE',
      ...(status === 'SUCCESS' && { success_time: chinaRfc3339(r.success_at) }),
      amount: {
        total: order.amount,
        refund: r.refund,
        payer_total: order.amount,
        payer_refund: r.refund,
        settlement_refund: r.refund,
        settlement_total: order.amount,
        discount_refund: 0,
        currency: 'CNY',
      },
    };
  }

  #refundEvent(r) {
    const { status, create_time, channel, funds_account, amount, ...rest } = this.#refundText(r);
    const { total, refund, payer_total, payer_refund } = amount;
    return {
      mchid: this.config.mchid,
      ...rest,
      refund_status: status,
      amount: { total, refund, payer_total, payer_refund },
    };
  }

  refundQuery(call) {
    const refund = this.refunds.get(call.key);
    if (!refund) return error(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
    return {
      status: 200,
      json: this.#refundText(refund, call.mode === 'backwards' ? 'PROCESSING' : refund.status),
    };
  }

  // ---- The payer ----

  /** The order of a code and whether the code still opens, null when it is not ours. */
  findCode(code) {
    const order = [...this.orders.values()].find((o) => o.codes[code]);
    return (
      order && { order, alive: order.codes[code] > this.clock.now() && order.expires_at > this.clock.now() }
    );
  }

  isPayable = (order) => order.state === 'NOTPAY' || order.state === 'USERPAYING';

  scan(order) {
    this.#change(order, { state: 'USERPAYING' });
  }

  /** The payer has paid: books it and calls back. */
  pay(order, { mode } = {}) {
    this.#change(order, {
      state: 'SUCCESS',
      paid_at: this.clock.now(),
      transaction_id: '4200' + chinaCompact(this.clock.now()) + digits(10),
      openid: 'oSandbox' + alphanumeric(20),
    });
    this.callbacks.send(this.name, 'payment', {
      url: order.notify_url,
      ref: order.out_trade_no,
      data: this.#event('TRANSACTION.SUCCESS', this.#transaction(order)),
      mode,
    });
    return order;
  }

  expire(order) {
    this.#change(order, { state: 'CLOSED', expires_at: this.clock.now(), codes: {} });
  }

  /** Calls back as if the order were paid, with a flaw. */
  forge(order, variant) {
    const flaw = {
      other_amount: { amount: order.amount + 1 },
      other_order: { out_trade_no: 'FORGED' + digits(12) },
    }[variant];
    const paid = {
      ...order,
      state: 'SUCCESS',
      paid_at: this.clock.now(),
      transaction_id: '4200' + digits(24),
      openid: 'oForged' + alphanumeric(21),
      ...flaw,
    };
    const transaction = this.#transaction(paid);
    if (variant === 'other_merchant') transaction.mchid = String(Number(transaction.mchid) + 1);
    const data = this.#event('TRANSACTION.SUCCESS', transaction);
    return this.callbacks.forge(this.name, 'payment', {
      url: order.notify_url,
      ref: order.out_trade_no,
      data,
      variant,
    });
  }

  view = (o) => ({
    provider: this.name,
    out_trade_no: o.out_trade_no,
    subject: o.description,
    amount_fen: o.amount,
    refunded_fen: o.refunded,
    state: o.state,
    transaction_id: o.transaction_id ?? null,
    created_at: o.created_at,
    paid_at: o.paid_at ?? null,
    code_url: Object.keys(o.codes).find((c) => o.codes[c] > this.clock.now()) ?? null,
  });

  refundViews = () =>
    [...this.refunds.values()].map((r) => ({
      provider: this.name,
      out_refund_no: r.out_refund_no,
      out_trade_no: r.out_trade_no,
      amount_fen: r.refund,
      status: r.status,
      at: r.success_at ?? r.created_at,
    }));

  #change(order, fields) {
    return this.store.put('wechatpay_order', order.out_trade_no, Object.assign(order, fields));
  }

  #event(event_type, resource) {
    const summary = {
      'TRANSACTION.SUCCESS': '支付成功',
      'REFUND.SUCCESS': '退款成功',
      'REFUND.ABNORMAL': '退款异常',
      'REFUND.CLOSED': '退款关闭',
    }[event_type];
    return {
      id: `EV-${chinaCompact(this.clock.now())}${digits(17)}`,
      create_time: chinaRfc3339(this.clock.now()),
      event_type,
      summary,
      resource,
    };
  }

  resume() {
    for (const refund of this.refunds.values()) {
      if (refund.status === 'PROCESSING' && !refund.stuck)
        this.clock.at(this.clock.now(), () => this.finishRefund(refund, 'SUCCESS'));
    }
  }
}
