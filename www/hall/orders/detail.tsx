// One order: where it stands, why, and what its owner may do; buttons are the allowed actions.
import { useEffect, useRef, useState } from 'preact/hooks';
import actions from 'defs:action';
import bankReasons from 'defs:reason-bank';
import materials from 'defs:material';
import { follow, get, newKey, post } from '../../shared/api';
import { Around, Badge, describe, Notice } from '../../shared/kit';
import { focusMain, go } from '../../shared/route';
import { Bill } from '../bill';
import { pathOf, toneOf, useOrder, wordsOf, type Order, type OrderHandle } from '../order';
import { Page } from '../shell';
import { moment, of, t, yuan, type Word } from '../text';
import { Account } from './account';
import { Facts } from './facts';
import { InvoiceFacts, InvoiceLink, useInvoice, type Invoice } from './invoice';

interface Event_ { at: string; type: string; label: string; detail: string | null }

/** Pages that an action leads to; the others happen here. */
const LEADS: Record<string, (no: string) => string> = {
  edit_form: (no) => `/apply/order?no=${no}&step=form`, confirm_form: () => '', confirm_documents: () => '', resubmit: (no) => `/apply/order?no=${no}&step=resubmit`,
  print_forms: (no) => `/apply/order?no=${no}&step=print`, upload_documents: (no) => `/apply/order?no=${no}&step=documents`, start_identity_check: (no) => `/apply/order?no=${no}&step=identity`,
  request_manual_identity_check: () => '', pay: (no) => `/apply/order?no=${no}&step=payment`, submit_voucher: (no) => `/apply/order?no=${no}&step=payment`, reopen_form: () => '',
  change_bank_account: (no) => `/orders/order?no=${no}&do=bank`, confirm_delivery: (no) => `/orders/order?no=${no}&do=delivery`, cancel: (no) => `/orders/order?no=${no}&do=cancel`, name_refund_account: (no) => `/orders/order?no=${no}&do=refund`, track_shipment: () => '#parcel',
};
/** What a deadline means where it does not end the order. */
const DEADLINES: Record<string, Word> = { delivered: 'deadlineConfirm', bank_verification_failed: 'deadlineBank' };
const FILES: Record<string, [string, string]> = { download_certificate: ['certificate', '.pem'], download_receipt: ['receipt', ''] };

function Actions({ order, invoice }: { order: Order; invoice: Invoice | null }) {
  const no = order.order_no;
  const links = order.allowed_actions.filter((name) => FILES[name] || LEADS[name]?.(no));
  // paying and handing in a voucher are one page
  const shown = links.filter((name) => !(name === 'submit_voucher' && links.includes('pay')));
  shown.sort((a, b) => Number(a === 'cancel') - Number(b === 'cancel')); // what ends it all comes last
  if (!shown.length && !invoice?.has_file) return null;
  return (
    <div class="buttons acts">
      {shown.map((name, i) => (FILES[name]
        ? <a key={name} class="button second" download={`${no}-${FILES[name][0]}${FILES[name][1]}`} href={`/api/v1${pathOf(no)}/${FILES[name][0]}`}>{of(actions[name])}</a>
        : <a key={name} class={`button${name === 'cancel' ? ' danger' : i ? ' second' : ''}`} href={LEADS[name](no)}>{of(actions[name])}</a>))}
      <InvoiceLink order={order} invoice={invoice} />
    </div>
  );
}

function Reasons({ order }: { order: Order }) {
  const reasons = order.rejection?.reasons ?? [];
  if (order.state !== 'returned' || !reasons.length) return null;
  const where = (target: string) => (target.startsWith('documents') ? `&step=documents` : target === 'identity' ? '&step=identity' : '&step=form');
  const name = (target: string) => (target.startsWith('documents/') ? of(materials[target.slice(10)] ?? { zh: target, en: target }) : target === 'identity' ? t('step5') : t('step2'));
  return (
    <section class="why" aria-labelledby="why">
      <h2 id="why">{t('returnedTitle', { n: reasons.length })}</h2>
      <ol>{reasons.map((reason) => <li key={reason.target + reason.code}><b>{name(reason.target)}</b>：{reason.text} <a href={`/apply/order?no=${order.order_no}${where(reason.target)}`}>{t('correct')}<span class="unseen"> {reason.text}</span></a></li>)}</ol>
    </section>
  );
}

