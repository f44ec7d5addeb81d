// A bank's direct channel in the style of CMB CDC: the envelope, the calls, the answers.
import { alphanumeric, base64, chinaCompact, formObject, isText } from '../lib/text.mjs';
import { canonical, signText, sm4Decrypt, sm4Encrypt, verifyText } from '../lib/envelope.mjs';
import { BankBook, REASONS } from './bank_book.mjs';
import { statement } from './bank_statement.mjs';

const SIGTIM_SKEW_MS = 15 * 60_000;
const PAY = ['BB1PAYOP'];
const ASK = ['BB1PAYQR'];
const failing = Object.fromEntries(
  Object.entries(REASONS).map(([name, about]) => [
    name,
    { on: 'call', actions: PAY, about: `转账失败：${about}` },
  ]),
);
const MODES = {
  bad_signature: { on: 'call', about: '应答内容正确，签名是别的密钥做的' },
  gateway_error: { on: 'call', about: '网关错误：明文 CDCServer: 开头' },
  ...failing,
  refused: { on: 'call', actions: PAY, about: '受理时即拒绝（errCod 不是 SUC0000）' },
  no_balance: { on: 'call', actions: PAY, about: '我方账户余额不足，受理时即拒绝' },
  in_process: { on: 'call', actions: PAY, about: '一直银行处理中（BNK）' },
  approval: { on: 'call', actions: PAY, about: '等待我方审批（AUT）' },
  slow_settlement: { on: 'call', actions: PAY, about: '处理中，seconds 秒后（默认 10）成功' },
  suspicious: { on: 'call', actions: PAY, about: '可疑（WRF），结果不明' },
  returned: { on: 'call', actions: PAY, about: '先成功，seconds 秒后（默认 30）退票' },
  not_found: { on: 'call', actions: ASK, about: '查询说没有这笔（实际可能已受理）' },
  backwards: { on: 'call', actions: ASK, about: '已有结果的转账查询退回处理中' },
  statement_extra: { on: 'call', actions: ['trsQryByBreakPoint'], about: '流水多一行' },
  statement_missing: { on: 'call', actions: ['trsQryByBreakPoint'], about: '流水少一行' },
};

export class Bank extends BankBook {
  name = 'bank';
  title = '银企直连';
  prefix = '/bank';
  modes = MODES;

  // ---- The envelope ----

  identify(call) {
    call.form = formObject(call.text());
    const data = base64(call.form?.DATA);
    call.plain = data && sm4Decrypt(data, this.config.sm4_key, this.config.uid);
    const key = /"yurRef":"([^"]{1,30})"/.exec(call.plain ?? '');
    return { action: call.form?.FUNCODE ?? 'unknown', key: key?.[1] };
  }

  verify(call) {
    call.signature = 'bad';
    const gateway = (text) => ({ status: 200, code: text, gateway: `CDCServer:${text}` });
    if (call.method !== 'POST' || call.path !== '/cdcserver/api/v2' || !call.form)
      return gateway('DCERR01 请求格式有误');
    if (call.form.UID !== this.config.uid) return gateway('DCERR02 用户不存在');
    if (call.form.ALG !== 'SM') return gateway('DCERR03 算法有误');
    if (!call.plain) return gateway('DCERR04 报文解密失败');
    const { fault, object } = verifyText(call.plain, this.config.client_public_key, this.config.uid);
    if (fault) {
      call.signature = fault;
      return gateway('DCERR05 报文验签失败');
    }
    call.signature = 'ok';
    const head = object.request?.head;
    if (
      head?.funcode !== call.form.FUNCODE ||
      head?.userid !== this.config.uid ||
      !isText(head?.reqid, 1, 64)
    )
      return gateway('DCERR06 报文头有误');
    const at = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(object.signature.sigtim ?? '');
    if (
      !at ||
      !(
        Math.abs(
          Date.parse(`${at[1]}-${at[2]}-${at[3]}T${at[4]}:${at[5]}:${at[6]}+08:00`) - this.clock.now(),
        ) < SIGTIM_SKEW_MS
      )
    )
      return gateway('DCERR07 签名时间超出范围');
    call.request = { head, body: object.request.body ?? {} };
    return null;
  }

  refusal(call) {
    if (call.mode === 'rate_limit') return this.answer(call, {}, 'DCRATE1', '同一账号 10 秒内只能查询一次');
    if (call.mode === 'maintenance') return this.answer(call, {}, 'DCMAINT', '系统维护，请稍后再试');
    if (call.mode === 'gateway_error')
      return { status: 200, code: 'DCERR99', gateway: 'CDCServer:DCERR99 会话失效' };
    return null;
  }

  handle(call) {
    switch (call.action) {
      case 'BB1PAYOP':
        return this.pay(call);
      case 'BB1PAYQR':
        return this.query(call);
      case 'BB1PAYQB':
        return this.returned(call);
      case 'trsQryByBreakPoint':
        return statement(this, call, (...args) => this.answer(call, ...args));
      default:
        return this.answer(call, {}, 'DCPG008', '功能码不存在');
    }
  }

  answer(call, body, resultcode = 'SUC0000', resultmsg = '') {
    const head = {
      bizcode: '',
      funcode: call.action,
      reqid: call.request.head.reqid,
      resultcode,
      resultmsg,
      rspid: chinaCompact(this.clock.now()) + alphanumeric(16),
      userid: this.config.uid,
    };
    return {
      status: 200,
      code: resultcode,
      json: {
        response: { body, head },
        signature: { sigdat: '__signature_sigdat__', sigtim: chinaCompact(this.clock.now()) },
      },
    };
  }

  render = canonical;

  seal(reply, call) {
    const headers = { 'content-type': 'text/plain;charset=utf-8' };
    if (reply.gateway) return { status: 200, headers, body: reply.gateway };
    const { uid, bank_key, sm4_key, stranger_key } = this.config;
    const text = Buffer.isBuffer(reply.payload)
      ? reply.payload
      : signText(reply.payload, call.mode === 'bad_signature' ? stranger_key : bank_key, uid);
    return { status: 200, headers, body: sm4Encrypt(text, sm4_key, uid).toString('base64') };
  }

  strange({ response }) {
    for (const list of Object.values(response.body))
      for (const item of list)
        if (item.reqSts) Object.assign(item, { reqSts: 'ZZZ', rtnFlg: 'Q', newFld: 'later' });
  }
}
