// 统计: what was handed in, decided, made and paid in a span of days, and where everything stands now.
import type { ComponentChildren } from 'preact';
import states from 'defs:state';
import { Notice } from '../../shared/kit';
import { day, money, Span, turn } from '../control/acts';
import { download } from '../control/csv';
import { t as common } from '../control/text';
import { useData } from '../parts';
import { Page } from '../shell';
import { of } from '../text';
import { Bars, Columns } from './chart';
import { t } from './text';

interface Day { day: string; is_working: boolean; submitted: number; approved: number; returned: number; denied: number; late: number; issued: number; received_fen: number; refunded_fen: number }
interface Figures {
  orders_by_state: Record<string, number>; certificates_issued: number; days: Day[]; waiting: { count: number; alarmed: number; overdue: number };
  decisions: { count: number; approved: number; returned: number; denied: number; median_minutes: number; p90_minutes: number; within_alarm: number; within_promise: number; late: number; alarm_minutes: number };
  return_reasons: { code: string; text: string; count: number }[];
  money: { received_fen: number; refunded_fen: number; by_method: { method: string; payments: number; received_fen: number; refunds: number; refunded_fen: number }[] };
}
interface Answer { from: string; to: string; figures: Figures }
type Cells = (string | number)[][];

const yuan = (fen: number) => fen / 100;
const short = (name: string) => name.slice(5).replace('-', '/');
const sum = (days: Day[], member: 'submitted' | 'issued') => days.reduce((all, row) => all + row[member], 0);