/** A sentence of one's own. */
function Why({ label, value, onValue, problem }: { label: string; value: string; onValue: (value: string) => void; problem: string }) {
  return (
    <Around id="reason" label={label} required error={problem}>
      <textarea id="reason" rows={3} maxLength={200} value={value} aria-required {...describe({ id: 'reason', error: problem })} onInput={(event) => onValue(event.currentTarget.value)} />
    </Around>
  );
}

function Cancel({ handle }: { handle: OrderHandle }) {
  const { order } = handle;
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const key = useRef(newKey());
  const back = `/orders/order?no=${order.order_no}`;
  const send = async (event: Event) => {
    event.preventDefault();
    if (!reason.trim()) return setProblem(t('needReason'));
    try {
      handle.set(await post<Order>(`${pathOf(order.order_no)}/cancellation`, { reason: reason.trim() }, { key: key.current }));
      go(back, { replace: true });
    } catch (error) {
      key.current = newKey();
      setProblem(wordsOf(error));
    }
  };
  return (
    <form class="card" noValidate onSubmit={send} aria-labelledby="cancel">
      <h2 id="cancel">{t('cancelTitle')}</h2>
      <p>{t('cancelText')}</p>
      <div class="stacked">
        <Why label={t('cancelReason')} value={reason} onValue={setReason} problem={problem} />
        <div class="buttons"><button type="submit" class="button danger">{t('cancelSure')}</button><a class="button second" href={back}>{t('cancelNot')}</a></div>
      </div>
    </form>
  );
}

