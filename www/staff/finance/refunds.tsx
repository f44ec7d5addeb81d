// Refunds: one asks, another approves; what failed goes out again.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { BankField } from '../../shared/bank';
import { TextField } from '../../shared/kit';
import { Ask, money, State, Subject, turn, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { moment } from '../text';
import { REFUND_TONES, type Refund } from './money';
import { t } from './text';

interface Act { kind: 'approve' | 'withdraw' | 'resend'; refund: Refund }

function Resend({ refund, close, done }: { refund: Refund; close: () => void; done: () => void }) {
  const [name, setName] = useState(refund.subject_name ?? '');
  const [bank, setBank] = useState('');
  const [number, setNumber] = useState('');
  const known = refund.has_account;
  return (
    <Ask title={t('resendTitle')} confirm={t('resendDo')} close={close} done={done}
      act={(key) => post(`/refunds/${refund.refund_id}/resend`, known ? {} : { account_name: name.trim(), bank_code: bank, account_number: number.replace(/\s/g, '') }, { key })}>
      {(faults) => <>
        <p>{t('resendText', { no: refund.order_no, amount: money(refund.amount_fen), failure: refund.failure?.trim() || t('noFailure') })}</p>
        {known ? <p>{t('resendKnown')}</p> : <>
          <TextField id="account_name" label={t('accountName')} required value={name} onValue={setName} error={faults['/account_name']} maxLength={100} autoComplete="off" />
          <BankField id="bank_code" label={t('bankBranch')} required hint={t('bankBranchHint')} value={bank} onValue={setBank} error={faults['/bank_code']} say={t} />
          <TextField id="account_number" label={t('accountNumber')} required value={number} onValue={setNumber} error={faults['/account_number']} inputMode="numeric" maxLength={40} autoComplete="off" />
        </>}
      </>}
    </Ask>
  );
}

export function Refunds({ query }: { query: URLSearchParams }) {
  const state = query.get('state') ?? '';
  const list = useItems<Refund>(`/refunds?limit=50${state && `&state=${state}`}`);
  const [act, setAct] = useState<Act | null>(null);
  const [said, say] = useSaid();
  const words = (code: string) => t(`f_${code}` as 'f_failed');
  const done = (text: string) => { setAct(null); say(text); void list.reload(); };
  const button = (kind: Act['kind'], refund: Refund) => <button type="button" class="quiet" onClick={() => setAct({ kind, refund })}>{t(kind)}<span class="unseen"> {refund.order_no}</span></button>;
  const acts = (row: Refund) => {
    if (row.state === 'failed') return button('resend', row);
    if (row.state !== 'requested') return '—';
    return row.mine ? <>{t('ownRefund')} {button('withdraw', row)}</> : <>{button('approve', row)} {button('withdraw', row)}</>;
  };
  const values = act && { no: act.refund.order_no, name: act.refund.subject_name ?? '', amount: money(act.refund.amount_fen), reason: act.refund.reason, by: act.refund.requested_by ?? t('automatic') };
  return (
    <section class="card">
      {said}
      <div class="filters"><label>{common('state')}<select id="state" value={state} onChange={(event) => turn(query, { state: event.currentTarget.value })}>
        <option value="">{common('anyState')}</option>{Object.keys(REFUND_TONES).map((code) => <option key={code} value={code}>{words(code)}</option>)}
      </select></label></div>
      <Table<Refund> label={t('tabRefunds')} list={list} keyOf={(row) => row.refund_id} empty={t('noRefunds')} columns={[
        { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
        { name: t('method'), show: (row) => <>{common(row.method as 'alipay')}{row.has_account && <><br />{t('toAccount')}</>}</> },
        { name: t('amount'), right: true, show: (row) => money(row.amount_fen) },
        { name: common('state'), show: (row) => <><State code={row.state} tones={REFUND_TONES} words={words} />{row.failure && row.state !== 'succeeded' && <><br /><span class="soft">{row.failure}</span></>}</> },
        { name: common('reason'), show: (row) => row.reason },
        { name: t('askedBy'), brief: true, show: (row) => row.requested_by ?? t('automatic') },
        { name: t('approvedBy'), brief: true, show: (row) => row.approved_by ?? '—' },
        { name: t('created'), show: (row) => moment(row.created_at) },
        { name: t('finished'), show: (row) => moment(row.finished_at) || '—' },
        { name: common('action'), show: acts },
      ]} />
      {act?.kind === 'approve' && values && <Ask title={t('approveTitle')} confirm={t('approveDo')} close={() => setAct(null)} done={() => done(t('approved'))} act={(key) => post(`/refunds/${act.refund.refund_id}/approval`, undefined, { key })}><p>{t('approveText', values)}</p></Ask>}
      {act?.kind === 'withdraw' && values && <Ask title={t('withdrawTitle')} confirm={t('withdrawDo')} danger close={() => setAct(null)} done={() => done(t('withdrawn'))} act={(key) => post(`/refunds/${act.refund.refund_id}/withdrawal`, undefined, { key })}><p>{t('withdrawText', values)}</p></Ask>}
      {act?.kind === 'resend' && <Resend refund={act.refund} close={() => setAct(null)} done={() => done(t('refundAsked'))} />}
    </section>
  );
}
