// Certificates and their status; one is revoked by two people.
import { useState } from 'preact/hooks';
import reasons from 'defs:revocation';
import { post } from '../../shared/api';
import { Notice, SelectField, type Tone } from '../../shared/kit';
import { Ask, State, Subject, turn, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { has, isMe } from '../session';
import { moment, of } from '../text';
import { t } from './text';

interface Row {
  order_no: string; subject_name: string | null;
  certificate: {
    serial: string; subject: string; algorithm: string; status: string; reissue_no: number; not_before: string; not_after: string; issued_at: string; revoked_at: string | null; revocation_reason: string | null;
    revocation_asked_by: string | null; revocation_approved_by: string | null; proposed_by: string | null; proposed_by_id?: number | null; proposed_reason: string | null;
  };
}

const TONES: Record<string, Tone> = { good: 'good', held: 'warn', revoked: 'bad', asked: 'warn' };
const reasonWord = (code: string | null) => (code && reasons[code] ? of(reasons[code]) : code ?? '');

function Revoke({ row, close, done }: { row: Row; close: () => void; done: (text: string) => void }) {
  const { serial, proposed_by: by, proposed_by_id: id, proposed_reason: before } = row.certificate;
  const mine = isMe(id);
  const [reason, setReason] = useState(before ?? '');
  return (
    <Ask title={t('revokeTitle')} confirm={by && !mine ? common('second') : t('revoke')} danger close={close} check={(): Record<string, string> => (reason ? {} : { '/reason': common('chooseOne') })}
      act={(key) => post(`/orders/${row.order_no}/certificate/revocation`, { reason }, { key })} done={({ status }) => done(status === 202 ? common('firstSaid') : t('revoked'))}>
      {(faults) => <>
        <p>{t('revokeText', { no: row.order_no, serial })}</p>
        {by ? <Notice tone="warn"><p>{t('proposed', { name: by, reason: reasonWord(before) })}</p><p>{mine ? common('askedByYou') : t('revokeAgree')}</p></Notice> : <Notice>{common('secondNeeded')}</Notice>}
        <SelectField id="reason" label={t('revokeReason')} required empty={common('chooseOne')} value={reason} onValue={setReason} error={faults['/reason']} choices={Object.entries(reasons).filter(([code]) => code !== 'certificate_hold').map(([value, word]) => ({ value, label: of(word) }))} />
      </>}
    </Ask>
  );
}

export function Certificates({ query }: { query: URLSearchParams }) {
  const status = query.get('status') ?? '';
  const list = useItems<Row>(`/certificates?limit=50${status && `&status=${status}`}`);
  const [revoked, setRevoked] = useState<Row | null>(null);
  const [said, say] = useSaid();
  const words = (code: string) => t(`c_${code}` as 'c_good');
  const may = has('reviewer', 'production', 'administrator');
  const state = ({ certificate: c }: Row) => <>
    <State code={c.proposed_by ? 'asked' : c.status} tones={TONES} words={words} />
    {c.proposed_by && <span class="soft row">{t('revokedBy', { reason: reasonWord(c.proposed_reason), names: c.proposed_by })}</span>}
    {c.status === 'revoked' && <span class="soft row">{t('revokedBy', { reason: reasonWord(c.revocation_reason), names: [c.revocation_asked_by, c.revocation_approved_by].filter(Boolean).join('、') || '—' })}</span>}
  </>;
  return (
    <section class="card">
      {said}
      <div class="filters"><label>{common('state')}<select id="status" value={status} onChange={(event) => turn(query, { status: event.currentTarget.value })}>
        <option value="">{common('anyState')}</option>{Object.keys(TONES).map((code) => <option key={code} value={code}>{words(code)}</option>)}
      </select></label></div>
      <Table<Row> label={t('tabCertificates')} list={list} keyOf={(row) => row.certificate.serial} empty={t('noCertificates')} columns={[
        { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
        { name: t('serial'), show: ({ certificate: c }) => <><span class="mono serial">{c.serial}</span><br /><span class="soft">{c.algorithm.toUpperCase()}{c.reissue_no > 0 && ` · ${t('reissue', { n: c.reissue_no })}`}</span></> },
        { name: t('validity'), show: ({ certificate: c }) => <span class="nowrap">{moment(c.not_before, { time: false })} — {moment(c.not_after, { time: false })}</span> },
        { name: t('issuedAt'), show: ({ certificate: c }) => moment(c.issued_at) },
        { name: common('state'), wide: true, show: state },
        { name: common('action'), show: (row) => (may && row.certificate.status !== 'revoked' ? <button type="button" class="quiet" onClick={() => setRevoked(row)}>{t('revoke')}<span class="unseen"> {row.order_no}</span></button> : '—') },
      ]} />
      {revoked && <Revoke row={revoked} close={() => setRevoked(null)} done={(text) => { setRevoked(null); say(text); void list.reload(); }} />}
    </section>
  );
}
