// 金融认证: what became of each transfer of 0.01 yuan, and results by hand, of two people.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { Notice, RadioField, type Tone } from '../../shared/kit';
import { Area, Ask, State, Subject, turn, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { has, isMe } from '../session';
import { Page } from '../shell';
import { moment } from '../text';
import { t } from './text';

interface Attempt {
  id: string; order_no: string; order_state: string; subject_name: string | null; reference: string; state: string; reason: string | null; reason_text: string | null; account_tail: string; kind: string; attempt: number;
  manual_result: string | null; manual_note: string | null; first_staff: string | null; first_staff_id?: number | null; second_staff: string | null; created_at: string; submitted_at: string | null; finished_at: string | null;
}

const TONES: Record<string, Tone> = { queued: 'info', sent: 'info', unknown: 'warn', ok: 'good', failed: 'bad' };
const stateWord = (code: string) => t(`s_${code}` as 's_ok');

/** A failed one can still be proved another way; one without an end can end either way. */
const choicesOf = (row: Attempt): ('ok' | 'failed')[] => {
  if (row.state === 'failed') return row.order_state === 'bank_verification_failed' ? ['ok'] : [];
  return row.state !== 'ok' && row.order_state === 'bank_verification_pending' ? ['ok', 'failed'] : [];
};

function Judge({ row, close, done }: { row: Attempt; close: () => void; done: (text: string) => void }) {
  const choices = choicesOf(row);
  const [result, setResult] = useState<string>(row.manual_result && !row.second_staff ? row.manual_result : choices[0]);
  const [note, setNote] = useState('');
  const word = (code: string) => t(`r_${code}` as 'r_ok');
  return (
    <Ask title={t('judgeTitle')} confirm={t('submit')} close={close} check={(): Record<string, string> => (note.trim() ? {} : { '/note': common('needText') })}
      act={(key) => post(`/bank-verifications/${row.id}/result`, { result, note: note.trim() }, { key })} done={({ status }) => done(t(status === 202 ? 'first' : 'done'))}>
      {(faults) => <>
        <p>{t('judgeText', { no: row.order_no, name: row.subject_name ?? '', tail: row.account_tail, n: row.attempt })} {t(result === 'ok' ? 'proveText' : 'failText')}</p>
        {row.first_staff && row.manual_result && !row.second_staff ? <Notice tone="warn"><p>{t('saidFirst', { name: row.first_staff, result: word(row.manual_result), note: row.manual_note ?? '' })}</p><p>{isMe(row.first_staff_id) ? common('askedByYou') : t('agree')}</p></Notice> : <Notice>{common('secondNeeded')}</Notice>}
        <RadioField id="result" label={t('result')} required value={result} onValue={setResult} choices={choices.map((value) => ({ value, label: word(value) }))} error={faults['/result']} />
        <Area id="note" label={t('basis')} hint={t('basisHint')} required value={note} onValue={setNote} error={faults['/note']} />
      </>}
    </Ask>
  );
}

export default function Bank({ query }: { query: URLSearchParams }) {
  const state = query.get('state') ?? '';
  const list = useItems<Attempt>(`/bank-verifications?limit=50${state && `&state=${state}`}`);
  const [judged, setJudged] = useState<Attempt | null>(null);
  const [said, say] = useSaid();
  const may = has('reviewer', 'finance', 'administrator');
  const result = (row: Attempt) => <>
    {row.reason_text ?? (row.state === 'ok' ? stateWord('ok') : '—')}
    {row.manual_result && <span class="soft row">{t('byHand')}：{[row.first_staff, row.second_staff].filter(Boolean).join('、')}，{t(`r_${row.manual_result}` as 'r_ok')}</span>}
  </>;
  return (
    <Page title={t('navBank')} lead={t('lead')}>
      {said}
      <section class="card">
        <div class="filters"><label>{common('state')}<select id="state" value={state} onChange={(event) => turn(query, { state: event.currentTarget.value })}>
          <option value="">{common('anyState')}</option>{Object.keys(TONES).map((code) => <option key={code} value={code}>{stateWord(code)}</option>)}
        </select></label></div>
        <Table<Attempt> label={t('navBank')} list={list} keyOf={(row) => row.id} empty={t('none')} columns={[
          { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
          { name: t('account'), show: (row) => <>{row.account_tail}<br /><span class="soft">{t('attempt', { n: row.attempt })}</span></> },
          { name: common('state'), show: (row) => <State code={row.state} tones={TONES} words={stateWord} /> },
          { name: t('result'), wide: true, show: result },
          { name: t('reference'), show: (row) => <span class="mono">{row.reference}</span> },
          { name: t('sent'), show: (row) => moment(row.submitted_at) || '—' },
          { name: t('finished'), show: (row) => moment(row.finished_at) || '—' },
          { name: common('action'), show: (row) => (may && choicesOf(row).length ? <button type="button" class="quiet" onClick={() => setJudged(row)}>{t('judge')}<span class="unseen"> {row.order_no}</span></button> : '—') },
        ]} />
      </section>
      {judged && <Judge row={judged} close={() => setJudged(null)} done={(text) => { setJudged(null); say(text); void list.reload(); }} />}
    </Page>
  );
}
