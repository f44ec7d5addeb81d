// Everything that was paid or tried; from here a refund is asked for.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { TextField } from '../../shared/kit';
import { Ask, fenOf, money, State, Subject, turn, useSaid, Yuan, type Faults } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { moment } from '../text';
import { leftOf, PAYMENT_TONES, type Payment } from './money';
import { t } from './text';

function AskRefund({ payment, close, done }: { payment: Payment; close: () => void; done: () => void }) {
  const most = leftOf(payment);
  const [amount, setAmount] = useState((most / 100).toFixed(2));
  const [reason, setReason] = useState('');
  const fen = fenOf(amount);
  const check = (): Faults => ({
    ...(!fen ? { '/amount_fen': t('refundWrong') } : fen > most ? { '/amount_fen': t('refundMost', { max: money(most) }) } : {}),
    ...(!reason.trim() && { '/reason': common('needText') }),
  });
  return (
    <Ask title={t('refundTitle')} confirm={t('refundDo')} close={close} done={done} check={check}
      act={(key) => post(`/payments/${payment.payment_id}/refunds`, { amount_fen: fen, reason: reason.trim() }, { key })}>
      {(faults) => <>
        <p>{t('refundText', { no: payment.order_no, received: money(payment.received_fen), returned: money(payment.returned_fen), max: money(most) })}</p>
        <Yuan id="amount" label={t('refundAmount')} required value={amount} onValue={setAmount} error={faults['/amount_fen']} />
        <TextField id="reason" label={t('refundReason')} required maxLength={80} value={reason} onValue={setReason} error={faults['/reason']} />
      </>}
    </Ask>
  );
}

export function Payments({ query }: { query: URLSearchParams }) {
  const state = query.get('state') ?? '';
  const list = useItems<Payment>(`/payments?limit=50${state && `&state=${state}`}`);
  const [refunded, setRefunded] = useState<Payment | null>(null);
  const [said, say] = useSaid();
  const words = (code: string) => t(`s_${code}` as 's_paid');
  return (
    <section class="card">
      {said}
      <div class="filters"><label>{common('state')}<select id="state" value={state} onChange={(event) => turn(query, { state: event.currentTarget.value })}>
        <option value="">{common('anyState')}</option>{Object.keys(PAYMENT_TONES).map((code) => <option key={code} value={code}>{words(code)}</option>)}
      </select></label></div>
      <Table<Payment> label={t('tabPayments')} list={list} keyOf={(row) => row.payment_id} empty={t('noPayments')} columns={[
        { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
        { name: t('method'), show: (row) => <>{common(row.method as 'alipay')}{row.purpose !== 'order' && <><br />{t(`p_${row.purpose}` as 'p_late')}</>}</> },
        { name: common('state'), show: (row) => <State code={row.state} tones={PAYMENT_TONES} words={words} /> },
        { name: t('amount'), right: true, show: (row) => money(row.amount_fen) },
        { name: t('received'), right: true, show: (row) => (row.received_fen ? money(row.received_fen) : '—') },
        { name: t('returned'), right: true, show: (row) => (row.returned_fen ? money(row.returned_fen) : '—') },
        { name: t('paidAt'), show: (row) => moment(row.paid_at) || '—' },
        { name: common('action'), show: (row) => (leftOf(row) > 0 && ['paid', 'refunding'].includes(row.state) ? <button type="button" class="quiet" onClick={() => setRefunded(row)}>{t('refund')}<span class="unseen"> {row.order_no}</span></button> : '—') },
      ]} />
      {refunded && <AskRefund payment={refunded} close={() => setRefunded(null)} done={() => { setRefunded(null); say(t('refundAsked')); void list.reload(); }} />}
    </section>
  );
}
