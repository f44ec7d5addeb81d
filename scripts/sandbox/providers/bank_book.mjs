// The bank's books: transfers and what becomes of them, our own account, and what payees see.
import {
  alphanumeric,
  chinaCompact,
  chinaDate,
  chinaTime,
  digits,
  fenOf,
  isText,
  utc,
  yuanOf,
} from '../lib/text.mjs';
import { canonical } from '../lib/envelope.mjs';
import { gbkLength } from '../lib/gbk.mjs';

const MOST_MEMO = 62; // bytes in GBK
const RETURN_S = 30;
// Why a transfer fails: what the bank writes into rtnNar and errTxt.
export const REASONS = {
  name_mismatch: '收款人户名不符',
  no_account: '收款人账号不存在',
  account_status: '收款人账户状态异常',
  wrong_branch: '收款人开户行错误',
  bank_system: '收款行系统处理异常',
  other: '收款行拒绝入账',
};
// By the last digits of the payee's account, so that a whole journey fails for one applicant.
const TAILS = {
  '0001': 'name_mismatch',
  '0002': 'no_account',
  '0003': 'account_status',
  '0004': 'in_process',
  9005: 'wrong_branch',
  9006: 'returned',
  9007: 'suspicious',
  9008: 'bank_system',
};

// What a mode may decide about a new transfer.
const FATES = [
  ...Object.keys(REASONS),
  'in_process',
  'approval',
  'slow_settlement',
  'suspicious',
  'returned',
];

export class BankBook {
  constructor({ config, clock, store, faults }) {
    Object.assign(this, { config, clock, store, faults });
    this.transfers = store.table('bank_transfer'); // by yurRef
    this.lines = store.table('bank_line'); // of our own account, by serial
    this.payees = store.table('bank_payee'); // entered by tests, by account number
    gbkLength('预热'); // makes the table now, not in the first call
  }

  pay(call) {
    const [mode, p] = [call.request.body.bb1paybmx1?.[0], call.request.body.bb1payopx1?.[0]];
    const refuse = (errCod, errTxt) =>
      this.answer(call, {
        bb1payopz1: [{ errCod, errTxt, evtIst: '', reqNbr: '', reqSts: '', rtnFlg: '' }],
      });
    const wrong = this.#payFault(mode, p ?? {});
    if (wrong) return refuse('DCPAR01', `字段 ${wrong} 有误`);
    const content = canonical({ ...p, busCod: mode.busCod });
    const known = this.transfers.get(p.yurRef);
    if (known && known.content !== content) return refuse('DCDUP01', '业务参考号重复');
    if (!known && call.mode === 'refused') return refuse('DCREF01', '业务被拒绝');
    if (!known && call.mode === 'no_balance') return refuse('DCBAL01', '账户余额不足');
    const transfer = known ?? this.#accept(p, content, call);
    const shown = this.#state(transfer);
    return this.answer(call, {
      bb1payopz1: [
        {
          errCod: 'SUC0000',
          errTxt: '',
          evtIst: transfer.evtIst,
          msgTxt: shown.rtnNar,
          reqNbr: transfer.reqNbr,
          reqSts: shown.reqSts,
          rtnFlg: shown.rtnFlg,
        },
      ],
    });
  }

  #payFault(mode, p) {
    if (mode?.busCod !== 'N02030') return 'busCod';
    if (p.dbtAcc !== this.config.account) return 'dbtAcc';
    if (!/^[0-9A-Za-z-]{4,35}$/.test(p.crtAcc ?? '')) return 'crtAcc';
    if (!isText(p.crtNam, 1, 100) || !(gbkLength(p.crtNam) <= 200)) return 'crtNam';
    if (p.ccyNbr !== '10') return 'ccyNbr';
    if (!/^\d{1,12}\.\d\d$/.test(p.trsAmt ?? '') || !(fenOf(p.trsAmt) >= 1)) return 'trsAmt';
    if (!['Y', 'N'].includes(p.bnkFlg)) return 'bnkFlg';
    if (p.bnkFlg === 'N' && !/^\d{12}$/.test(p.brdNbr ?? '')) return 'brdNbr';
    if (
      !isText(p.nusAge, 1, 100) ||
      !(gbkLength(p.nusAge) <= MOST_MEMO) ||
      /[&<>'"|\u0000-\u001f]/.test(p.nusAge)
    )
      return 'nusAge';
    if (!/^[0-9A-Za-z]{1,30}$/.test(p.yurRef ?? '')) return 'yurRef';
    return null;
  }

