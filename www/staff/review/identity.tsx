// 人工核验: who cannot be checked on the phone; two members of staff find the same.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { Badge, Notice, RadioField } from '../../shared/kit';
import { t as common } from '../control/text';
import { api } from '../order/data';
import { code } from '../order/text';
import { Dialog, Table, useItems } from '../parts';
import { orderPath } from '../orders';
import { isMe, wordsOf } from '../session';
import { Page } from '../shell';
import { moment } from '../text';
import { t } from './text';

interface Request {
  order_no: string; certificate_type: string; order_state: string; subject_name?: string | null; person_name?: string | null; id_kind?: string | null;
  first_result?: string | null; first_note?: string | null; first_staff?: string | null; first_staff_id?: number | null; requested_at: string;
}

const resultWord = (result: string) => t(result === 'passed' ? 'passed' : 'refused');

function Record({ request, onClose, onDone }: { request: Request; onClose: () => void; onDone: (both: boolean) => void }) {
  const [result, setResult] = useState('');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState('');
  const noResult = tried && !result, noNote = tried && note.trim().length < 2;
  const save = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    setProblem('');
    if (!result || note.trim().length < 2) return;
    try {
      onDone((await post(`${api(request.order_no)}/identity-check/result`, { result, note: note.trim() })).status !== 202);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <Dialog title={`${t('record')} · ${request.person_name ?? request.order_no}`} onClose={onClose}>
      {request.first_result && <Notice><p>{t('firstBy', { name: request.first_staff ?? '', result: resultWord(request.first_result) })}</p>{request.first_note && <p>{t('firstNote', { note: request.first_note })}</p>}{isMe(request.first_staff_id) && <p>{common('askedByYou')}</p>}</Notice>}
      <form class="stacked" noValidate onSubmit={save}>
        <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <RadioField id="result" label={t('result')} required value={result} onValue={setResult} error={noResult ? t('needResult') : undefined} choices={[{ value: 'passed', label: t('passed') }, { value: 'failed', label: t('refused') }]} />
        <div class={`field${noNote ? ' wrong' : ''}`}><label for="id-note"><span class="star" aria-hidden="true">*</span>{t('resultNote')}</label><div class="control"><textarea id="id-note" rows={4} maxLength={500} value={note} aria-invalid={noNote ? true : undefined} aria-describedby={noNote ? 'id-note-error' : 'id-note-hint'}
          onInput={(event) => setNote(event.currentTarget.value)} /><p class="hint" id="id-note-hint">{t('resultNoteHint')}</p>{noNote && <p class="error" id="id-note-error">{t('needNote')}</p>}</div></div>
        <div class="buttons"><button type="button" class="button second" onClick={onClose}>{t('cancel')}</button><button type="submit" class="button">{t('save')}</button></div>
      </form>
    </Dialog>
  );
}

export default function Identity() {
  const list = useItems<Request>('/identity-checks?limit=30');
  const [open, setOpen] = useState<Request | null>(null);
  const [said, setSaid] = useState('');
  const done = (both: boolean) => {
    setSaid(t(both ? 'recordedBoth' : 'recordedFirst', { no: open?.order_no ?? '' }));
    setOpen(null);
    void list.reload();
  };
  return (
    <Page title={t('identityTitle')} lead={t('identityLead')}>
      <div role="status">{said && <Notice tone="good">{said}</Notice>}</div>
      <section class="card">
        <Table<Request> label={t('identityTitle')} list={list} keyOf={(row) => row.order_no} empty={t('identityNone')} columns={[
          { name: t('orderNo'), show: (row) => <a href={orderPath(row.order_no)}>{row.order_no}</a> },
          { name: t('subject'), wide: true, show: (row) => row.subject_name || '—' },
          { name: t('name'), show: (row) => row.person_name || '—' },
          { name: t('idKind'), show: (row) => (row.id_kind ? code('v_', row.id_kind) : '—') },
          { name: t('requested'), show: (row) => moment(row.requested_at) },
          { name: t('firstResult'), show: (row) => (row.first_result ? <><Badge tone={row.first_result === 'passed' ? 'good' : 'bad'}>{resultWord(row.first_result)}</Badge> {row.first_staff}</> : '—') },
          { name: t('record'), show: (row) => <button type="button" class="button small second" onClick={() => setOpen(row)}>{t('record')}<span class="unseen"> {row.person_name}</span></button> },
        ]} />
      </section>
      {open && <Record request={open} onClose={() => setOpen(null)} onDone={done} />}
    </Page>
  );
}
