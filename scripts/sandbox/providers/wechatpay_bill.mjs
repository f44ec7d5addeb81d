// WeChat Pay: the day's statement of trades (tradebill) and its file.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { alphanumeric, china, chinaDate, chinaTime, digits, yuanOf } from '../lib/text.mjs';
import { error } from './wechatpay_book.mjs';

const LINK_LIFE_MS = 5 * 60_000;
const READY_HOUR = 9; // bills of yesterday are ready from then
const FEE_RATE = 0.006;

const COMMON = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
];
const REFUND = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态'];
const TAIL = ['商品名称', '商户数据包', '手续费', '费率', '订单金额'];
const COLUMNS = {
  ALL: [...COMMON, ...REFUND, ...TAIL, '申请退款金额', '费率备注'],
  SUCCESS: [...COMMON, ...TAIL, '费率备注'],
  REFUND: [...COMMON, '退款申请时间', '退款成功时间', ...REFUND, ...TAIL, '申请退款金额', '费率备注'],
};
const SUMMARY = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];

// One line as an object by column name; `sign` is 1 for a payment and -1 for a refund.
function line(provider, order, refund) {
  const { appid, mchid } = provider.config;
  const fee = Math.round((refund ? -refund.refund : order.amount) * FEE_RATE);
  return {
    交易时间: chinaTime(refund ? refund.created_at : order.paid_at),
    公众账号ID: appid,
    商户号: mchid,
    特约商户号: '0',
    设备号: '',
    微信订单号: order.transaction_id,
    商户订单号: order.out_trade_no,
    用户标识: order.openid,
    交易类型: 'NATIVE',
    交易状态: refund ? 'REFUND' : 'SUCCESS',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    应结订单金额: refund ? 0 : order.amount,
    代金券金额: 0,
    退款申请时间: refund && chinaTime(refund.created_at),
    退款成功时间: refund?.success_at ? chinaTime(refund.success_at) : '',
    微信退款单号: refund?.refund_id ?? '0',
    商户退款单号: refund?.out_refund_no ?? '0',
    退款金额: refund?.refund ?? 0,
    充值券退款金额: 0,
    退款类型: refund ? 'ORIGINAL' : '',
    退款状态: refund?.status ?? '',
    商品名称: order.description.replaceAll(',', '，'),
    商户数据包: order.attach.replaceAll(',', '，'),
    手续费: fee,
    费率: '0.60%',
    订单金额: refund ? 0 : order.amount,
    申请退款金额: refund?.refund ?? 0,
    费率备注: '',
  };
}

function linesOf(provider, day, type) {
  const on = (ms) => ms && chinaDate(ms) === day;
  const paid = [...provider.orders.values()].filter((o) => on(o.paid_at)).map((o) => line(provider, o));
  const refunded = [...provider.refunds.values()]
    .filter((r) => on(r.created_at))
    .map((r) => line(provider, provider.orders.get(r.out_trade_no), r));
  return { ALL: [...paid, ...refunded], SUCCESS: paid, REFUND: refunded }[type];
}

function spoil(provider, lines, mode, day) {
  if (mode === 'bill_missing_row') lines.pop();
  if (mode === 'bill_other_amount' && lines[0]) lines[0].应结订单金额 = lines[0].订单金额 += 100;
  if (mode === 'bill_extra_row') {
    const order = {
      out_trade_no: 'STRANGER' + digits(10),
      transaction_id: '4200' + digits(24),
      openid: 'oSandboxStranger',
      amount: 8800,
      description: '未知交易',
      attach: '',
      paid_at: Date.parse(`${day}T12:00:00+08:00`),
    };
    lines.push(line(provider, order));
  }
}

const cell = (name, value) =>
  typeof value === 'number'
    ? name === '手续费'
      ? (value / 100).toFixed(5)
      : yuanOf(value)
    : String(value ?? '');
const sum = (lines, name) => lines.reduce((total, l) => total + l[name], 0);

function csv(lines, type) {
  const columns = COLUMNS[type];
  const rows = lines.map((l) => columns.map((name) => '`' + cell(name, l[name])).join(','));
  const totals = [
    String(lines.length),
    yuanOf(sum(lines, '应结订单金额')),
    yuanOf(sum(lines, '退款金额')),
    '0.00',
    cell('手续费', sum(lines, '手续费')),
    yuanOf(sum(lines, '订单金额')),
    yuanOf(sum(lines, '申请退款金额')),
  ];
  return [columns.join(','), ...rows, SUMMARY.join(','), totals.map((t) => '`' + t).join(','), ''].join(
    '\r\n',
  );
}

/** The answer to a request for a bill: hash and link. The file is made now and kept for the link. */
export function billAnswer(provider, call, query) {
  const day = query.get('bill_date') ?? '';
  const type = query.get('bill_type') ?? 'ALL';
  const now = provider.clock.now();
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !COLUMNS[type] || ![null, 'GZIP'].includes(query.get('tar_type')))
    return error(400, 'PARAM_ERROR', '账单参数不合规则');
  if (day >= chinaDate(now)) return error(400, 'INVALID_REQUEST', '账单日期只能是今天以前');
  const fresh = day === chinaDate(now - 86400_000) && Number(china(now).hour) < READY_HOUR;
  if (fresh || call.mode === 'bill_creating')
    return error(400, 'STATEMENT_CREATING', '账单文件正在生成，请稍后再试');
  const lines = linesOf(provider, day, type);
  spoil(provider, lines, call.mode, day);
  if (!lines.length) return error(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
  const text = csv(lines, type);
  const token = alphanumeric(43);
  provider.store.put('wechatpay_bill', token, {
    text,
    gzip: query.get('tar_type') === 'GZIP',
    until: now + LINK_LIFE_MS,
  });
  const download_url = `http://${call.header('host')}${provider.prefix}/v3/billdownload/file?token=${token}`;
  return {
    status: 200,
    json: { hash_type: 'SHA1', hash_value: createHash('sha1').update(text).digest('hex'), download_url },
  };
}

/** The file of a link. Its answer carries no signature, as the real one's does not. */
export function billFile(provider, query) {
  const file = provider.store.get('wechatpay_bill', query.get('token'));
  if (!file || file.until < provider.clock.now()) return error(400, 'PARAM_ERROR', '下载链接无效或已过期');
  const payload = file.gzip ? gzipSync(file.text) : Buffer.from(file.text);
  return { status: 200, unsigned: true, type: 'application/octet-stream', payload };
}
