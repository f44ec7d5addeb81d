// Alipay: the books of trades and refunds, and the payer.
import {
  alphanumeric,
  chinaCompact,
  chinaTime,
  digits,
  fenOf,
  fromChinaTime,
  isNotifyUrl,
  isText,
  yuanOf,
} from '../lib/text.mjs';

const CODE_LIFE_MS = 2 * 3600_000;
const UNITS = { m: 60_000, h: 3600_000, d: 86400_000 };

export const FORGERIES = [
  'unsigned',
  'other_key',
  'tampered',
  'other_amount',
  'other_merchant',
  'other_seller',
  'other_order',
];

/** Answers of success and of a business failure. */
export const fine = (fields) => ({ code: '10000', json: { code: '10000', msg: 'Success', ...fields } });
export const failed = (sub_code, sub_msg, fields) => ({
  code: sub_code,
  json: { code: '40004', msg: 'Business Failed', sub_code, sub_msg, ...fields },
});

export class AlipayBook {
  constructor({ config, clock, store, callbacks, faults }) {
    Object.assign(this, { config, clock, store, callbacks, faults });
    this.trades = store.table('alipay_trade');
  }

  precreate(c, notify_url) {
    const amount = fenOf(c.total_amount);
    if (
      !/^[A-Za-z0-9_]{1,64}$/.test(c.out_trade_no ?? '') ||
      !(amount >= 1 && amount <= 1e10) ||
      !isText(c.subject, 1, 256) ||
      /[/=&]/.test(c.subject)
    ) {
      return failed('ACQ.INVALID_PARAMETER', '参数无效');
    }
    if (notify_url !== undefined && !isNotifyUrl(notify_url))
      return failed('ACQ.INVALID_PARAMETER', 'notify_url 无效');
    const expires_at = this.#expiry(c);
    if (!(expires_at > this.clock.now())) return failed('ACQ.INVALID_PARAMETER', '超时时间参数无效');
    const known = this.trades.get(c.out_trade_no);
    if (known) {
      this.#refresh(known);
      if (known.amount !== amount || known.subject !== c.subject)
        return failed('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改');
      if (known.status === 'TRADE_CLOSED') return failed('ACQ.TRADE_HAS_CLOSE', '交易已经关闭');
      if (known.paid_at) return failed('ACQ.TRADE_HAS_SUCCESS', '交易已被支付');
    }
    const trade = known ?? {
      out_trade_no: c.out_trade_no,
      amount,
      subject: c.subject,
      body: c.body ?? '',
      notify_url: notify_url ?? '',
      passback_params: c.passback_params ?? '',
      created_at: this.clock.now(),
      expires_at,
      status: null,
      refunds: {},
      refunded: 0,
      codes: {},
    };
    const qr_code = `https://qr.alipay.com/bax0${alphanumeric(18).toLowerCase()}`;
    this.#change(trade, {
      codes: { ...trade.codes, [qr_code]: Math.min(expires_at, this.clock.now() + CODE_LIFE_MS) },
    });
    if (!known) this.#onTrade(trade);
    return fine({ out_trade_no: trade.out_trade_no, qr_code });
  }

  #expiry(c) {
    if (c.time_expire !== undefined) return fromChinaTime(c.time_expire);
    const m = /^([1-9]\d{0,4})([mhd])$/.exec(c.timeout_express ?? '15d');
    return m ? this.clock.now() + Math.min(Number(m[1]) * UNITS[m[2]], 15 * UNITS.d) : NaN;
  }

  #onTrade(trade) {
    const slot = this.faults.take(this.name, 'callback', 'order');
    if (slot?.mode === 'callback_before_answer') this.pay(trade, { mode: 'callback_before_answer' });
    if (slot?.mode === 'forged_callback') FORGERIES.forEach((variant) => this.forge(trade, variant));
  }

  // A trade exists only once somebody has scanned its code; an unpaid one closes by itself.
  #find(c) {
    const trade = c.out_trade_no
      ? this.trades.get(c.out_trade_no)
      : [...this.trades.values()].find((t) => t.trade_no && t.trade_no === c.trade_no);
    if (trade) this.#refresh(trade);
    return trade?.status ? trade : null;
  }

  #refresh(trade) {
    if (trade.status === 'WAIT_BUYER_PAY' && trade.expires_at <= this.clock.now())
      this.#change(trade, { status: 'TRADE_CLOSED', closed_at: trade.expires_at });
  }

  query(c, backwards) {
    const trade = this.#find(c);
    if (!trade) return failed('ACQ.TRADE_NOT_EXIST', '交易不存在');
    const paid = trade.paid_at && !backwards;
    return fine({
      trade_no: trade.trade_no,
      out_trade_no: trade.out_trade_no,
      buyer_logon_id: trade.buyer_logon_id,
      trade_status: backwards && trade.paid_at ? 'WAIT_BUYER_PAY' : trade.status,
      total_amount: yuanOf(trade.amount),
      receipt_amount: yuanOf(paid ? trade.amount : 0),
      buyer_pay_amount: yuanOf(paid ? trade.amount : 0),
      invoice_amount: yuanOf(paid ? trade.amount : 0),
      point_amount: '0.00',
      ...(paid && {
        send_pay_date: chinaTime(trade.paid_at),
        fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: yuanOf(trade.amount) }],
      }),
    });
  }

  close(c) {
    const trade = this.#find(c);
    if (!trade) return failed('ACQ.TRADE_NOT_EXIST', '交易不存在');
    if (trade.status !== 'WAIT_BUYER_PAY') return failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
    this.#change(trade, { status: 'TRADE_CLOSED', closed_at: this.clock.now() });
    this.#notify(trade, 'closed', { gmt_close: chinaTime(trade.closed_at) });
    return fine({ trade_no: trade.trade_no, out_trade_no: trade.out_trade_no });
  }

  cancel(c) {
    const trade = this.#find(c);
    const known = trade ?? this.trades.get(c.out_trade_no);
    if (!known) return fine({ out_trade_no: c.out_trade_no, retry_flag: 'N', action: 'close' });
    const refund = trade?.paid_at && trade.refunded < trade.amount;
    if (refund) this.#book(trade, 'cancel', trade.amount - trade.refunded, '撤销');
    else
      this.#change(known, {
        codes: {},
        ...(trade && !trade.paid_at && { status: 'TRADE_CLOSED', closed_at: this.clock.now() }),
      });
    return fine({
      trade_no: known.trade_no,
      out_trade_no: known.out_trade_no,
      retry_flag: 'N',
      action: refund ? 'refund' : 'close',
    });
  }

  // ---- Refunds ----

  refund(c, mode) {
    const trade = this.#find(c);
    const amount = fenOf(c.refund_amount);
    if (!(amount >= 1) || (c.out_request_no !== undefined && !isText(c.out_request_no, 1, 64)))
      return failed('ACQ.INVALID_PARAMETER', '参数无效');
    if (!trade) return failed('ACQ.TRADE_NOT_EXIST', '交易不存在');
    if (!trade.paid_at) return failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法');
    const number = c.out_request_no ?? trade.out_trade_no;
    const known = trade.refunds[number];
    if (known && known.amount !== amount)
      return failed('ACQ.CONTEXT_INCONSISTENT', '同一退款请求号的内容不一致');
    if (!known && trade.refunded + amount > trade.amount)
      return failed('ACQ.REASON_TRADE_REFUND_FEE_ERR', '退款金额无效');
    if (!known) this.#book(trade, number, amount, c.refund_reason ?? '', mode === 'refund_processing');
    const changed = !known && mode !== 'refund_no_change' && mode !== 'refund_processing';
    return fine({
      trade_no: trade.trade_no,
      out_trade_no: trade.out_trade_no,
      buyer_logon_id: trade.buyer_logon_id,
      refund_fee: yuanOf(trade.refunded),
      fund_change: changed ? 'Y' : 'N',
      send_back_fee: yuanOf(amount),
      gmt_refund_pay: chinaTime(this.clock.now()),
    });
  }

  #book(trade, number, amount, reason, pending = false) {
    const refund = { number, amount, reason, at: this.clock.now(), status: 'PROCESSING' };
    this.#change(trade, {
      refunds: { ...trade.refunds, [number]: refund },
      refunded: trade.refunded + amount,
    });
    if (!pending) this.finishRefund(trade, number, 'SUCCESS');
  }

  /** Gives a refund its result, "SUCCESS" or "FAILED", and notifies. */
  finishRefund(trade, number, status) {
    const refund = trade.refunds[number];
    if (!refund || refund.status !== 'PROCESSING') return;
    refund.status = status;
    if (status !== 'SUCCESS') return void this.#change(trade, { refunded: trade.refunded - refund.amount });
    this.#change(trade, trade.refunded === trade.amount ? { status: 'TRADE_CLOSED' } : {});
    this.#notify(
      trade,
      'refund',
      { out_biz_no: number, refund_fee: yuanOf(trade.refunded), gmt_refund: chinaTime(refund.at) + '.001' },
      number,
    );
  }

  refundQuery(c, backwards) {
    const trade = this.#find(c);
    if (!trade) return failed('ACQ.TRADE_NOT_EXIST', '交易不存在');
    if (!isText(c.out_request_no, 1, 64)) return failed('ACQ.INVALID_PARAMETER', '参数无效');
    const refund = trade.refunds[c.out_request_no];
    if (!refund) return fine({});
    const done = refund.status === 'SUCCESS' && !backwards;
    return fine({
      trade_no: trade.trade_no,
      out_trade_no: trade.out_trade_no,
      out_request_no: refund.number,
      total_amount: yuanOf(trade.amount),
      refund_amount: yuanOf(refund.amount),
      ...(done && { refund_status: 'REFUND_SUCCESS', gmt_refund_pay: chinaTime(refund.at) }),
    });
  }

  // ---- The payer ----

  findCode(code) {
    const trade = [...this.trades.values()].find((t) => t.codes[code]);
    if (trade) this.#refresh(trade);
    return trade && { order: trade, alive: trade.codes[code] > this.clock.now() };
  }

  isPayable = (trade) => trade.status === null || trade.status === 'WAIT_BUYER_PAY';

  scan(trade) {
    if (trade.status) return;
    this.#change(trade, {
      status: 'WAIT_BUYER_PAY',
      scanned_at: this.clock.now(),
      trade_no: chinaCompact(this.clock.now()).slice(0, 8) + '22001' + digits(15),
      buyer_id: '2088' + digits(12),
      buyer_logon_id: '138****0000',
    });
  }

  pay(trade, { mode } = {}) {
    this.scan(trade);
    this.#change(trade, { status: 'TRADE_SUCCESS', paid_at: this.clock.now() });
    this.#notify(trade, 'payment', {}, trade.out_trade_no, mode);
    return trade;
  }

  expire(trade) {
    this.#change(trade, {
      expires_at: this.clock.now(),
      codes: {},
      ...(trade.status && { status: 'TRADE_CLOSED', closed_at: this.clock.now() }),
    });
  }

  forge(trade, variant) {
    const flaw = {
      other_amount: { amount: trade.amount + 1 },
      other_order: { out_trade_no: 'FORGED' + digits(12) },
    }[variant];
    const paid = {
      ...trade,
      trade_no: chinaCompact(this.clock.now()).slice(0, 8) + '22001' + digits(15),
      buyer_id: '2088' + digits(12),
      buyer_logon_id: '138****0001',
      status: 'TRADE_SUCCESS',
      paid_at: this.clock.now(),
      scanned_at: this.clock.now(),
      ...flaw,
    };
    const params = this.#params(paid, {});
    if (variant === 'other_merchant') params.app_id = String(BigInt(params.app_id) + 1n);
    if (variant === 'other_seller') params.seller_id = '2088' + digits(12);
    return this.callbacks.forge(this.name, 'payment', {
      url: trade.notify_url,
      ref: trade.out_trade_no,
      data: params,
      variant,
    });
  }

  view = (t) => ({
    provider: this.name,
    out_trade_no: t.out_trade_no,
    subject: t.subject,
    amount_fen: t.amount,
    refunded_fen: t.refunded,
    state: t.status ?? 'NOT_SCANNED',
    transaction_id: t.trade_no ?? null,
    created_at: t.created_at,
    paid_at: t.paid_at ?? null,
    code_url: Object.keys(t.codes).find((c) => t.codes[c] > this.clock.now()) ?? null,
  });

  refundViews = () =>
    [...this.trades.values()].flatMap((t) =>
      Object.values(t.refunds).map((r) => ({
        provider: this.name,
        out_refund_no: r.number,
        out_trade_no: t.out_trade_no,
        amount_fen: r.amount,
        status: r.status,
        at: r.at,
      })),
    );

  get orders() {
    return this.trades;
  }

  #change(trade, fields) {
    return this.store.put('alipay_trade', trade.out_trade_no, Object.assign(trade, fields));
  }

  #params(t, more) {
    const money = yuanOf(t.amount);
    const { app_id, seller_id } = this.config;
    return {
      notify_type: 'trade_status_sync',
      notify_id: chinaCompact(this.clock.now()) + '00222' + digits(17),
      app_id,
      auth_app_id: app_id,
      charset: 'utf-8',
      version: '1.0',
      sign_type: 'RSA2',
      trade_no: t.trade_no,
      out_trade_no: t.out_trade_no,
      buyer_id: t.buyer_id,
      buyer_logon_id: t.buyer_logon_id,
      seller_id,
      trade_status: t.status,
      total_amount: money,
      subject: t.subject,
      gmt_create: chinaTime(t.scanned_at),
      later_invention: 'a parameter nobody announced',
      ...(t.body && { body: t.body }),
      ...(t.passback_params && { passback_params: t.passback_params }),
      ...(t.paid_at && {
        receipt_amount: money,
        invoice_amount: money,
        buyer_pay_amount: money,
        point_amount: '0.00',
        gmt_payment: chinaTime(t.paid_at),
        fund_bill_list: JSON.stringify([{ amount: money, fundChannel: 'ALIPAYACCOUNT' }]),
      }),
      ...more,
    };
  }

  #notify(trade, kind, more, ref = trade.out_trade_no, mode = undefined) {
    if (!trade.notify_url) return;
    this.callbacks.send(this.name, kind, {
      url: trade.notify_url,
      ref,
      data: this.#params(trade, more),
      mode,
    });
  }

  resume() {}
}
