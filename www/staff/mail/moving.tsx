// Parcels on their way, and those in trouble: noted, sent again, or made again by two people.
import { useState } from 'preact/hooks';
import reasons from 'defs:reason-parcel';
import { post } from '../../shared/api';
import { Badge, Notice, SelectField, TextField, type Tone } from '../../shared/kit';
import { Area, Ask, State, Subject, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems, type Column } from '../parts';
import { has, isMe } from '../session';
import { moment, of } from '../text';
import type { Parcel } from './parcel';
import { t } from './text';

const TONES: Record<string, Tone> = { signed: 'good', problem: 'bad', returning: 'warn', returned: 'warn', lost: 'bad' };
type Act = { kind: 'trouble' | 'resend' | 'reissue'; row: Parcel } | null;
interface Asking { row: Parcel; close: () => void; done: (text: string) => void }

function Trouble({ row, close, done }: Asking) {
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const { order_no: no } = row;
  return (
    <Ask title={t('troubleTitle')} confirm={t('troubleDo')} close={close} check={(): Record<string, string> => (reason ? {} : { '/reason': common('chooseOne') })}
      act={(key) => post(`/orders/${no}/shipment/exception`, { reason, ...(note.trim() && { note: note.trim() }) }, { key })} done={() => done(t('troubled', { no }))}>
      {(faults) => <>
        <p>{t('troubleText', { no, waybill: row.tracking_no ?? '' })}</p>
        <SelectField id="reason" label={t('troubleReason')} required empty={common('chooseOne')} value={reason} onValue={setReason} error={faults['/reason']} choices={Object.entries(reasons).map(([value, word]) => ({ value, label: of(word) }))} />
        <Area id="note" label={common('note')} value={note} onValue={setNote} error={faults['/note']} />
      </>}
    </Ask>
  );
}

function Reissue({ row, close, done }: Asking) {
  const { order_no: no, reissue_asked_by: by, reissue_asked_by_id: id, reissue_reason: before } = row;
  const mine = isMe(id);
  const [reason, setReason] = useState(before ?? '');
  return (
    <Ask title={t('reissueTitle')} confirm={by && !mine ? common('second') : t('reissueDo')} danger close={close} check={(): Record<string, string> => (reason.trim() ? {} : { '/reason': common('needText') })}
      act={(key) => post(`/orders/${no}/reissue`, { reason: reason.trim() }, { key })} done={({ status }) => done(status === 202 ? common('firstSaid') : t('reissued', { no }))}>
      {(faults) => <>
        <p>{t('reissueText', { no })}</p>
        {by ? <Notice tone="warn"><p>{t('askedReissue', { name: by, reason: before ?? '' })}</p><p>{mine ? common('askedByYou') : t('reissueSame')}</p></Notice> : <Notice>{common('secondNeeded')}</Notice>}
        <TextField id="reason" label={t('reissueReason')} required maxLength={200} value={reason} onValue={setReason} error={faults['/reason']} />
      </>}
    </Ask>
  );
}

/** exception: those in trouble, else those on their way. */
export function Moving({ exception }: { exception: boolean }) {
  const list = useItems<Parcel>(`/shipments?state=${exception ? 'exception' : 'under_way'}&limit=50`);
  const [act, setAct] = useState<Act>(null);
  const [said, say] = useSaid();
  const close = () => setAct(null);
  const done = (text: string) => { close(); say(text); void list.reload(); };
  const button = (kind: 'trouble' | 'resend' | 'reissue', row: Parcel) => <button type="button" class="quiet" onClick={() => setAct({ kind, row })}>{t(kind)}<span class="unseen"> {row.order_no}</span></button>;
  const order: Column<Parcel>[] = [
    { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
    { name: t('recipient'), show: (row) => <>{row.recipient}<br /><span class="soft">{row.mobile}</span></> },
    { name: t('waybill'), show: (row) => <><span class="mono">{row.tracking_no}</span><br /><span class="soft mono">{row.token_serial}</span></> },
  ];
  const moving: Column<Parcel>[] = [...order,
    { name: t('parcelState'), show: (row) => <>{row.state && <State code={row.state} tones={TONES} words={(code) => t(`w_${code}` as 'w_signed')} />}{row.is_late && <> <Badge tone="warn">{t('late')}</Badge></>}</> },
    { name: t('sentAt'), show: (row) => moment(row.sent_at) },
    { name: common('action'), show: (row) => (has('production') ? button('trouble', row) : '—') },
  ];
  const troubled: Column<Parcel>[] = [...order,
    { name: t('what'), wide: true, show: (row) => <>{row.exception_text}{row.exception_note && <><br /><span class="soft">{row.exception_note}</span></>}{row.reissue_asked_by && <span class="row wrongly">{t('askedReissue', { name: row.reissue_asked_by, reason: row.reissue_reason ?? '' })}</span>}</> },
    { name: t('address'), show: (row) => (row.address_confirmed_at ? t('confirmedAddress', { at: moment(row.address_confirmed_at) }) : t('unconfirmedAddress')) },
    { name: t('since'), show: (row) => moment(row.state_since) },
    { name: common('action'), show: (row) => <>{has('production') && row.address_confirmed_at && <>{button('resend', row)} </>}{has('production', 'administrator') ? button('reissue', row) : '—'}</> },
  ];
  return (
    <section class="card">
      {said}
      <Table<Parcel> label={t(exception ? 'tabException' : 'tabUnderWay')} list={list} keyOf={(row) => row.order_no} empty={t(exception ? 'noneException' : 'noneUnderWay')} columns={exception ? troubled : moving} />
      {act?.kind === 'trouble' && <Trouble row={act.row} close={close} done={done} />}
      {act?.kind === 'resend' && <Ask title={t('resendTitle')} confirm={t('resendDo')} close={close} act={(key) => post(`/orders/${act.row.order_no}/shipment/resend`, undefined, { key })} done={() => done(t('resent', { no: act.row.order_no }))}><p>{t('resendText', { no: act.row.order_no })}</p></Ask>}
      {act?.kind === 'reissue' && <Reissue row={act.row} close={close} done={done} />}
    </section>
  );
}
