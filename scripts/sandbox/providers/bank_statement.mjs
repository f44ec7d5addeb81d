// trsQryByBreakPoint: the statement of our own account, page by page.
import { china, chinaDate, yuanOf } from '../lib/text.mjs';

const compact = (ms) => chinaDate(ms).replaceAll('-', '');
const clock = (ms) => Object.values(china(ms)).slice(3).join('');
const signed = (l) => (l.loanCode === 'D' ? -l.amount : l.amount);

function shown(line, balance) {
  return {
    acctOnlineBal: yuanOf(balance),
    ctpAcctName: line.name,
    ctpAcctNbr: line.account,
    currencyNbr: '10',
    infoFlag: line.loanCode === 'D' ? '1' : '',
    loanCode: line.loanCode,
    remarkTextClt: line.memo,
    reversalFlag: '',
    textCode: 'CPAA',
    transAmount: yuanOf(signed(line)),
    transDate: compact(line.at),
    transSequenceIdn: line.serial,
    transTime: clock(line.at),
    valueDate: compact(line.at),
    yurRef: line.yurRef,
  };
}

/** Answers with `answer(body, code, message)`; a page ends with ctnFlag Y where more follows. */
export function statement(bank, call, answer) {
  const x = call.request.body.TRANSQUERYBYBREAKPOINT_X1?.[0] ?? {};
  const y = call.request.body.TRANSQUERYBYBREAKPOINT_Y1?.[0];
  const day = /^\d{8}$/;
  if (
    x.cardNbr !== bank.config.account ||
    !day.test(x.beginDate ?? '') ||
    !day.test(x.endDate ?? '') ||
    x.endDate < x.beginDate
  )
    return answer({}, 'DCPAR01', '字段 TRANSQUERYBYBREAKPOINT_X1 有误');
  const wanted = (l) =>
    compact(l.at) >= x.beginDate && compact(l.at) <= x.endDate && (!x.loanCode || l.loanCode === x.loanCode);
  const all = [...bank.lines.values()].sort((a, b) => a.at - b.at).filter(wanted);
  if (call.mode === 'statement_missing') all.pop();
  if (call.mode === 'statement_extra')
    all.push({
      serial: 'C0000STRANGER01',
      at: all.at(-1)?.at ?? bank.clock.now(),
      loanCode: 'C',
      amount: 8800,
      memo: '不明来款',
      name: '测试不明付款人',
      account: '6200000000000000',
      yurRef: '',
    });
  const from = Math.max(1, Number(y?.expectNextSequence ?? x.transactionSequence ?? 1) || 1);
  const page = all.slice(from - 1, from - 1 + bank.config.page_size);
  const more = from - 1 + page.length < all.length;
  let balance = bank.config.opening_fen + all.slice(0, from - 1).reduce((sum, l) => sum + signed(l), 0);
  const sum = (code) => page.filter((l) => l.loanCode === code).reduce((total, l) => total + signed(l), 0);
  const count = (code) => String(page.filter((l) => l.loanCode === code).length);
  return answer({
    TRANSQUERYBYBREAKPOINT_Y1: [
      {
        acctNbr: bank.config.account,
        expectNextSequence: String(from + page.length),
        transDate: page.length ? compact(page.at(-1).at) : x.endDate,
      },
    ],
    TRANSQUERYBYBREAKPOINT_Z1: [
      {
        creditAmount: yuanOf(sum('C')),
        creditNums: count('C'),
        ctnFlag: more ? 'Y' : 'N',
        debitAmount: yuanOf(sum('D')),
        debitNums: count('D'),
        queryAcctNbr: more ? bank.config.account : '',
      },
    ],
    TRANSQUERYBYBREAKPOINT_Z2: page.map((l) => shown(l, (balance += signed(l)))),
  });
}