  // What becomes of a new transfer: by mode, by the account's register entry, by its last digits.
  #fate(p, mode) {
    if (FATES.includes(mode)) return mode;
    const payee = this.payees.get(p.crtAcc);
    if (payee?.state && payee.state !== 'normal') return 'account_status';
    if (payee && payee.name !== p.crtNam) return 'name_mismatch';
    if (payee?.bank_code && p.brdNbr && payee.bank_code !== p.brdNbr) return 'wrong_branch';
    return payee ? 'paid' : (TAILS[p.crtAcc.slice(-4)] ?? 'paid');
  }

  #accept(p, content, call) {
    const fate = this.#fate(p, call.mode);
    const waits =
      { in_process: Infinity, approval: Infinity, suspicious: Infinity, slow_settlement: call.seconds ?? 10 }[
        fate
      ] ?? this.config.settle_seconds;
    const now = this.clock.now();
    const transfer = {
      yurRef: p.yurRef,
      content,
      reqNbr: digits(10),
      evtIst: alphanumeric(10).toUpperCase(),
      crtAcc: p.crtAcc,
      crtNam: p.crtNam,
      brdNbr: p.brdNbr ?? '',
      amount: fenOf(p.trsAmt),
      memo: p.nusAge,
      fate,
      accepted_at: now,
      due: waits === Infinity ? null : waits ? this.clock.later(waits) : now,
      result: null,
      finished_at: null,
      returned_at: null,
      returnDelay: call.mode === 'returned' ? (call.seconds ?? RETURN_S) : RETURN_S,
    };
    this.#change(transfer, {});
    this.#settle(transfer);
    return transfer;
  }

  #settle(t) {
    if (t.result || t.due === null) return;
    if (t.due > this.clock.now())
      return void this.clock.at(t.due, () => this.transfers.get(t.yurRef) === t && this.#settle(t));
    this.finish(t, REASONS[t.fate] ? 'failed' : 'paid', t.fate);
  }

  /** Ends a transfer: "paid", or "failed" for a reason of REASONS. */
  finish(t, result, reason = 'other') {
    this.#change(t, { result, reason: result === 'failed' ? reason : null, finished_at: this.clock.now() });
    if (result !== 'paid') return;
    this.#book('D', t.amount, { memo: t.memo, name: t.crtNam, account: t.crtAcc, yurRef: t.yurRef });
    if (t.fate === 'returned') this.#returnLater(t);
  }

  #returnLater(t) {
    this.#change(t, { return_due: this.clock.later(t.returnDelay) });
    this.clock.at(t.return_due, () => this.transfers.get(t.yurRef) === t && this.giveBack(t));
  }

  /** A paid transfer comes back. */
  giveBack(t, reason = 'name_mismatch') {
    if (t.result !== 'paid' || t.returned_at) return false;
    this.#change(t, { returned_at: this.clock.now(), reason });
    this.#book('C', t.amount, {
      memo: `退汇 ${REASONS[reason] ?? REASONS.other}`,
      name: t.crtNam,
      account: t.crtAcc,
      yurRef: t.yurRef,
    });
    return true;
  }

  #state(t, backwards = false) {
    if (!t.result || backwards)
      return { reqSts: { approval: 'AUT', suspicious: 'WRF' }[t.fate] ?? 'BNK', rtnFlg: '', rtnNar: '' };
    if (t.returned_at) return { reqSts: 'FIN', rtnFlg: 'B', rtnNar: REASONS[t.reason] ?? REASONS.other };
    return t.result === 'paid'
      ? { reqSts: 'FIN', rtnFlg: 'S', rtnNar: '' }
      : { reqSts: 'FIN', rtnFlg: 'F', rtnNar: REASONS[t.reason] ?? REASONS.other };
  }

  query(call) {
    const q = call.request.body.bb1payqrx1?.[0];
    if (q?.busCod !== 'N02030' || !isText(q?.yurRef, 1, 30))
      return this.answer(call, {}, 'DCPAR01', '字段 bb1payqrx1 有误');
    const t = this.transfers.get(q.yurRef);
    if (!t || call.mode === 'not_found') return this.answer(call, { bb1payqrz1: [] });
    const { reqSts, rtnFlg, rtnNar } = this.#state(t, call.mode === 'backwards');
    const day = chinaDate(t.accepted_at).replaceAll('-', '');
    return this.answer(call, {
      bb1payqrz1: [
        {
          busCod: 'N02030',
          ccyNbr: '10',
          crtAcc: t.crtAcc,
          crtNam: t.crtNam,
          dbtAcc: this.config.account,
          evtIst: t.evtIst,
          nusAge: t.memo,
          oprDat: day,
          reqNbr: t.reqNbr,
          reqSts,
          rtnFlg,
          rtnNar,
          ...(t.finished_at && { rtnTim: chinaCompact(t.returned_at ?? t.finished_at) }),
          trsAmt: yuanOf(t.amount),
          yurRef: t.yurRef,
        },
      ],
    });
  }

  returned(call) {
    const q = call.request.body.bb1payqby1?.[0] ?? {};
    if (
      q.accNbr !== this.config.account ||
      !/^\d{8}$/.test(q.bgnDat ?? '') ||
      !/^\d{8}$/.test(q.endDat ?? '')
    )
      return this.answer(call, {}, 'DCPAR01', '字段 bb1payqby1 有误');
    const day = (ms) => chinaDate(ms).replaceAll('-', '');
    const inside = (t) => t.returned_at && day(t.returned_at) >= q.bgnDat && day(t.returned_at) <= q.endDat;
    const bb1payqbz1 = [...this.transfers.values()].filter(inside).map((t) => ({
      reqNbr: t.reqNbr,
      rtnDat: day(t.returned_at),
      rtnNar: REASONS[t.reason] ?? REASONS.other,
      trsAmt: yuanOf(t.amount),
      yurRef: t.yurRef,
    }));
    return this.answer(call, { bb1payqbz1 });
  }

  // ---- Our own account, and what others see ----

  #book(loanCode, amount, { memo, name, account, yurRef = '', at = this.clock.now() }) {
    const serial = `C${digits(4)}${alphanumeric(10).toUpperCase()}`;
    return this.store.put('bank_line', serial, { serial, at, loanCode, amount, memo, name, account, yurRef });
  }

  /** Somebody transfers money to our account. */
  credit({ payer_name, payer_account, amount_fen, memo = '', at }) {
    return this.#book('C', amount_fen, { memo, name: payer_name, account: payer_account, at });
  }

  enterPayee(payee) {
    return this.store.put('bank_payee', payee.account_number, payee);
  }

  /** What the holder of an account sees coming in. */
  received(account) {
    const paid = [...this.transfers.values()]
      .filter((t) => t.result === 'paid' && (!account || t.crtAcc === account))
      .sort((a, b) => a.finished_at - b.finished_at);
    return paid.map((t) => ({
      at: utc(t.finished_at),
      amount_fen: t.amount,
      memo: t.memo,
      account_number: t.crtAcc,
      account_name: t.crtNam,
      reference: t.yurRef,
      returned_at: t.returned_at ? utc(t.returned_at) : null,
    }));
  }

  views = () =>
    [...this.transfers.values()].map((t) => ({
      reference: t.yurRef,
      account_number: t.crtAcc,
      account_name: t.crtNam,
      amount_fen: t.amount,
      state: t.returned_at ? 'returned' : (t.result ?? this.#state(t).reqSts),
      reason: t.reason ?? null,
      at: chinaTime(t.accepted_at),
    }));

  #change(t, fields) {
    return this.store.put('bank_transfer', t.yurRef, Object.assign(t, fields));
  }

  resume() {
    for (const t of this.transfers.values()) {
      if (!t.result) this.#settle(t);
      else if (t.fate === 'returned' && !t.returned_at) this.clock.at(t.return_due, () => this.giveBack(t));
    }
  }
}
