// Nuonuo, fully digital invoices (数电票): requests, results, red invoices, and the files of issued ones.
import { createHmac } from 'node:crypto';
import { alphanumeric, digits, fenOf, formObject, fromChinaTime, isObject, isText, jsonObject, yuanOf } from '../lib/text.mjs';
import { invoicePdf } from '../lib/invoice_pdf.mjs';

const SKEW_MS = 15 * 60_000;
const METHOD = 'nuonuo.OpeMplatform.';
const ISSUE = ['requestBillingNew'];
const ASK = ['queryInvoiceResult'];
const RED = ['queryInvoiceRedConfirm'];
const MODES = {
  issue_failed: { on: 'call', actions: ISSUE, about: '已受理，随后开票失败（22）' },
  red_failed: { on: 'call', actions: ['fastInvoiceRed'], about: '红票已受理，随后开票失败（22）' },
  seal_failed: { on: 'call', actions: ISSUE, about: '已开票，签章失败（24），须重新签章' },
  not_stored_yet: { on: 'call', actions: ASK, about: '刚提交，答 E9500 查无此单' },
  duplicate: { on: 'call', actions: ISSUE, about: '已受理，答 E9106 单号重复' },
  refused: { on: 'call', actions: ISSUE, about: '未受理，答 E9101 参数有误' },
  retry_limit: { on: 'call', about: '未处理，答 E9613 超出次数' },
  token_expired: { on: 'call', about: '未处理，答 070301 令牌失效' },
  waits_for_buyer: { on: 'call', actions: RED, about: '红字确认单待购方确认（02）' },
  buyer_refuses: { on: 'call', actions: RED, about: '红字确认单被购方拒绝（05）' },
  other_amount: { on: 'call', actions: ASK, about: '查询结果的金额不符' },
  no_pdf: { on: 'call', actions: ['file'], about: '版式文件还不能下载（404）' },
  not_a_pdf: { on: 'call', actions: ['file'], about: '版式文件不是 PDF' },
  strange_host: { on: 'call', actions: ASK, about: '版式文件地址在别的主机上' },
  backwards: { on: 'call', actions: ASK, about: '已开票的查询为开票中' },
};

const say = (code, describe, result) => ({ status: 200, code, json: { code, describe, ...(result && { result }) } });
const refuse = (describe) => say('E9101', describe);

/** X-Nuonuo-Sign over the query values and the body as it came. */
export const nuonuoSign = ({ appkey, senid, nonce, timestamp }, body, secret) =>
  createHmac('sha1', secret)
    .update(`a=services&l=v1&p=open&k=${appkey}&i=${senid}&n=${nonce}&t=${timestamp}&f=`)
    .update(body)
    .digest('base64');

export class Nuonuo {
  name = 'nuonuo';
  title = '电子发票（诺诺）';
  prefix = '/nuonuo';
  modes = MODES;
  #senids = new Set();

  constructor({ config, clock, store }) {
    Object.assign(this, { config, clock, store });
    this.invoices = store.table('nuonuo_invoice'); // by our number
    this.confirms = store.table('nuonuo_confirm'); // by bill id, which is the red invoice's number
  }

  identify(call) {
    if (call.path.startsWith('/file/')) return { action: 'file', key: call.path.split('/')[2] };
    call.form = formObject(call.query);
    call.data = jsonObject(call.text());
    const d = call.data;
    return {
      action: call.header('method')?.replace(METHOD, '') ?? 'unknown',
      key: d?.order?.orderNo ?? d?.orderNo ?? d?.orderno ?? d?.billId ?? d?.orderNos?.[0],
    };
  }

