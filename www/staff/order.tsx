// One order as every role may see it: where it stands and everything that has happened to it.
import type { ComponentChildren } from 'preact';
import banks from 'defs:reason-bank';
import parcels from 'defs:reason-parcel';
import { Badge, Notice } from '../shared/kit';
import { toneOf } from '../shared/state';
import { freshPapers, isInReview, papersOf, waitsForReview, api, type Desk } from './order/data';
import { FormView } from './order/form';
import { Notes } from './order/notes';
import { PapersOnDemand } from './order/papers';
import { code, t } from './order/text';
import { Facts, useData, type Line } from './parts';
import { has } from './session';
import { Page } from './shell';
import { stateWord } from './state';
import { moment, of, yuan } from './text';

const money = (fen: number | null | undefined): string => (fen === null || fen === undefined ? '' : t('yuan', { n: yuan(fen) }));

/** The words of a coded reason. */
const reason = (list: typeof banks, name: string): string => (list[name] ? of(list[name]) : name);

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="card"><h2>{title}</h2>{children}</section>;
}

/** Several things of one kind, each as a list of facts. */
function Each({ items }: { items: Line[][] }) {
  return <>{items.map((lines, i) => <div key={i} class="each"><Facts lines={lines} /></div>)}</>;
}

function Timeline({ order }: { order: Desk }) {
  return (
    <section class="card" aria-label={t('timeline')}>
      <h2>{t('timeline')}</h2>
      <ol class="timeline">{order.events.slice().reverse().map((event, i) => <li key={event.at + event.type} class={i ? '' : `latest ${toneOf(order.state)}`}><time>{moment(event.at)}</time><b>{event.label}</b>{event.detail && <span>{event.detail}</span>}</li>)}</ol>
    </section>
  );
}

function Parts({ order }: { order: Desk }) {
  const { bank_verification: bank, certificate, shipment, identity } = order;
  return (
    <>
      {identity && <Part title={t('identity')}><Facts lines={[[t('idKind'), code('i_', identity.kind)], [t('state'), code('i_', identity.state)], [t('score'), identity.score], [t('phoneMatch'), identity.phone_match && code('pm_', identity.phone_match)],
        [t('decided'), moment(identity.decided_at)], [t('manualNote'), identity.manual_note]]} /></Part>}
      {(order.payments.length > 0 || order.refunds.length > 0) && (
        <Part title={t('payments')}>
          <Each items={order.payments.map((payment): Line[] => [[t('method'), code('m_', payment.method)], [t('state'), code('p_', payment.state)], [t('amount'), money(payment.amount_fen)], [t('received'), money(payment.received_fen)],
            [t('purpose'), payment.purpose !== 'order' && code('u_', payment.purpose)], [t('tradeNo'), payment.out_trade_no], [t('payer'), payment.payer_name], [t('transferredOn'), payment.transferred_on], [t('at'), moment(payment.at)]])} />
          <Each items={order.refunds.map((refund): Line[] => [[t('refunds'), money(refund.amount_fen)], [t('state'), code('x_', refund.state)], [t('at'), moment(refund.at)]])} />
        </Part>
      )}
      {bank && <Part title={t('bank')}><Facts lines={[[t('state'), code('b_', bank.state)], [t('tail'), bank.account_tail], [t('attempt'), bank.attempt], [t('at'), moment(bank.finished_at ?? bank.submitted_at)], [t('reason'), bank.reason && reason(banks, bank.reason)]]} /></Part>}
      {certificate && <Part title={t('certificate')}><Facts lines={[[t('serial'), <code>{certificate.serial.toUpperCase()}</code>], [t('state'), code('c_', certificate.status)], [t('subject'), certificate.subject],
        [t('valid'), `${moment(certificate.not_before, { time: false })} — ${moment(certificate.not_after, { time: false })}`]]} /></Part>}
      {shipment && (
        <Part title={t('shipment')}>
          <Facts lines={[[t('carrier'), code('carrier_', shipment.carrier)], [t('trackingNo'), shipment.tracking_no], [t('state'), code('h_', shipment.state)], [t('sent'), moment(shipment.sent_at)], [t('signed'), moment(shipment.signed_at)], [t('reason'), shipment.exception_reason && reason(parcels, shipment.exception_reason)]]} />
          {shipment.events.length > 0 && <ol class="timeline">{shipment.events.map((event) => <li key={event.at + event.remark}><time>{moment(event.at)}</time><b>{event.remark}</b>{event.place && <span>{event.place}</span>}</li>)}</ol>}
        </Part>
      )}
      {order.reviews.length > 0 && <Part title={t('reviews')}><Each items={order.reviews.map((review): Line[] => [[t('verdict'), `${code('y_', review.verdict)}${review.void ? `（${t('void')}）` : ''}`], [t('stage'), t(review.stage === 2 ? 'stage2' : 'stage1')],
        [t('staff'), review.staff], [t('at'), moment(review.at)], [t('note'), review.note], [t('reason'), review.reasons?.map(({ text }) => text).join('；')]])} /></Part>}
      {order.duplicates.length > 0 && <Part title={t('duplicates')}><ul class="plainlist">{order.duplicates.map((other) => <li key={other.order_no}><a href={`/orders/order?no=${other.order_no}`}>{other.order_no}</a> {other.subject_name} · {t(other.same_subject ? 'sameSubject' : 'samePerson')} · {moment(other.created_at, { time: false })}</li>)}</ul></Part>}
      {order.messages.length > 0 && <Part title={t('messages')}><ul class="plainlist">{order.messages.map((message, i) => <li key={i}><span class="soft">{moment(message.at)} {message.phone} · {code('s_', message.state)}{message.failure ? ` · ${message.failure}` : ''}</span><br />{message.text}</li>)}</ul></Part>}
    </>
  );
}

