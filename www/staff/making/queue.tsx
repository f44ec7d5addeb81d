// What waits to be made, or failed: tried again, returned, or given up by two people.
import { useState } from 'preact/hooks';
import catalogue from 'defs:reason-review';
import { post } from '../../shared/api';
import { Notice, TextField, type Tone } from '../../shared/kit';
import { Area, Ask, State, Subject, turn, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { has, isMe } from '../session';
import { moment, of } from '../text';
import { t } from './text';

interface Lint { id: string; severity: string; clause: string }
export interface Making {
  order_no: string; order_state: string; subject_name: string | null; certificate_type: 'organisation' | 'natural_person'; reissue_no: number; state: string; attempts: number; failure: string | null; failure_text: string | null; failure_note: string | null;
  lint: Lint[] | null; refusal_asked_by: string | null; refusal_asked_by_id?: number | null; refusal_reason: string | null; changed_at: string;
}
/** What can be wrong with this type of certificate. */
const reasonsFor = (type: Making['certificate_type']) => Object.entries(catalogue).filter(([, { target, pointer }]) => type === 'organisation' || !/licence|organisation|legal_representative/.test(target + pointer));

interface Reason { target: string; pointer?: string; code: string; text: string }
type Act = { kind: 'retry' | 'giveBack' | 'refuse'; row: Making } | null;

const TONES: Record<string, Tone> = { failed: 'bad', queued: 'info', prepared: 'info', signed: 'good', closed: 'warn' };
const whyOf = (row: Making): string => [row.failure_text ?? row.failure, row.failure_note].filter(Boolean).join('：');

function GiveBack({ row, close, done }: { row: Making; close: () => void; done: () => void }) {
  const [reasons, setReasons] = useState<Reason[]>([]);
  const add = (code: string) => {
    const found = catalogue[code];
    if (!found) return;
    const pointer = found.pointer.replace('/person/', row.certificate_type === 'organisation' ? '/handler/' : '/applicant/');
    const target = found.target === 'documents' ? 'documents/application_form' : found.target;
    setReasons((old) => [...old.filter((one) => one.code !== code), { target, ...(pointer && { pointer }), code, text: found.zh }]);
  };
  const word = (i: number, text: string) => setReasons((old) => old.map((one, at) => (at === i ? { ...one, text } : one)));
  return (
    <Ask title={t('giveBackTitle')} confirm={t('giveBack')} danger close={close} done={done} check={(): Record<string, string> => (reasons.length ? {} : { '/reasons': t('needReason') })}
      act={(key) => post(`/orders/${row.order_no}/issuance/return`, { reasons }, { key })}>
      {(faults) => <>
        <p>{t('giveBackText', { no: row.order_no })}</p>
        <div class={`field${faults['/reasons'] ? ' wrong' : ''}`}>
          <label for="add">{t('addReason')}</label>
          <div class="control"><select id="add" value="" aria-invalid={faults['/reasons'] ? true : undefined} aria-describedby={faults['/reasons'] ? 'add-error' : undefined} onChange={(event) => add(event.currentTarget.value)}>
            <option value="">{common('chooseOne')}</option>{reasonsFor(row.certificate_type).map(([code, reason]) => <option key={code} value={code}>{of(reason)}</option>)}
          </select>{faults['/reasons'] && <p class="error" id="add-error">{faults['/reasons']}</p>}</div>
        </div>
        {reasons.map((reason, i) => (
          <TextField key={reason.code} id={`reason-${i}`} label={t('reasonText', { n: i + 1 })} maxLength={300} value={reason.text} onValue={(text) => word(i, text)} error={faults[`/reasons/${i}/text`] ?? faults[`/reasons/${i}/target`] ?? faults[`/reasons/${i}/code`]}
            after={<button type="button" class="quiet" onClick={() => setReasons((old) => old.filter((_, at) => at !== i))}>{t('remove')}<span class="unseen"> {i + 1}</span></button>} />
        ))}
      </>}
    </Ask>
  );
}

function Refuse({ row, close, done }: { row: Making; close: () => void; done: (text: string) => void }) {
  const [reason, setReason] = useState(row.refusal_reason ?? '');
  const mine = isMe(row.refusal_asked_by_id);
  return (
    <Ask title={t('refuseTitle')} confirm={row.refusal_asked_by && !mine ? common('second') : t('refuse')} danger close={close} check={(): Record<string, string> => (reason.trim() ? {} : { '/reason': common('needText') })}
      act={(key) => post(`/orders/${row.order_no}/issuance/refusal`, { reason: reason.trim() }, { key })} done={({ status }) => done(status === 202 ? common('firstSaid') : t('refused', { no: row.order_no }))}>
      {(faults) => <>
        <p>{t('refuseText', { no: row.order_no })}</p>
        {row.refusal_asked_by ? <Notice tone="warn"><p>{t('askedRefusal', { name: row.refusal_asked_by, reason: row.refusal_reason ?? '' })}</p><p>{mine ? common('askedByYou') : t('refusalSame')}</p></Notice> : <Notice>{common('secondNeeded')}</Notice>}
        <TextField id="reason" label={t('refuseReason')} required maxLength={200} value={reason} onValue={setReason} error={faults['/reason']} />
      </>}
    </Ask>
  );
}

export function Queue({ query }: { query: URLSearchParams }) {
  const state = query.get('state') ?? 'failed';
  const list = useItems<Making>(`/issuance?limit=50${state !== 'any' ? `&state=${state}` : ''}`);
  const [act, setAct] = useState<Act>(null);
  const [cause, setCause] = useState('');
  const [said, say] = useSaid();
  const words = (code: string) => t(`s_${code}` as 's_failed');
  const done = (text: string) => { setAct(null); setCause(''); say(text); void list.reload(); };
  const button = (kind: 'retry' | 'giveBack' | 'refuse', row: Making) => <button type="button" class="quiet" onClick={() => setAct({ kind, row })}>{t(kind)}<span class="unseen"> {row.order_no}</span></button>;
  const acts = (row: Making) => {
    if (row.order_state !== 'issuance_failed') return '—';
    return <>{has('production') && <>{button('retry', row)} {button('giveBack', row)} </>}{has('production', 'administrator') && button('refuse', row)}</>;
  };
  const why = (row: Making) => (
    <>{whyOf(row) || '—'}
      {row.refusal_asked_by && <span class="row wrongly">{t('askedRefusal', { name: row.refusal_asked_by, reason: row.refusal_reason ?? '' })}</span>}
      {row.state === 'failed' && !!row.lint?.length && <details><summary>{t('lint')}</summary><ul>{row.lint.map((one) => <li key={one.id} class={one.severity === 'error' ? 'wrongly' : ''}>{one.id} ({one.clause})</li>)}</ul></details>}
    </>
  );
  return (
    <section class="card">
      {said}
      <div class="filters"><label>{common('state')}<select id="state" value={state} onChange={(event) => turn(query, { state: event.currentTarget.value })}>
        {Object.keys(TONES).map((code) => <option key={code} value={code}>{words(code)}</option>)}<option value="any">{common('anyState')}</option>
      </select></label></div>
      <Table<Making> label={t('tabQueue')} list={list} keyOf={(row) => row.order_no} empty={t('noQueue')} columns={[
        { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
        { name: t('type'), show: (row) => <>{t(`t_${row.certificate_type}`)}{row.reissue_no > 0 && <><br />{t('reissue', { n: row.reissue_no })}</>}</> },
        { name: common('state'), show: (row) => <State code={row.state} tones={TONES} words={words} /> },
        { name: t('attempts'), right: true, show: (row) => row.attempts },
        { name: t('failure'), wide: true, show: why },
        { name: t('changed'), show: (row) => moment(row.changed_at) },
        { name: common('action'), show: acts },
      ]} />
      {act?.kind === 'retry' && (
        <Ask title={t('retryTitle')} confirm={t('retry')} close={() => setAct(null)} done={() => done(t('retried', { no: act.row.order_no }))}
          check={(): Record<string, string> => (cause.trim() ? {} : { '/cause': common('needText') })} act={(key) => post(`/orders/${act.row.order_no}/issuance/retry`, { cause: cause.trim() }, { key })}>
          {(faults) => <><p>{t('retryText', { no: act.row.order_no, failure: whyOf(act.row) })}</p><Area id="cause" label={t('cause')} required value={cause} onValue={setCause} error={faults['/cause']} /></>}
        </Ask>
      )}
      {act?.kind === 'giveBack' && <GiveBack row={act.row} close={() => setAct(null)} done={() => done(t('givenBack', { no: act.row.order_no }))} />}
      {act?.kind === 'refuse' && <Refuse row={act.row} close={() => setAct(null)} done={done} />}
    </section>
  );
}
