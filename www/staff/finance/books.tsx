// Our books by day, and where a provider's say something else.
import { Notice } from '../../shared/kit';
import { day as dayOf, money, OrderLink, Span, turn } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useData, type Items } from '../parts';
import { moment } from '../text';
import { t } from './text';

interface Day { day: string; method: string; payments: number; received_fen: number; refunds: number; refunded_fen: number; uncompared: number; without_line: number; differences: number; difference_fen: number }
interface Difference { kind: string; number: string; day: string; method: string; order_no: string; ours_fen: number; theirs_fen: number; found_at: string }
interface Ledger { days: Day[]; differences: Difference[]; unmatched_lines: number; unmatched_fen: number }

const listOf = <T,>(items: T[]): Items<T> => ({ items, problem: '', more: null, reload: async () => undefined });

export function Books({ query }: { query: URLSearchParams }) {
  const from = query.get('from') ?? dayOf(-30), to = query.get('to') ?? dayOf();
  const { data, problem } = useData<Ledger>(`/reconciliation?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
  const sum = (member: 'received_fen' | 'refunded_fen') => money(data?.days.reduce((all, row) => all + row[member], 0) ?? 0);
  const count = (n: number) => (n ? <b>{n}</b> : '—');
  return (
    <>
      <section class="card">
        <Span from={from} to={to} look={(first, last) => turn(query, { tab: 'books', from: first, to: last })} />
        {problem && <Notice tone="bad" live>{problem}</Notice>}
        {!data && !problem && <p class="loading" role="status">{t('loading')}</p>}
        {data && <>
          <div class="tiles3"><div><span>{t('received')}</span><b>{sum('received_fen')}</b></div><div><span>{t('refundedFen')}</span><b>{sum('refunded_fen')}</b></div><div class={data.unmatched_lines ? 'warn' : ''}><span>{t('unmatchedTitle')}</span><b>{money(data.unmatched_fen)}</b><i>{data.unmatched_lines ? t('unmatchedText', { n: data.unmatched_lines, fen: money(data.unmatched_fen) }) : t('allMatched')}</i></div></div>
          <Table<Day> label={t('tabBooks')} list={listOf(data.days)} keyOf={(row) => row.day + row.method} empty={t('noDays')} columns={[
            { name: t('day'), show: (row) => row.day },
            { name: t('method'), show: (row) => common(row.method as 'alipay') },
            { name: t('payments'), right: true, show: (row) => row.payments },
            { name: t('received'), right: true, show: (row) => money(row.received_fen) },
            { name: t('refunds'), right: true, show: (row) => row.refunds },
            { name: t('refundedFen'), right: true, show: (row) => money(row.refunded_fen) },
            { name: t('uncompared'), right: true, show: (row) => count(row.uncompared) },
            { name: t('withoutLines'), right: true, show: (row) => count(row.without_line) },
            { name: t('differences'), right: true, show: (row) => count(row.differences) },
          ]} />
        </>}
      </section>
      {data && (
        <section class="card">
          <h2>{t('differencesTitle')}</h2>
          {!data.differences.length && <Notice tone="good">{t('noDifferences')}</Notice>}
          {data.differences.length > 0 && <Table<Difference> label={t('differencesTitle')} list={listOf(data.differences)} keyOf={(row) => row.kind + row.number} empty="" columns={[
            { name: t('day'), show: (row) => row.day },
            { name: t('kind'), show: (row) => t(row.kind === 'refund' ? 'k_refund' : 'k_payment') },
            { name: t('number'), show: (row) => <>{row.number}<br /><OrderLink no={row.order_no} /></> },
            { name: t('method'), show: (row) => common(row.method as 'alipay') },
            { name: t('ours'), right: true, show: (row) => money(row.ours_fen) },
            { name: t('theirs'), right: true, show: (row) => money(row.theirs_fen) },
            { name: t('gap'), right: true, show: (row) => <b class="wrongly">{money(row.theirs_fen - row.ours_fen)}</b> },
            { name: t('foundAt'), show: (row) => moment(row.found_at) },
          ]} />}
        </section>
      )}
    </>
  );
}