function Body({ order, onChange }: { order: Desk; onChange: (order: Desk) => void }) {
  const kinds = has('reviewer', 'administrator') ? papersOf(order) : has('finance') ? papersOf(order).filter((kind) => kind === 'payment_voucher') : [];
  return (
    <div class="orderPage">
      <div>
        <section class="card">
          <Facts lines={[[t('state'), <Badge tone={toneOf(order.state)}>{stateWord(order)}</Badge>], [t('type'), `${t(`t_${order.certificate_type}`)} · ${t('yearsN', { n: order.years })}`], [t('fees'), money(order.fees.total_fen)], [t('project'), of({ zh: order.names['/project'] ?? order.project, en: order.names['/project/en'] ?? order.project })],
            [t('created'), moment(order.created_at)], [t('submitted'), moment(order.submitted_at)], [t('promised'), moment(order.promised_at)], [t('deadline'), moment(order.deadline_at)], [t('returnedTimes'), order.returned_times || ''],
            [t('secondReview'), order.second_review && t('yes')], [t('reviewer'), order.reviewer], [t('closeReason'), order.close_reason]]} />
        </section>
        {order.rejection && order.state === 'returned' && <Part title={t('reason')}><ul class="plainlist">{order.rejection.reasons.map((reason) => <li key={reason.target + reason.code}>{reason.text}</li>)}</ul></Part>}
        <Part title={t('application')}><FormView order={order} changes={order.returned_times > 0} /></Part>
        {kinds.length > 0 && <Part title={t('documents')}><PapersOnDemand order={order} kinds={kinds} fresh={freshPapers(order)} /></Part>}
        <Parts order={order} />
      </div>
      <div><Notes order={order} onChange={onChange} /><Timeline order={order} /></div>
    </div>
  );
}

export default function Order({ query }: { query: URLSearchParams }) {
  const no = query.get('no') ?? '';
  const { data: order, problem, set } = useData<Desk>(api(no));
  const canReview = order && has('reviewer', 'administrator') && (waitsForReview(order.state) || isInReview(order.state));
  return (
    <Page title={`${t('order')} ${no}`} aside={<div class="marks">{canReview && <a class="button small" href={`/reviews/order?no=${encodeURIComponent(no)}`}>{t('goReview')}</a>}<a href="/orders">{t('toOrders')}</a></div>}>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {order ? <Body key={order.order_no} order={order} onChange={set} /> : !problem && <p class="loading" role="status">{t('loadingOrder')}</p>}
    </Page>
  );
}