function Delivery({ handle }: { handle: OrderHandle }) {
  const { order } = handle;
  const [bad, setBad] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState('');
  const back = `/orders/order?no=${order.order_no}`;
  const send = async (received: boolean) => {
    setTried(!received);
    if (!received && !reason.trim()) return;
    try {
      handle.set(await post<Order>(`${pathOf(order.order_no)}/delivery-confirmation`, received ? { received } : { received, reason: reason.trim() }));
      go(back, { replace: true });
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <section class="card" aria-labelledby="delivery">
      <h2 id="delivery">{t('deliveryTitle')}</h2>
      <p>{t('deliveryText')}</p>
      <div class="buttons"><button type="button" class="button" onClick={() => send(true)}>{t('deliveryYes')}</button><button type="button" class="button second" aria-expanded={bad} onClick={() => setBad(!bad)}>{t('deliveryNo')}</button></div>
      {bad && (
        <form class="stacked" noValidate onSubmit={(event) => { event.preventDefault(); void send(false); }}>
          <Why label={t('deliveryReason')} value={reason} onValue={setReason} problem={tried && !reason.trim() ? t('needReason') : ''} />
          <div class="buttons"><button type="submit" class="button danger">{t('deliverySend')}</button></div>
        </form>
      )}
      <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
    </section>
  );
}

function Parts({ order }: { order: Order }) {
  const { certificate, shipment, bank_verification: bank, documents, refunds } = order;
  return (
    <>
      {bank && <Facts title={t('bankTitle')} lines={[[t('state'), t(`b_${bank.state}` as Word)], [t('bankTail'), bank.account_tail], [t('bankAttempt'), t('bankAttemptN', { n: bank.attempt })], [t('at'), moment(bank.finished_at ?? bank.submitted_at)], [t('reason'), bank.reason && of(bankReasons[bank.reason] ?? { zh: bank.reason, en: bank.reason })]]} />}
      {certificate && <Facts wide title={t('certificate')} lines={[[t('serial'), <code>{certificate.serial.toUpperCase()}</code>], [t('certSubject'), certificate.subject], [t('valid'), `${moment(certificate.not_before, { time: false })} — ${moment(certificate.not_after, { time: false })}`]]} />}
      {shipment && (
        <Facts id="parcel" title={t('parcel')} lines={[[t('carrier'), shipment.carrier === 'sf' ? t('carrierSf') : shipment.carrier], [t('trackingNo'), shipment.tracking_no], [t('sentAt'), moment(shipment.sent_at)], [t('signedAt'), moment(shipment.signed_at)], [t('reason'), shipment.exception_reason]]}>
          {shipment.events.length > 0 && <ol class="timeline">{shipment.events.slice().reverse().map((event, i) => <li key={event.at + event.remark} class={i ? undefined : 'latest'}><time>{moment(event.at)}</time><b>{event.remark}</b>{event.place && <span>{event.place}</span>}</li>)}</ol>}
        </Facts>
      )}
      {refunds.length > 0 && <Facts title={t('refunds')} lines={refunds.map((refund) => [moment(refund.at), t('refundLine', { amount: yuan(refund.amount_fen), state: t(`r_${refund.state}` as Word) })])} />}
      {documents.length > 0 && <section class="card"><h2>{t('documents')}</h2><ul class="files">{documents.map((scan) => <li key={scan.kind}><a href={`/api/v1${pathOf(order.order_no)}/documents/${scan.kind}`} target="_blank" rel="noopener">{of(materials[scan.kind] ?? { zh: scan.kind, en: scan.kind })}</a><span>{moment(scan.uploaded_at)}</span></li>)}</ul></section>}
    </>
  );
}

function Timeline({ order }: { order: Order }) {
  const [events, setEvents] = useState<Event_[]>([]);
  useEffect(() => { get<{ items: Event_[] }>(`${pathOf(order.order_no)}/events`).then(({ data }) => setEvents(data.items), () => undefined); }, [order.updated_at, order.state]);
  return (
    <section class="card" aria-labelledby="line">
      <h2 id="line">{t('timeline')}</h2>
      <ol class="timeline">{events.slice().reverse().map((event, i) => <li key={event.at + event.type} class={i ? '' : `latest ${toneOf(order.state)}`}><time>{moment(event.at)}</time><b>{event.label}</b>{event.detail && <span>{event.detail}</span>}</li>)}</ol>
    </section>
  );
}

function Body({ handle, todo }: { handle: OrderHandle; todo: string | null }) {
  const { order } = handle;
  const [named, setNamed] = useState(false);
  const invoice = useInvoice(order);
  const did = useRef<string | null>(null);
  const can = (name: string) => order.allowed_actions.includes(name);
  useEffect(() => {
    const stop = new AbortController();
    follow<Order>(pathOf(order.order_no), stop.signal, (now) => handle.set({ data: now, etag: handle.etag, status: 200 })).catch(() => undefined);
    return () => stop.abort();
  }, [order.order_no]);
  useEffect(() => {
    if (todo || did.current) focusMain();
    did.current = todo;
  }, [todo]);
  return (
    <div class="order">
      <div>
        <section class="card status">
          <p role="status"><Badge tone={toneOf(order.state)}>{order.state_label}</Badge> <span>{t(`w_${order.state}` as Word)}</span></p>
          {order.promised_at && toneOf(order.state) === 'info' && <p class="hint">{t('promised', { date: moment(order.promised_at, { time: false }) })}</p>}
          {order.deadline_at && <p class="hint">{t(DEADLINES[order.state] ?? 'deadline', { date: moment(order.deadline_at, { time: false }) })}</p>}
          {order.close_reason && <p>{t('reason')}：{order.close_reason}</p>}
          <Reasons order={order} />
          <Actions order={order} invoice={invoice} />
        </section>
        {todo === 'cancel' && can('cancel') && <Cancel handle={handle} />}
        {todo === 'delivery' && can('confirm_delivery') && <Delivery handle={handle} />}
        {todo === 'bank' && can('change_bank_account') && <Account handle={handle} path="bank-account" title="bankTitle" text="bankText" done={() => undefined} />}
        {todo === 'refund' && can('name_refund_account') && <Account handle={handle} path="refund-account" title="refundTitle" text="refundText" done={() => setNamed(true)} />}
        {named && <Notice tone="good" live>{t('refundNamed')}</Notice>}
        <section class="card"><h2>{t('billTitle')}</h2><Bill order={order} /></section>
        <InvoiceFacts invoice={invoice} />
        <Parts order={order} />
      </div>
      <Timeline order={order} />
    </div>
  );
}

export function Detail({ query }: { query: URLSearchParams }) {
  const orderNo = query.get('no') ?? '';
  const { handle, problem } = useOrder(orderNo);
  return (
    <Page title={`${t('order')} ${orderNo}`} aside={<a href="/orders">{t('navOrders')}</a>}>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {handle ? <Body handle={handle} todo={query.get('do')} /> : !problem && <p class="loading" role="status">{t('loading')}</p>}
    </Page>
  );
}
