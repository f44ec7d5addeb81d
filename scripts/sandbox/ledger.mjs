// What the providers hold to be true of the money, for comparison with the hall's own books.
import { chinaDate } from './lib/text.mjs';

const sum = (items) => items.reduce((total, i) => total + i.amount_fen, 0);
const iso = (ms) => (ms ? new Date(ms).toISOString() : null);

function payments(provider, onDay) {
  const paid = [...provider.orders.values()]
    .map((o) => provider.view(o))
    .filter((v) => v.paid_at && onDay(v.paid_at));
  const refunds = provider.refundViews().filter((r) => onDay(r.at));
  const [done, pending] = [
    refunds.filter((r) => r.status === 'SUCCESS'),
    refunds.filter((r) => r.status === 'PROCESSING'),
  ];
  const [captured_fen, refunded_fen] = [sum(paid), sum(done)];
  return {
    captured_fen,
    refunded_fen,
    net_fen: captured_fen - refunded_fen,
    refunding_fen: sum(pending),
    orders: paid.map(({ code_url, created_at, provider: _, ...v }) => ({ ...v, paid_at: iso(v.paid_at) })),
    refunds: refunds.map(({ provider: _, ...r }) => ({ ...r, at: iso(r.at) })),
  };
}

function account(bank, onDay) {
  const transfers = bank.views().filter((t) => onDay(Date.parse(t.at.replace(' ', 'T') + '+08:00')));
  const lines = [...bank.lines.values()].filter((l) => onDay(l.at));
  const total = (code) => lines.filter((l) => l.loanCode === code).reduce((fen, l) => fen + l.amount, 0);
  return { transfers, paid_fen: total('D'), received_fen: total('C') };
}

/** The books of all providers, of one civil day in China where `day` is given. */
export function ledger(providers, day) {
  const onDay = (ms) => !day || chinaDate(ms) === day;
  const { wechatpay, alipay, sms, faceid, bank, sf } = Object.fromEntries(providers.map((p) => [p.name, p]));
  const messages = [...sms.messages.values()].filter((m) => onDay(m.accepted_at));
  return {
    wechatpay: payments(wechatpay, onDay),
    alipay: payments(alipay, onDay),
    bank: account(bank, onDay),
    sms: { accepted: messages.length, delivered: messages.filter((m) => m.delivered_at).length },
    faceid: { billed: Object.fromEntries(faceid.billed) },
    sf: {
      orders: [...sf.orders.values()].map((o) => ({
        order_id: o.orderId,
        tracking_no: o.waybillNo,
        cancelled: Boolean(o.cancelled_at),
        at: iso(o.created_at),
      })),
    },
  };
}