  verify(call) {
    if (call.path.startsWith('/file/')) {
      call.signature = 'none';
      return call.method === 'GET' ? null : { status: 405 };
    }
    call.signature = 'bad';
    const f = call.form;
    if (call.method !== 'POST' || call.path !== '/open/v1/services' || !f) return say('070101', '请求地址有误');
    if (!/^[0-9a-f]{32}$/.test(f.senid) || !/^\d{8}$/.test(f.nonce) || !/^\d{10}$/.test(f.timestamp)) return say('070101', '公共参数有误');
    const given = call.header('x-nuonuo-sign');
    if (!given) {
      call.signature = 'missing';
      return say('070101', '缺少签名');
    }
    if (f.appkey !== this.config.app_key) return say('070304', 'appKey 不存在');
    if (given !== nuonuoSign(f, call.body, this.config.app_secret)) return say('070305', '签名错误');
    if (Math.abs(Number(f.timestamp) * 1000 - this.clock.now()) > SKEW_MS) return say('070306', '时间戳超出范围');
    if (call.header('accesstoken') !== this.config.token) return say('070307', '令牌无效');
    if (call.header('usertax') !== this.config.seller_tax_number) return say('070304', '该税号未授权');
    call.signature = 'ok';
    if (this.#senids.has(f.senid)) return say('070306', 'senid 重复');
    this.#senids.add(f.senid);
    if (this.#senids.size > 50_000) this.#senids.clear();
    return call.data ? null : refuse('报文不是 JSON 对象');
  }

  refusal({ mode }) {
    if (mode === 'rate_limit') return say('070306', '接口调用频率超限');
    if (mode === 'maintenance') return say('E9999', '系统维护中');
    if (mode === 'retry_limit') return say('E9613', '当日请求次数超限');
    if (mode === 'token_expired') return say('070301', '令牌失效');
    if (mode === 'refused') return refuse('购方名称与税号不一致');
    return null;
  }

  handle(call) {
    const { action, data, mode } = call;
    if (action === 'file') return this.#file(call);
    switch (action) {
      case 'requestBillingNew':
        return this.#issue(data.order, mode);
      case 'queryInvoiceResult':
        return this.#query(data, call);
      case 'reInvoice':
        return this.#reseal(data);
      case 'saveInvoiceRedConfirm':
        return this.#confirm(data);
      case 'queryInvoiceRedConfirm':
        return this.#confirmed(data, mode);
      case 'fastInvoiceRed':
        return this.#red(data, mode);
      default:
        return say('070101', '无此接口');
    }
  }

  // ---- Blue ----

  #issue(order, mode) {
    const fault = isObject(order) ? this.#fault(order) : 'order 有误';
    if (fault) return refuse(fault);
    if (this.invoices.has(order.orderNo)) return say('E9106', '订单编号不能重复');
    const fail = { issue_failed: '开票失败：税控登录已过期', seal_failed: 'seal' }[mode] ?? null;
    const lines = order.invoiceDetail;
    const total = (name) => lines.reduce((fen, l) => fen + fenOf(l[name]), 0);
    const made = this.#put(order.orderNo, {
      kind: order.invoiceLine,
      title: order.buyerName,
      tax_number: order.buyerTaxNum ?? '',
      natural_person: order.naturalPersonFlag === '1',
      goods: lines[0].goodsName,
      excluded: total('taxExcludedAmount'),
      tax: total('tax'),
      push: order.pushMode,
      failed: fail,
    });
    return mode === 'duplicate' ? say('E9106', '订单编号不能重复') : this.#accepted(made);
  }

  #accepted = (invoice) => say('E0000', '同步成功', { invoiceSerialNum: invoice.serial });

  #put(number, fields) {
    const invoice = { number, serial: digits(20), at: this.clock.now(), step: this.config.step_seconds, ...fields };
    invoice.sealing_at = this.clock.later(invoice.step);
    invoice.done_at = this.clock.later(2 * invoice.step);
    return this.store.put('nuonuo_invoice', number, invoice);
  }

  /** What is wrong with an order, in words; null when it may be issued. */
  #fault(o) {
    if (!isText(o.orderNo, 1, 20)) return 'orderNo 长度有误';
    if (Number.isNaN(fromChinaTime(o.invoiceDate ?? ''))) return 'invoiceDate 格式有误';
    if (o.invoiceType !== '1') return 'invoiceType 有误';
    if (!['pc', 'bs'].includes(o.invoiceLine)) return 'invoiceLine 有误';
    if (!isText(o.buyerName, 1, 100)) return '购方名称长度有误';
    if (o.salerTaxNum !== this.config.seller_tax_number) return '销方税号有误';
    if (!isText(o.clerk, 1, 20)) return '开票员为空';
    const person = o.naturalPersonFlag === '1';
    if (person ? o.buyerTaxNum : o.invoiceLine === 'bs' && !o.buyerTaxNum) return person ? '自然人不填税号' : '专票购方税号为空';
    if (person && o.invoiceLine === 'bs') return '自然人不能开具专票';
    if (o.buyerTaxNum && !/^[0-9A-Z]{15,20}$/.test(o.buyerTaxNum)) return '购方税号有误';
    if (!isText(`${o.buyerAddress ?? ''}${o.buyerTel ?? ''}`, 0, 100) || !isText(o.buyerAccount ?? '', 0, 100)) return '购方信息过长';
    if (!isText(o.remark ?? '', 0, 200)) return '备注过长';
    if (!['-1', '0', '1', '2'].includes(o.pushMode)) return 'pushMode 有误';
    if (['0', '2'].includes(o.pushMode) && !isText(o.email, 3, 100)) return '邮箱为空';
    if (['1', '2'].includes(o.pushMode) && !/^1\d{10}$/.test(o.buyerPhone ?? '')) return '手机号有误';
    if (!Array.isArray(o.invoiceDetail) || !o.invoiceDetail.length) return '明细为空';
    return o.invoiceDetail.map((line) => this.#lineFault(line)).find(Boolean) ?? null;
  }

  // Excluded and tax make the whole, and the tax is that of the rate within six fen.
  #lineFault(l) {
    if (!isObject(l) || !isText(l.goodsName, 1, 90)) return '商品名称有误';
    if (!/^\d{19}$/.test(l.goodsCode ?? '')) return '税收分类编码须为19位数字';
    if (!/^0\.(0[1-9]|1[0-7])$/.test(l.taxRate ?? '')) return '税率有误';
    const [excluded, tax, all, price] = ['taxExcludedAmount', 'tax', 'taxIncludedAmount', 'price'].map((n) => fenOf(l[n]));
    if ([excluded, tax, all, price].some(Number.isNaN) || all < 1 || !/^\d+(\.\d{1,8})?$/.test(l.num ?? '')) return '金额格式有误';
    if (excluded + tax !== all) return '不含税金额与税额之和不等于含税金额';
    if (Math.abs(excluded * Number(l.taxRate) - tax) > 6) return '税额误差超过0.06元';
    if (Math.round(price * Number(l.num)) !== (l.withTaxFlag === '1' ? all : excluded)) return '单价乘数量不等于金额';
    return null;
  }

  // ---- Results and files ----

  #status(invoice) {
    const now = this.clock.now();
    if (now < invoice.sealing_at) return 20;
    if (invoice.failed && invoice.failed !== 'seal') return 22;
    if (now < invoice.done_at) return 21;
    return invoice.failed === 'seal' ? 24 : 2;
  }

  // The invoice gets its number with the first look at it after it was issued.
  #issued(invoice) {
    if (invoice.invoice_number) return invoice;
    const taken = { invoice_number: `26${digits(18)}`, file: alphanumeric(24), issued_at: this.clock.now() };
    return this.store.put('nuonuo_invoice', invoice.number, Object.assign(invoice, taken));
  }

  #query({ orderNos }, call) {
    if (!Array.isArray(orderNos) || !orderNos.length || orderNos.length > 50) return refuse('orderNos 有误');
    const found = orderNos.map((number) => this.invoices.get(number)).filter(Boolean);
    if (!found.length || call.mode === 'not_stored_yet') return say('E9500', '未查询到该订单');
    return say('E0000', '查询成功', found.map((i) => this.#result(i, call)));
  }

  #result(invoice, { mode, headers }) {
    const status = mode === 'backwards' ? 20 : this.#status(invoice);
    const head = { orderNo: invoice.number, serialNo: invoice.serial, status: String(status), statusMsg: '' };
    if (status === 22) return { ...head, failCause: invoice.failed };
    if (status !== 2) return head;
    const i = this.#issued(invoice);
    const host = mode === 'strange_host' ? 'files.example.invalid' : headers.get('host')[0];
    const scheme = mode === 'strange_host' ? 'https' : 'http';
    return {
      ...head,
      failCause: '',
      allElectronicInvoiceNumber: i.invoice_number,
      invoiceTime: i.issued_at,
      pdfUrl: `${scheme}://${host}${this.prefix}/file/${i.number}/${i.file}.pdf`,
      exTaxAmount: yuanOf(mode === 'other_amount' ? i.excluded + 100 : i.excluded),
      taxAmount: yuanOf(i.tax),
    };
  }

  #reseal({ orderno }) {
    const invoice = this.invoices.get(orderno);
    if (!invoice) return say('E9500', '未查询到该订单');
    if (this.#status(invoice) !== 24) return refuse('发票状态不能重新签章');
    invoice.done_at = this.clock.later(invoice.step);
    this.store.put('nuonuo_invoice', orderno, Object.assign(invoice, { failed: null }));
    return this.#accepted(invoice);
  }

  #file({ path, mode }) {
    const [, , number, name] = path.split('/');
    const i = this.invoices.get(number);
    if (!i?.file || name !== `${i.file}.pdf` || mode === 'no_pdf') return { status: 404 };
    if (mode === 'not_a_pdf') return { status: 200, file: Buffer.from('<html>please log in</html>') };
    const kind = i.kind === 'bs' ? '增值税专用发票' : '普通发票';
    const lines = [`电子发票（${kind}）`, `发票号码：${i.invoice_number}`, `开票日期：${new Date(i.issued_at).toISOString().slice(0, 10)}`,
      `购买方：${i.title}`, ...(i.tax_number ? [`购买方税号：${i.tax_number}`] : []), `销售方税号：${this.config.seller_tax_number}`,
      `项目：${i.goods}`, `金额：${yuanOf(i.excluded)} 元`, `税额：${yuanOf(i.tax)} 元`, `价税合计：${yuanOf(i.excluded + i.tax)} 元`,
      '沙箱生成，仅供测试'];
    return { status: 200, file: invoicePdf(lines) };
  }

  // ---- Red ----

  #confirm(d) {
    const blue = [...this.invoices.values()].find((i) => i.invoice_number && i.invoice_number === d.blueElecInvoiceNumber);
    if (!isText(d.billId, 1, 32) || d.applySource !== '0' || d.sellerTaxNo !== this.config.seller_tax_number) return refuse('红字确认单参数有误');
    if (!blue || blue.excluded < 0) return refuse('蓝字发票不存在');
    if (this.confirms.has(d.billId)) return say('E9106', '申请单号重复');
    const other = [...this.confirms.values()].find((c) => c.blue === blue.number && c.status !== '05');
    if (other) return refuse('该发票已有红字确认单');
    this.store.put('nuonuo_confirm', d.billId, { bill_id: d.billId, bill_no: digits(20), blue: blue.number, status: '01' });
    return say('E0000', '申请成功', { billId: d.billId });
  }

  #confirmed({ billId }, mode) {
    const c = this.confirms.get(billId);
    if (!c) return say('E9500', '未查询到红字确认单');
    if (mode === 'buyer_refuses') this.store.put('nuonuo_confirm', billId, Object.assign(c, { status: '05' }));
    const billStatus = mode === 'waits_for_buyer' ? '02' : c.status;
    return say('E0000', '查询成功', { total: 1, list: [{ billId, billNo: c.bill_no, billStatus, billMessage: { '05': '购方已拒绝' }[billStatus] ?? '' }] });
  }

  #red({ orderNo, billNo }, mode) {
    const c = [...this.confirms.values()].find((x) => x.bill_no === billNo);
    if (!c || !isText(orderNo, 1, 20)) return refuse('红字确认单不存在');
    if (this.invoices.has(orderNo)) return say('E9106', '订单编号不能重复');
    if (c.status === '05') return refuse('红字确认单已失效');
    const blue = this.invoices.get(c.blue);
    const failed = mode === 'red_failed' ? '红票开具失败：税控登录已过期' : null;
    if (failed) this.store.put('nuonuo_confirm', c.bill_id, Object.assign(c, { status: '05' }));
    const { kind, title, tax_number, natural_person, goods } = blue;
    return this.#accepted(
      this.#put(orderNo, { kind, title, tax_number, natural_person, goods, excluded: -blue.excluded, tax: -blue.tax, push: '-1', failed, red_of: blue.number }),
    );
  }

  // ---- For testers ----

  views = () =>
    [...this.invoices.values()].map((i) => ({
      order_no: i.number,
      kind: i.kind === 'bs' ? 'special' : 'ordinary',
      title: i.title,
      natural_person: i.natural_person,
      excluded_fen: i.excluded,
      tax_fen: i.tax,
      push_mode: i.push,
      status: this.#status(i),
      invoice_number: i.invoice_number ?? null,
      red_of: i.red_of ?? null,
    }));

  strange(json) {
    json.newField = { since: 'tomorrow' };
    for (const r of Array.isArray(json.result) ? json.result : []) r.status = '77';
  }

  seal(reply) {
    if (reply.file) return { status: 200, headers: { 'content-type': 'application/pdf' }, body: reply.file };
    return { status: reply.status, headers: { 'content-type': 'application/json;charset=UTF-8' }, body: reply.payload };
  }

  resume() {}
}
