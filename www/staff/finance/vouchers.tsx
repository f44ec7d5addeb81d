// Vouchers that wait: what the payer said, the scan, the lines of our statement that may be it.
import { useEffect, useState } from 'preact/hooks';
import reasons from 'defs:reason-finance';
import states from 'defs:state';
import { post, Refusal } from '../../shared/api';
import { Badge, Notice, SelectField } from '../../shared/kit';
import { unlessLost } from '../../shared/route';
import { Area, Ask, money, Subject, turn, useSaid } from '../control/acts';
import { fetchPage, type Picture } from '../order/papers';
import { Facts, useItems, type Items } from '../parts';
import { wordsOf } from '../session';
import { moment, of } from '../text';
import type { Candidate, Payment } from './money';
import { t } from './text';

/** Pages that the hall has drawn anew, one at a time and only when they are asked for. */
function Voucher({ payment }: { payment: Payment }) {
  const [page, setPage] = useState(0);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!page) return undefined;
    const stop = new AbortController();
    let url = '';
    fetchPage(payment.order_no, 'payment_voucher', page, stop.signal).then((found) => {
      url = found.url;
      setPicture(found);
    }).catch((error) => { if (!stop.signal.aborted) setProblem(error instanceof Refusal ? wordsOf(error) : t('voucherFailed')); });
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
      setPicture(null);
      setProblem('');
    };
  }, [page]);
  const pages = picture?.pages ?? 1;
  const open = (to: number) => {
    setPage(to);
    unlessLost(() => document.getElementById('voucher')?.focus());
  };
  return (
    <section class="voucher" aria-labelledby="voucher">
      <h3 id="voucher" tabIndex={-1}>{t('voucherTitle')}</h3>
      {!page && <div class="blank"><button type="button" class="button second" onClick={() => open(1)}>{t('voucherShow')}</button><p class="soft">{t('voucherNote')}</p></div>}
      {page > 0 && !picture && !problem && <p class="loading" role="status">{t('loading')}</p>}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {picture && <img src={picture.url} width={picture.width} height={picture.height} alt={t('voucherAlt', { no: payment.order_no })} />}
      {picture && pages > 1 && <p class="more buttons"><button type="button" class="button second small" disabled={page < 2} onClick={() => open(page - 1)}>{t('pageBefore')}</button><span>{page} / {pages}</span><button type="button" class="button second small" disabled={page >= pages} onClick={() => open(page + 1)}>{t('pageAfter')}</button></p>}
    </section>
  );
}

function Line({ line, payment, chosen, choose }: { line: Candidate; payment: Payment; chosen: boolean; choose: () => void }) {
  const amount = line.free_fen === payment.amount_fen;
  return (
    <label class={`line${chosen ? ' on' : ''}`}>
      <input type="radio" name="line" checked={chosen} onChange={choose} />
      <span class="what"><b>{line.payer_name}</b><span>{moment(line.at)}</span><span>{t('memo')}：{line.memo || t('memoNone')}</span>
        <span class="marks"><Badge tone={amount ? 'good' : 'warn'}>{t(amount ? 'sameAmount' : 'otherAmount')}</Badge><Badge tone={line.same_payer ? 'good' : 'warn'}>{t(line.same_payer ? 'samePayer' : 'otherPayer')}</Badge>{line.memo.includes(payment.order_no) && <Badge tone="good">{t('memoOrder')}</Badge>}</span>
      </span>
      <span class="amount">{t('freeOf', { free: money(line.free_fen), amount: money(line.amount_fen) })}</span>
    </label>
  );
}