/** Working minutes in words; two working days are alarm_minutes. */
function timeOf(minutes: number, alarm: number): string {
  const whole = alarm / 2, days = Math.floor(minutes / whole), rest = minutes - days * whole;
  if (days) return t('daysHours', { d: days, h: (rest / 60).toFixed(1) });
  return minutes < 60 ? t('minutes', { n: minutes }) : t('hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

function Figure({ id, title, file, cells, lead, table, children }: { id: string; title: string; file: string; cells: Cells; lead?: string; table?: boolean; children: ComponentChildren }) {
  const [head, ...rows] = cells;
  return (
    <section class="card figure" aria-labelledby={id}>
      <div class="cardHead"><h2 id={id}>{title}</h2><button type="button" class="button second small" onClick={() => download(`${file}.csv`, cells)}>{t('exportCsv')}<span class="unseen"> {title}</span></button></div>
      {lead && <p class="lead">{lead}</p>}
      {children}
      {table && (
        <details><summary>{t('table')}</summary><div class="scroller" role="region" aria-label={`${title} ${t('table')}`} tabIndex={0}><table class="table plainTable">
          <caption class="unseen">{title}</caption>
          <thead><tr>{head.map((name, i) => <th key={name} scope="col" class={i ? 'right' : ''}>{name}</th>)}</tr></thead>
          <tbody>{rows.map((row) => <tr key={row[0]}>{row.map((value, i) => (i ? <td key={i} class="right">{value}</td> : <th key={i} scope="row">{value}</th>))}</tr>)}</tbody>
        </table></div></details>
      )}
    </section>
  );
}

function Tiles({ figures }: { figures: Figures }) {
  const { days, decisions, waiting, money: sums } = figures;
  const rate = decisions.count ? Math.round((100 * decisions.returned) / decisions.count) : 0;
  const late = [waiting.overdue && t('overdue', { n: waiting.overdue }), waiting.alarmed && t('alarmed', { n: waiting.alarmed })].filter(Boolean).join('，');
  const count = (member: 'payments' | 'refunds') => sums.by_method.reduce((all, row) => all + row[member], 0);
  return (
    <div class="tiles3">
      <div><span>{t('submitted')}</span><b>{sum(days, 'submitted')}</b></div>
      <div><span>{t('decided')}</span><b>{decisions.count}</b><i>{t('returnRate', { rate })}</i></div>
      <div><span>{t('issued')}</span><b>{figures.certificates_issued}</b></div>
      <div><span>{t('received')}</span><b>{money(sums.received_fen)}</b><i>{t('paymentsN', { n: count('payments') })}</i></div>
      <div><span>{t('refunded')}</span><b>{money(sums.refunded_fen)}</b><i>{t('refundsN', { n: count('refunds') })}</i></div>
      <div class={waiting.overdue ? 'bad' : waiting.alarmed ? 'warn' : 'good'}><span>{t('waiting')}</span><b>{waiting.count}</b><i>{late || t('inTime')}</i></div>
    </div>
  );
}

function All({ answer }: { answer: Answer }) {
  const { figures, from, to } = answer;
  const { days, decisions, return_reasons: reasons, money: sums } = figures;
  const names = days.map((row) => short(row.day));
  const of_ = (member: keyof Day) => days.map((row) => Number(row[member]));
  const file = (name: string) => `${name}-${from}-${to}`;
  const dayCells: Cells = [[t('day'), t('working'), t('submitted'), t('approved'), t('returned'), t('denied'), t('late'), t('issued'), t('received'), t('refunded')],
    ...days.map((row) => [row.day, row.is_working ? common('yes') : common('no'), row.submitted, row.approved, row.returned, row.denied, row.late, row.issued, yuan(row.received_fen), yuan(row.refunded_fen)])];
  const some = (...columns: number[]): Cells => dayCells.map((row) => columns.map((i) => row[i]));
  const now = Object.entries(figures.orders_by_state).sort((a, b) => b[1] - a[1]).map(([code, value]) => ({ key: code, name: states[code] ? of(states[code]) : code, value }));
  return (
    <>
      <Tiles figures={figures} />
      <div class="charts">
        <Figure id="by-day" title={t('submittedTitle')} file={file(t('fileDays'))} cells={dayCells} table><Columns label={t('submittedTitle')} names={names} series={[{ name: t('submitted'), values: of_('submitted'), tone: 'blue' }]} /></Figure>
        <Figure id="verdicts" title={t('decisionsTitle')} file={file(t('fileVerdicts'))} cells={some(0, 3, 4, 5, 6)} table>
          <Columns label={t('decisionsTitle')} names={names} series={[{ name: t('approved'), values: of_('approved'), tone: 'green' }, { name: t('returned'), values: of_('returned'), tone: 'amber' }, { name: t('denied'), values: of_('denied'), tone: 'red' }]} />
        </Figure>
        <Figure id="times" title={t('timesTitle')} file={file(t('fileTimes'))} lead={t('timesText')} cells={[[t('time'), t('count')], [t('within2'), decisions.within_alarm], [t('within3'), decisions.within_promise], [t('over3'), decisions.late], [t('median'), timeOf(decisions.median_minutes, decisions.alarm_minutes)], [t('p90'), timeOf(decisions.p90_minutes, decisions.alarm_minutes)]]}>
          {decisions.count ? <>
            <div class="tiles3"><div><span>{t('median')}</span><b>{timeOf(decisions.median_minutes, decisions.alarm_minutes)}</b></div><div><span>{t('p90')}</span><b>{timeOf(decisions.p90_minutes, decisions.alarm_minutes)}</b></div></div>
            <Bars label={t('timesTitle')} head={[t('time'), t('count')]} rows={[{ key: '2', name: t('within2'), value: decisions.within_alarm, tone: 'green' }, { key: '3', name: t('within3'), value: decisions.within_promise, tone: 'amber' }, { key: 'late', name: t('over3'), value: decisions.late, tone: 'red' }]} />
          </> : <p class="empty">{t('noDecisions')}</p>}
        </Figure>
        <Figure id="reasons" title={t('reasonsTitle')} file={file(t('fileReasons'))} cells={[[t('reason'), t('count')], ...reasons.map((row) => [row.text, row.count])]}>
          {reasons.length ? <Bars label={t('reasonsTitle')} head={[t('reason'), t('count')]} rows={reasons.slice(0, 12).map((row) => ({ key: row.code, name: row.text, value: row.count, tone: 'amber' }))} /> : <p class="empty">{t('noReasons')}</p>}
        </Figure>
        <Figure id="money" title={t('moneyTitle')} file={file(t('fileMoney'))} cells={some(0, 8, 9)} table>
          <Columns label={t('moneyTitle')} names={names} apart show={(value) => value.toLocaleString('en-US')} series={[{ name: t('received'), values: of_('received_fen').map(yuan), tone: 'blue' }, { name: t('refunded'), values: of_('refunded_fen').map(yuan), tone: 'amber' }]} />
        </Figure>
        <Figure id="methods" title={t('methodsTitle')} file={file(t('fileMethods'))} cells={[[t('method'), t('payments'), t('received'), t('refunds'), t('refunded')], ...sums.by_method.map((row) => [common(row.method as 'alipay'), row.payments, yuan(row.received_fen), row.refunds, yuan(row.refunded_fen)])]}>
          {sums.by_method.length ? <Bars label={t('methodsTitle')} head={[t('method'), t('received')]} rows={sums.by_method.map((row) => ({ key: row.method, name: common(row.method as 'alipay'), value: row.received_fen }))} show={money} /> : <p class="empty">{t('noMoney')}</p>}
        </Figure>
        <Figure id="now" title={t('statesTitle')} file={file(t('fileStates'))} cells={[[t('stateNow'), t('count')], ...now.map((row) => [row.name, row.value])]}><Bars label={t('statesTitle')} head={[t('stateNow'), t('count')]} rows={now} /></Figure>
      </div>
    </>
  );
}

const monthStart = (later: number): string => {
  const [year, month] = day().split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + later, 1)).toISOString().slice(0, 10);
};
const before = (iso: string) => new Date(Date.parse(iso) - 86_400_000).toISOString().slice(0, 10);

export default function Statistics({ query }: { query: URLSearchParams }) {
  const from = query.get('from') ?? day(-29), to = query.get('to') ?? day();
  const { data, problem } = useData<Answer>(`/statistics?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
  const look = (first: string, last: string) => turn(query, { from: first, to: last });
  const usual: [string, string, string][] = [[t('week'), day(-6), day()], [t('month'), day(-29), day()], [t('thisMonth'), monthStart(0), day()], [t('lastMonth'), monthStart(-1), before(monthStart(0))], [t('year'), day(-365), day()]];
  return (
    <Page title={t('navStatistics')}>
      <section class="card span">
        <Span key={from + to} from={from} to={to} look={look}>
          <div class="usual" role="group" aria-label={t('spans')}>{usual.map(([name, first, last]) => <button key={name} type="button" class="button second small" aria-pressed={first === from && last === to} onClick={() => look(first, last)}>{name}</button>)}</div>
        </Span>
      </section>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {!data && !problem && <p class="loading" role="status">{t('loading')}</p>}
      {data && <All answer={data} />}
    </Page>
  );
}
