// 待审核: the queues of a reviewer, and the next order.
import { useEffect, useState } from 'preact/hooks';
import { Badge, Notice } from '../../shared/kit';
import { orderPath, type Row } from '../orders';
import { Table, useItems } from '../parts';
import { wordsOf } from '../session';
import { Page } from '../shell';
import { moment } from '../text';
import { useKeys } from './keys';
import { reviewPath, takeNext } from './next';
import { t } from './text';
import { waited } from './waited';

const TABS: [string, 'tPending' | 'tSecond' | 'tInReview' | 'tInSecond' | 'tMine' | 'tReturned'][] = [
  ['pending_review', 'tPending'], ['pending_second_review', 'tSecond'], ['mine', 'tMine'], ['in_review', 'tInReview'], ['in_second_review', 'tInSecond'], ['returned', 'tReturned'],
];

export default function Queue({ query }: { query: URLSearchParams }) {
  const asked = query.get('tab') ?? '';
  const tab = TABS.some(([name]) => name === asked) ? asked : 'pending_review';
  const list = useItems<Row>(`/orders?${tab === 'mine' ? 'assigned=me' : `state=${tab}`}${tab.startsWith('pending') ? '&sort=queue' : ''}&limit=30`);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [none, setNone] = useState(false);
  useEffect(() => { import('./review').catch(() => undefined); }, []); // what comes next is at hand
  const done = query.get('done'), no = query.get('no') ?? '';
  const next = async () => {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      setNone(!await takeNext());
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  useKeys((key) => {
    if (key === 'n') void next();
    return key === 'n';
  });
  const returned = tab === 'returned';
  return (
    <Page title={t('queue')} lead={t('queueLead')} aside={<div class="buttons"><button type="button" class="button go" aria-keyshortcuts="n" disabled={busy} onClick={next}>{t('takeNext')}<kbd aria-hidden="true">n</kbd></button></div>}>
      {done && /^(?:approved|second|returned|released|denied)$/.test(done) && <Notice tone="good" live>{t(`done_${done as 'approved'}`, { no })}{query.has('empty') && ` ${t('allDone')}`}</Notice>}
      <div role="status">{none && <Notice>{t('takeNextNone')}</Notice>}</div>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      <section class="card">
        <nav class="tabs" aria-label={t('tabs')}>{TABS.map(([name, word]) => <a key={name} href={`/reviews?tab=${name}`} aria-current={name === tab ? 'page' : undefined}>{t(word)}</a>)}</nav>
        <Table<Row> label={t('queue')} list={list} keyOf={(row) => row.order_no} empty={t('emptyQueue')} columns={[
          { name: t('orderNo'), show: (row) => <a href={returned ? orderPath(row.order_no) : reviewPath(row.order_no)}>{row.order_no}</a> },
          { name: t('subject'), wide: true, show: (row) => row.subject_name || '—' },
          { name: t('type'), show: (row) => t(row.certificate_type === 'organisation' ? 'organisation' : 'person') },
          { name: t('submission'), show: (row) => <span class="marks"><Badge tone={row.returned_times ? 'warn' : 'info'}>{row.returned_times ? t('again', { n: row.returned_times }) : t('first')}</Badge>{row.second_review && <Badge tone="warn">{t('second')}</Badge>}</span> },
          { name: t('waited'), show: (row) => waited(returned ? row.state_since : row.submitted_at) },
          { name: t('due'), show: (row) => <>{moment(row.sla_due)}{row.sla_due && Date.parse(row.sla_due) < Date.now() && !returned ? <> <Badge tone="bad">{t('overdue')}</Badge></> : ''}</> },
          { name: t('reviewer'), show: (row) => row.reviewer || '—' },
        ]} />
        <p class="more"><a href="/orders">{t('find')}</a></p>
      </section>
    </Page>
  );
}