function Detail({ payment, decided }: { payment: Payment; decided: (said: string) => void }) {
  const best = payment.candidates[0];
  const [line, setLine] = useState(best && best.free_fen === payment.amount_fen ? best.bank_line_id : '');
  const [act, setAct] = useState<'' | 'confirm' | 'refuse'>('');
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const { order_no: no } = payment;
  const path = `/payments/${payment.payment_id}`;
  return (
    <section class="card" aria-labelledby="what">
      <div class="cardHead"><h2 id="what"><Subject no={no} name={payment.subject_name} /></h2><p class="total">{t('due')} <b>{money(payment.amount_fen)}</b></p></div>
      <div class="halves">
        <div>
          <h3>{t('saidTitle')}</h3>
          <Facts lines={[[t('payer'), payment.payer_name], [t('typed'), payment.typed_fen !== null && <span class={payment.typed_fen === payment.amount_fen ? '' : 'wrongly'}>{money(payment.typed_fen)}</span>], [t('transferredOn'), payment.transferred_on],
            [t('reference'), payment.bank_reference], [t('handedIn'), moment(payment.created_at)], [t('orderState'), of(states[payment.order_state] ?? { zh: payment.order_state, en: payment.order_state })]]} />
          <fieldset class="lines">
            <legend>{t('linesTitle')}</legend>
            {!payment.candidates.length && <p class="soft">{t('noLines')}</p>}
            {payment.candidates.map((found) => <Line key={found.bank_line_id} line={found} payment={payment} chosen={line === found.bank_line_id} choose={() => setLine(found.bank_line_id)} />)}
            {payment.candidates.length > 0 && <label class={`line${line ? '' : ' on'}`}><input type="radio" name="line" checked={!line} onChange={() => setLine('')} /><span class="what">{t('withoutLine')}</span></label>}
          </fieldset>
          <div class="buttons more"><button type="button" class="button" onClick={() => setAct('confirm')}>{t('confirm')}</button><button type="button" class="button danger" onClick={() => setAct('refuse')}>{t('refuse')}</button></div>
        </div>
        <Voucher key={payment.payment_id} payment={payment} />
      </div>
      {act === 'confirm' && (
        <Ask title={t('confirmTitle')} confirm={t('confirmDo')} close={() => setAct('')} done={() => decided(t('confirmed', { no }))}
          act={(key) => post(`${path}/confirmation`, { ...(line && { bank_line_id: line }), ...(note.trim() && { note: note.trim() }) }, { key })}>
          {(faults) => <>
            <p>{t('confirmText', { no, name: payment.subject_name ?? '', amount: money(payment.amount_fen) })}</p>
            {faults['/bank_line_id'] && <Notice tone="bad" live>{faults['/bank_line_id']}</Notice>}
            <Area id="note" label={t('confirmNote')} hint={t('confirmNoteHint')} value={note} onValue={setNote} error={faults['/note']} />
          </>}
        </Ask>
      )}
      {act === 'refuse' && (
        <Ask title={t('refuseTitle')} confirm={t('refuseDo')} danger close={() => setAct('')} done={() => decided(t('refused', { no }))} check={() => (reason ? {} : { '/reason': t('chooseReason') } as Record<string, string>)}
          act={(key) => post(`${path}/refusal`, { reason, ...(note.trim() && { note: note.trim() }) }, { key })}>
          {(faults) => <>
            <p>{t('refuseText', { no })}</p>
            <SelectField id="reason" label={t('refuseReason')} required value={reason} onValue={setReason} empty="" error={faults['/reason']} choices={Object.entries(reasons).map(([value, row]) => ({ value, label: of(row) }))} />
            <Area id="note" label={t('refuseNote')} value={note} onValue={setNote} error={faults['/note']} />
          </>}
        </Ask>
      )}
    </section>
  );
}

function List({ list, at, choose }: { list: Items<Payment>; at: string; choose: (id: string) => void }) {
  return (
    <section class="card pick" aria-labelledby="list">
      <h2 id="list">{t('waitingList')}</h2>
      <ul>{list.items?.map((payment) => (
        <li key={payment.payment_id}><button type="button" aria-current={payment.payment_id === at ? 'true' : undefined} onClick={() => choose(payment.payment_id)}>
          <b>{payment.subject_name}</b><span>{payment.order_no}</span><span class="amount">{money(payment.amount_fen)}</span><time>{moment(payment.created_at)}</time>
        </button></li>
      ))}</ul>
      {list.more && <p class="moreline"><button type="button" class="button second small" onClick={list.more}>{t('more')}</button></p>}
    </section>
  );
}

export function Vouchers({ query }: { query: URLSearchParams }) {
  const list = useItems<Payment>('/payments?state=awaiting_confirmation&limit=50');
  const [said, say] = useSaid();
  const { items, problem } = list;
  const payment = items?.find(({ payment_id: id }) => id === query.get('id')) ?? items?.[0];
  const decided = (text: string) => {
    say(text);
    turn(query, { id: '' });
    void list.reload();
  };
  return (
    <>
      {said}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {!items && !problem && <p class="loading" role="status">{t('loading')}</p>}
      {items && !payment && <section class="card"><p class="empty">{t('noVouchers')}</p></section>}
      {payment && <div class="master"><List list={list} at={payment.payment_id} choose={(id) => turn(query, { id })} /><Detail key={payment.payment_id} payment={payment} decided={decided} /></div>}
    </>
  );
}
