// 个人中心 → 我的业务单.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../../shared/api';
import { Badge, Notice } from '../../shared/kit';
import { go } from '../../shared/route';
import { toneOf, wordsOf, type OrderRow } from '../order';
import { Page } from '../shell';
import { moment, of, t, yuan, type Word } from '../text';
import actions from 'defs:action';
import states from 'defs:state';

const MINE = Object.entries(states).filter(([, row]) => row.turn === 'APPLICANT').map(([code]) => code);
const OVER = ['completed', 'cancelled', 'expired', 'denied', 'refunded'];
const FILTERS: [string, Word, (state: string) => boolean][] = [
  ['', 'showAll', () => true], ['mine', 'showMine', (state) => MINE.includes(state)], ['under-way', 'showUnderWay', (state) => !MINE.includes(state) && !OVER.includes(state)], ['over', 'showOver', (state) => OVER.includes(state)],
];

/** What the list offers first for an order. */
export function mainAction(row: { order_no: string; allowed_actions: string[] }): { label: string; to: string } {
  const work = `/apply/order?no=${row.order_no}`, detail = `/orders/order?no=${row.order_no}`;
  const can = (name: string) => row.allowed_actions.includes(name);
  if (can('resubmit')) return { label: of(actions.edit_form), to: detail };
  for (const name of ['edit_form', 'upload_documents', 'start_identity_check', 'pay', 'submit_voucher']) if (can(name)) return { label: name === 'edit_form' ? t('goOn') : of(actions[name]), to: work };
  if (can('change_bank_account')) return { label: of(actions.change_bank_account), to: `${detail}&do=bank` };
  return { label: t('look'), to: detail };
}

export default function Orders({ query }: { query: URLSearchParams }) {
  const [rows, setRows] = useState<OrderRow[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const show = query.get('show') ?? '';
  const state = query.get('state') ?? '';
  const q = query.get('q') ?? '';
  const [typed, setTyped] = useState(q);
  const address = (to: { show?: string; state?: string; q?: string }) => {
    const words = Object.entries({ q, ...to }).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return `/orders${words && `?${words}`}`;
  };
  const filter = FILTERS.find(([name]) => name === show) ?? FILTERS[0];
  const load = async (from: string | null) => {
    try {
      const { data } = await get<{ items: OrderRow[]; next_cursor: string | null }>(`/orders?limit=50${state ? `&state=${state}` : ''}${q ? `&q=${encodeURIComponent(q)}` : ''}${from ? `&cursor=${encodeURIComponent(from)}` : ''}`);
      setRows((old) => (from ? [...(old ?? []), ...data.items] : data.items));
      setCursor(data.next_cursor);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  useEffect(() => {
    setTyped(q);
    void load(null);
  }, [state, q]);
  const find = (event: Event) => {
    event.preventDefault();
    go(address({ show, state, q: typed.trim() }));
  };
  const shown = (rows ?? []).filter((row) => filter[2](row.state));
  return (
    <Page title={t('navOrders')} aside={<a class="button" href="/apply">{t('applyNew')}</a>}>
      <div class="card">
        <div class="filters">
          <nav class="tabs" aria-label={t('filter')}>
            {FILTERS.map(([name, word, fits]) => <a key={name} href={address({ show: name })} aria-current={name === filter[0] ? 'true' : undefined}>{t(word)}{rows && !cursor && !state && <span> {rows.filter((row) => fits(row.state)).length}</span>}</a>)}
          </nav>
          <label class="pickState">{t('state')} <select value={state} onChange={(event) => go(address({ state: event.currentTarget.value }))}>
            <option value="">{t('anyState')}</option>{Object.entries(states).map(([code, row]) => <option key={code} value={code}>{of(row)}</option>)}
          </select></label>
        </div>
        <form class="search" role="search" onSubmit={find}>
          <input type="search" class="area" aria-label={t('searchHint')} placeholder={t('searchHint')} maxLength={60} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
          <button type="submit" class="button second small">{t('search')}</button>
          {q && <a href={address({ show, state, q: '' })}>{t('searchAll')}</a>}
        </form>
        {problem && <Notice tone="bad" live>{problem}</Notice>}
        {!rows && !problem && <p class="loading" role="status">{t('loading')}</p>}
        {rows && !shown.length && <div class="empty" role="status"><p>{q ? t('noneFound', { q }) : rows.length || state ? t('noneHere') : t('noOrders')}</p>{!rows.length && !q && !state && <a class="button" href="/apply">{t('heroApply')}</a>}</div>}
        {shown.length > 0 && (
          <table class="orders">
            <caption class="unseen">{t('navOrders')}</caption>
            <thead><tr><th scope="col">{t('billNo')}</th><th scope="col">{t('subject')}</th><th scope="col">{t('certificateType')}</th><th scope="col" class="num">{t('amount')}</th><th scope="col">{t('state')}</th><th scope="col">{t('updated')}</th><th scope="col">{t('action')}</th></tr></thead>
            <tbody>
              {shown.map((row) => {
                const action = mainAction(row);
                return (
                  <tr key={row.order_no}>
                    <th scope="row"><a href={`/orders/order?no=${row.order_no}`}>{row.order_no}</a></th>
                    <td data-name={t('subject')}>{row.subject_name || '—'}</td>
                    <td data-name={t('certificateType')}>{t(`t_${row.certificate_type}` as Word)} {t('yearsN', { n: row.years })}</td>
                    <td data-name={t('amount')} class="num">{yuan(row.total_fen)}</td>
                    <td data-name={t('state')}><Badge tone={toneOf(row.state)}>{row.state_label}</Badge></td>
                    <td data-name={t('updated')}>{moment(row.updated_at)}</td>
                    <td data-name={t('action')}><a href={action.to} aria-label={`${action.label} ${row.order_no}`}>{action.label}</a></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        {cursor && <p class="more"><button type="button" class="button second" onClick={() => load(cursor)}>{t('more')}</button></p>}
      </div>
    </Page>
  );
}
