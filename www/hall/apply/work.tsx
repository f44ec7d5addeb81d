// The wizard of one order: which step the order's state allows, and the ways back.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { Notice, Steps } from '../../shared/kit';
import { focusMain, go } from '../../shared/route';
import { pathOf, stepNames, useOrder, wordsOf, type Order, type OrderHandle } from '../order';
import { Page } from '../shell';
import { later, moment, t } from '../text';
import { FormFromLast } from './earlier';
import { PrintStep } from './print';

type Step = 'form' | 'print' | 'documents' | 'identity' | 'payment' | 'result' | 'resubmit';
const NUMBER: Record<Step, number> = { form: 1, print: 2, documents: 3, identity: 4, payment: 5, result: 6, resubmit: 6 };

function stepsOf(order: Order): Step[] {
  switch (order.state) {
    case 'draft': return ['form'];
    case 'awaiting_documents': return ['print', 'documents'];
    case 'awaiting_identity': return ['identity'];
    case 'awaiting_payment': return ['payment'];
    case 'awaiting_funds': return order.allowed_actions.includes('submit_voucher') ? ['payment'] : ['result'];
    case 'returned': return ['form', 'print', 'documents', ...(order.allowed_actions.includes('start_identity_check') ? ['identity' as Step] : []), 'resubmit'];
    default: return ['result'];
  }
}

function Result({ order }: { order: Order }) {
  const transfer = order.payment?.method === 'bank_transfer';
  return (
    <div class="card work result">
      <span class="tickmark" aria-hidden="true">✓</span>
      <h2>{t('resultTitle')}</h2>
      <p>{t('billNo')}：<b>{order.order_no}</b></p>
      <p>{t(transfer ? 'resultTransfer' : 'resultOnline')}</p>
      {order.promised_at && <p>{t('resultPromised', { date: moment(order.promised_at, { time: false }) })}</p>}
      <Notice>{t('resultPin')}</Notice>
      <div class="buttons"><a class="button" href={`/orders/order?no=${order.order_no}`}>{t('followOrder')}</a><a class="button second" href="/">{t('toHome')}</a></div>
    </div>
  );
}

interface Parts { form?: typeof import('../form'); papers?: typeof import('../papers'); correction?: typeof import('../correction') }
const LOADS: { [name in keyof Parts]-?: () => Promise<Parts[name]> } = { form: () => import('../form'), papers: () => import('../papers'), correction: () => import('../correction') };
const had: Parts = {};

/** The parts of these names, whose code comes when it is needed first. */
function useParts(wanted: (keyof Parts)[]): { parts: Parts | null; failed: boolean } {
  const [, drawn] = useState(0);
  const [failed, setFailed] = useState(false);
  const missing = wanted.filter((name) => !had[name]);
  useEffect(() => {
    if (missing.length) later(Promise.all(missing.map(async (name) => Object.assign(had, { [name]: await LOADS[name]() })))).then(() => drawn((n) => n + 1), () => setFailed(true));
  }, [missing.join()]);
  return { parts: missing.length ? null : had, failed };
}

function partsOf(step: Step, order: Order): (keyof Parts)[] {
  if (step === 'result' || step === 'print') return [];
  if (step === 'resubmit') return ['correction'];
  return step !== 'form' ? ['papers'] : order.state === 'returned' ? ['form', 'correction'] : ['form'];
}

function Body({ handle, wanted, orderNo }: { handle: OrderHandle; wanted: string | null; orderNo: string }) {
  const { order } = handle;
  const steps = stepsOf(order);
  const step = steps.find((name) => name === wanted) ?? steps[0];
  const { parts, failed } = useParts(partsOf(step, order));
  const [problem, setProblem] = useState('');
  const to = (name?: Step) => go(`/apply/order?no=${orderNo}${name ? `&step=${name}` : ''}`);
  const targets = (order.rejection?.reasons ?? []).map(({ target }) => target);
  /** Of a correction only what the reasons name; what else a change needs is said at its end. */
  const asked = (name: Step) => order.state !== 'returned' || name === 'resubmit' || (name === 'identity' ? steps.includes(name) : name === 'print'
    ? targets.some((target) => /^documents\/(?:application|seal_collection)_form$/.test(target)) : name === 'documents' && targets.some((target) => target.startsWith('documents/')));
  const next = () => to(steps.slice(steps.indexOf(step) + 1).find((name) => asked(name) || (step === 'print' && name === 'documents')));
  const prev = () => to(steps[steps.indexOf(step) - 1]);
  const reopen = async () => {
    try {
      handle.set(await post<Order>(`${pathOf(orderNo)}/form/reopening`));
      to();
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  const canReopen = order.allowed_actions.includes('reopen_form');
  useEffect(() => { focusMain(); scrollTo(0, 0); }, [step, order.state]);
  return (
    <>
      <Steps label={t('progress')} names={stepNames()} current={NUMBER[step]} done={t('done')} />
      {order.state === 'returned' && step !== 'resubmit' && <Notice tone="bad">{t('returnedNote')}{(order.rejection?.reasons ?? []).map(({ text }) => text).join('；')}</Notice>}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {!parts && (failed ? <Notice tone="bad" live>{t('loadFailed')} <button type="button" class="quiet" onClick={() => location.reload()}>{t('retry')}</button></Notice> : <p class="loading" role="status">{t('loading')}</p>)}
      {step === 'form' && parts?.form && <FormFromLast key={orderNo} View={parts.form.FormStep} handle={handle} correction={parts.correction} onDone={next} />}
      {step === 'print' && <PrintStep handle={handle} onDone={next} onBack={order.state === 'returned' ? prev : canReopen ? reopen : undefined} />}
      {step === 'documents' && parts?.papers && <parts.papers.DocumentsStep handle={handle} onDone={next} onPrint={() => to('print')} />}
      {step === 'identity' && parts?.papers && <parts.papers.IdentityStep handle={handle} onDone={next} />}
      {step === 'payment' && parts?.papers && <parts.papers.PaymentStep handle={handle} />}
      {step === 'result' && <Result order={order} />}
      {step === 'resubmit' && parts?.correction && <parts.correction.Resubmit handle={handle} back={prev} />}
      {canReopen && step !== 'print' && <p class="below"><button type="button" class="quiet" onClick={reopen}>{t('backToEdit')}</button> {t('backToEditText')}</p>}
    </>
  );
}

export default function Work({ query }: { query: URLSearchParams }) {
  const orderNo = query.get('no') ?? '';
  const { handle, problem } = useOrder(orderNo);
  const name = handle?.order.project_name;
  return (
    <Page title={name ? `${name} · ${t('applyNew')}` : t('applyNew')} aside={<span class="no">{t('billNo')} {orderNo}</span>}>
      {problem && <Notice tone="bad" live>{problem} <a href="/orders">{t('navOrders')}</a></Notice>}
      {handle ? <Body handle={handle} wanted={query.get('step')} orderNo={orderNo} /> : !problem && <p class="loading" role="status">{t('loading')}</p>}
    </Page>
  );
}
