// 订单查询: every order by number, phone, name, credit code or ID number, and by state.
import { useState } from 'preact/hooks';
import states from 'defs:state';
import { Badge } from '../shared/kit';
import { go } from '../shared/route';
import { toneOf } from '../shared/state';
import { Table, useItems } from './parts';
import { Page } from './shell';
import { stateWord } from './state';
import { moment, of } from './text';
import { t } from './orders.text';

export interface Row {
  order_no: string; project: string; certificate_type: string; state: string; state_label: string; subject_name?: string | null; reviewer?: string | null;
  returned_times: number; second_review: boolean; submitted_at?: string | null; sla_due?: string | null; state_since: string;
}

export const orderPath = (no: string): string => `/orders/order?no=${encodeURIComponent(no)}`;

export default function Orders({ query }: { query: URLSearchParams }) {
  const q = query.get('q') ?? '', state = query.get('state') ?? '';
  const [text, setText] = useState(q);
  const [problem, setProblem] = useState('');
  const asked = new URLSearchParams({ ...(q && { q }), ...(state && { state }), limit: '30' });
  const list = useItems<Row>(`/orders?${asked}`);
  const look = (more: Record<string, string>) => {
    const next = new URLSearchParams(Object.entries({ q, state, ...more }).filter(([, value]) => value));
    go(`/orders?${next}`, { replace: true });
  };
  const search = (event: Event) => {
    event.preventDefault();
    const words = text.trim();
    setProblem(words.length === 1 ? t('tooShort') : '');
    if (words.length !== 1) look({ q: words });
  };
  return (
    <Page title={t('navOrders')}>
      <section class="card">
        <form class="filters" role="search" onSubmit={search} noValidate>
          <label class="grow">{t('q')}<input id="q" type="search" value={text} maxLength={60} placeholder={t('qHint')} aria-describedby={problem ? 'q-error' : undefined} aria-invalid={problem ? true : undefined} onInput={(event) => setText(event.currentTarget.value)} /></label>
          <label>{t('state')}
            <select id="state" value={state} onChange={(event) => look({ state: event.currentTarget.value })}>
              <option value="">{t('anyState')}</option>
              {Object.entries(states).map(([code, row]) => <option key={code} value={code}>{of(row)}</option>)}
            </select>
          </label>
          <button type="submit" class="button">{t('search')}</button>
        </form>
        <p class="error" id="q-error" role="alert" hidden={!problem}>{problem}</p>
        <Table<Row> label={t('navOrders')} list={list} keyOf={(row) => row.order_no} empty={t('noneFound')} columns={[
          { name: t('orderNo'), show: (row) => <a href={orderPath(row.order_no)}>{row.order_no}</a> },
          { name: t('subject'), wide: true, show: (row) => row.subject_name || '—' },
          { name: t('type'), show: (row) => t(`t_${row.certificate_type}` as 't_organisation') },
          { name: t('state'), show: (row) => <Badge tone={toneOf(row.state)}>{stateWord(row)}</Badge> },
          { name: t('since'), show: (row) => moment(row.state_since) },
          { name: t('submitted'), show: (row) => moment(row.submitted_at) || '—' },
          { name: t('reviewer'), show: (row) => row.reviewer || '—' },
        ]} />
      </section>
    </Page>
  );
}
