// The lines of our own account, and which orders they paid.
import { money, OrderLink, turn } from '../control/acts';
import { Table, useItems } from '../parts';
import { moment } from '../text';
import { t } from './text';

interface Line { bank_line_id: string; at: string; amount_fen: number; free_fen: number; payer_name: string; memo: string; orders: { order_no: string; payment_id: string; amount_fen: number }[] }

export function Lines({ query }: { query: URLSearchParams }) {
  const unmatched = query.get('unmatched') === '1';
  const list = useItems<Line>(`/bank-lines?limit=50${unmatched ? '&unmatched=true' : ''}`);
  return (
    <section class="card">
      <div class="filters"><label class="choice"><input type="checkbox" checked={unmatched} onChange={(event) => turn(query, { unmatched: event.currentTarget.checked ? '1' : '' })} /><span>{t('unmatchedOnly')}</span></label></div>
      <Table<Line> label={t('tabLines')} list={list} keyOf={(row) => row.bank_line_id} empty={t('noBankLines')} columns={[
        { name: t('lineAt'), show: (row) => moment(row.at) },
        { name: t('linePayer'), wide: true, show: (row) => row.payer_name },
        { name: t('lineAmount'), right: true, show: (row) => money(row.amount_fen) },
        { name: t('lineFree'), right: true, show: (row) => (row.free_fen ? <b>{money(row.free_fen)}</b> : '—') },
        { name: t('memo'), wide: true, show: (row) => row.memo || '—' },
        { name: t('lineOrders'), show: (row) => (row.orders.length ? row.orders.map((order) => <span key={order.payment_id} class="row"><OrderLink no={order.order_no} /> {money(order.amount_fen)}</span>) : '—') },
      ]} />
    </section>
  );
}
