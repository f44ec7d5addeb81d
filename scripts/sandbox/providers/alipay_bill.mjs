// Alipay: the day's statement of trades, a zip of two CSV files in GBK.
import { alphanumeric, chinaDate, chinaTime, digits, yuanOf } from '../lib/text.mjs';
import { gbkEncode } from '../lib/gbk.mjs';
import { zip } from '../lib/zip.mjs';

const LINK_LIFE_MS = 30_000;
const COLUMNS = [
  '支付宝交易号',
  '商户订单号',
  '业务类型',
  '商品名称',
  '创建时间',
  '完成时间',
  '门店编号',
  '门店名称',
  '操作员',
  '终端号',
  '对方账户',
  '订单金额（元）',
  '商家实收（元）',
  '支付宝红包（元）',
  '集分宝（元）',
  '支付宝优惠（元）',
  '商家优惠（元）',
  '券核销金额（元）',
  '券名称',
  '商家红包消费金额（元）',
  '卡消费金额（元）',
  '退款批次号/请求号',
  '服务费（元）',
  '分润（元）',
  '备注',
];

const row = (t, refund) => {
  const money = refund ? -refund.amount : t.amount;
  const fee = -Math.round(money * 0.006);
  const known = {
    支付宝交易号: t.trade_no,
    商户订单号: t.out_trade_no,
    业务类型: refund ? '退款' : '交易',
    商品名称: t.subject.replaceAll(',', '，'),
    创建时间: chinaTime(t.scanned_at),
    完成时间: chinaTime(refund?.at ?? t.paid_at),
    对方账户: t.buyer_logon_id,
    '订单金额（元）': yuanOf(money),
    '商家实收（元）': yuanOf(money),
    '退款批次号/请求号': refund?.number ?? '',
    '服务费（元）': yuanOf(fee),
  };
  return { money, fee, cells: COLUMNS.map((name) => known[name] ?? (name.endsWith('（元）') ? '0.00' : '')) };
};

function rowsOf(provider, day) {
  const on = (ms) => ms && chinaDate(ms) === day;
  const trades = [...provider.trades.values()];
  const paid = trades.filter((t) => on(t.paid_at)).map((t) => row(t));
  const refunded = trades.flatMap((t) =>
    Object.values(t.refunds)
      .filter((r) => r.status === 'SUCCESS' && on(r.at))
      .map((r) => row(t, r)),
  );
  return [...paid, ...refunded];
}

function spoil(rows, mode, day) {
  if (mode === 'bill_missing_row') rows.pop();
  if (mode === 'bill_other_amount' && rows[0])
    rows[0].cells[11] = rows[0].cells[12] = yuanOf(rows[0].money + 100);
  if (mode === 'bill_extra_row') {
    const at = Date.parse(`${day}T12:00:00+08:00`);
    rows.push(
      row({
        trade_no: digits(28),
        out_trade_no: 'STRANGER' + digits(10),
        subject: '未知交易',
        scanned_at: at,
        paid_at: at,
        buyer_logon_id: '138****0009',
        amount: 8800,
      }),
    );
  }
}

function files(provider, rows, day) {
  const rule = (text) => `#${'-'.repeat(41)}${text}${'-'.repeat(41)}`;
  const head = (title) => [
    `#${title}`,
    `#账号：[${provider.config.seller_id}0156]`,
    `#起始日期：[${chinaTime(Date.parse(`${day}T00:00:00+08:00`))}]   终止日期：[${chinaTime(Date.parse(`${day}T24:00:00+08:00`))}]`,
  ];
  const paid = rows.filter((r) => r.money > 0);
  const total = (list, name) => yuanOf(list.reduce((sum, r) => sum + r[name], 0));
  const counted = `#交易合计：${paid.length}笔，商家实收共${total(paid, 'money')}元，商家优惠共0.00元；退款合计：${rows.length - paid.length}笔，商家实收退款共${total(
    rows.filter((r) => r.money < 0),
    'money',
  )}元`;
  const detail = [
    ...head('支付宝业务明细查询'),
    rule('业务明细列表'),
    COLUMNS.join(','),
    ...rows.map((r) => r.cells.map((c) => `${c}\t`).join(',')),
    rule('业务明细列表结束'),
    counted,
    `#导出时间：[${chinaTime(provider.clock.now())}]`,
    '',
  ];
  const summary = [
    ...head('支付宝业务汇总查询'),
    rule('业务汇总列表'),
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）,实收净额（元）',
    `合计,,${paid.length},${rows.length - paid.length},${total(rows, 'money')},${total(rows, 'money')},${total(rows, 'fee')},${yuanOf(rows.reduce((sum, r) => sum + r.money + r.fee, 0))}`,
    rule('业务汇总列表结束'),
    '',
  ];
  const name = `${provider.config.seller_id}0156_${day.replaceAll('-', '')}_业务明细`;
  return [
    [`${name}.csv`, detail],
    [`${name}(汇总).csv`, summary],
  ].map(([n, lines]) => ({ name: gbkEncode(n), data: gbkText(lines.join('\r\n')) }));
}

// Characters outside GBK are shown as question marks, as in the real files.
const gbkText = (text) => Buffer.concat([...text].map((c) => gbkEncode(c) ?? Buffer.from('?')));

export function billAnswer(provider, call, content) {
  const { bill_type, bill_date } = content;
  if (!['trade', 'signcustomer'].includes(bill_type) || !/^\d{4}-\d\d-\d\d$/.test(bill_date ?? ''))
    return {
      code: 'isv.invalid-arguments',
      json: {
        code: '40002',
        msg: 'Invalid Arguments',
        sub_code: 'isv.invalid-arguments',
        sub_msg: '参数无效',
      },
    };
  if (bill_date >= chinaDate(provider.clock.now()))
    return {
      code: 'isp.bill_not_exist',
      json: { code: '40004', msg: 'Business Failed', sub_code: 'isp.bill_not_exist', sub_msg: '账单不存在' },
    };
  const rows = bill_type === 'trade' ? rowsOf(provider, bill_date) : [];
  spoil(rows, call.mode, bill_date);
  const token = alphanumeric(32);
  provider.store.put('alipay_bill', token, {
    data: zip(files(provider, rows, bill_date)).toString('base64'),
    until: provider.clock.now() + LINK_LIFE_MS,
  });
  const bill_download_url = `http://${call.header('host')}${provider.prefix}/bill?token=${token}`;
  return {
    code: '10000',
    json: {
      code: '10000',
      msg: 'Success',
      bill_download_url,
      ...(!rows.length && { bill_file_code: 'EMPTY_DATA_WITH_BILL_FILE' }),
    },
  };
}

export function billFile(provider, call) {
  const file = provider.store.get('alipay_bill', new URLSearchParams(call.query).get('token'));
  const alive = file && file.until > provider.clock.now();
  return {
    file: true,
    status: alive ? 200 : 403,
    payload: alive ? Buffer.from(file.data, 'base64') : 'link expired',
  };
}
