// The wizard of one order: which step the order's state allows, and the ways back.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { Notice, Steps } from '../../shared/kit';
import { go } from '../../shared/route';
import { pathOf, stepNames, useOrder, useProjects, wordsOf, type Order, type OrderHandle } from '../order';
import { Page } from '../shell';
import { moment, t } from '../text';
import { Resubmit } from './correction';
import { FormStep } from './form';

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

type Papers = typeof import('../papers');

/** The steps after the form, whose code comes when the first of them is reached. */
function usePapers(wanted: boolean): { papers: Papers | null; failed: boolean } {
  const [papers, setPapers] = useState<Papers | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => { if (wanted && !papers) import('../papers').then((part) => setPapers(part), () => setFailed(true)); }, [wanted]);
  return { papers, failed };
}

const ON_PAPER: Step[] = ['print', 'documents', 'identity', 'payment'];

function Body({ handle, wanted, orderNo }: { handle: OrderHandle; wanted: string | null; orderNo: string }) {
  const { order } = handle;
  const steps = stepsOf(order);
  const step = steps.find((name) => name === wanted) ?? steps[0];
  const { papers, failed } = usePapers(ON_PAPER.includes(step));
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
  useEffect(() => { document.getElementById('main')?.focus({ preventScroll: true }); scrollTo(0, 0); }, [step, order.state]);
  return (
    <>
      <Steps label={t('progress')} names={stepNames()} current={NUMBER[step]} done={t('done')} />
      {order.state === 'returned' && step !== 'resubmit' && <Notice tone="bad">{t('returnedNote')}{(order.rejection?.reasons ?? []).map(({ text }) => text).join('；')}</Notice>}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {step === 'form' && <FormStep key={orderNo} handle={handle} onDone={next} />}
      {step === 'print' && papers && <papers.PrintStep handle={handle} onDone={next} onBack={order.state === 'returned' ? prev : canReopen ? reopen : undefined} />}
      {step === 'documents' && papers && <papers.DocumentsStep handle={handle} onDone={next} onPrint={() => to('print')} />}
      {step === 'identity' && papers && <papers.IdentityStep handle={handle} onDone={next} />}
      {step === 'payment' && papers && <papers.PaymentStep handle={handle} />}
      {ON_PAPER.includes(step) && !papers && (failed ? <Notice tone="bad" live>{t('loadFailed')} <button type="button" class="quiet" onClick={() => location.reload()}>{t('retry')}</button></Notice> : <p class="loading" role="status">{t('loading')}</p>)}
      {step === 'result' && <Result order={order} />}
      {step === 'resubmit' && <Resubmit handle={handle} back={prev} />}
      {canReopen && step !== 'print' && <p class="below"><button type="button" class="quiet" onClick={reopen}>{t('backToEdit')}</button> {t('backToEditText')}</p>}
    </>
  );
}

export default function Work({ query }: { query: URLSearchParams }) {
  const orderNo = query.get('no') ?? '';
  const { handle, problem } = useOrder(orderNo);
  const { projects } = useProjects();
  const name = projects.find(({ project }) => project === handle?.order.project)?.name ?? '';
  return (
    <Page title={name ? `${name} · ${t('applyNew')}` : t('applyNew')} aside={<span class="no">{t('billNo')} {orderNo}</span>}>
      {problem && <Notice tone="bad" live>{problem} <a href="/orders">{t('navOrders')}</a></Notice>}
      {handle ? <Body handle={handle} wanted={query.get('step')} orderNo={orderNo} /> : !problem && <p class="loading" role="status">{t('loading')}</p>}
    </Page>
  );
}
