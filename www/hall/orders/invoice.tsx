// The electronic invoice of an order: how far it is, and its file.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../../shared/api';
import { pathOf, type Order } from '../order';
import { moment, t, yuan, type Word } from '../text';
import { Facts } from './facts';

export interface Invoice {
  state: string; state_label: string; kind: string; title: string; number: string | null; amount_fen: number; tax_fen: number; issued_at: string | null; has_file: boolean; red_number: string | null; red_at: string | null; fault: string | null;
}

const MOVING = ['waiting', 'requested', 'issued', 'reversing'];
const LOOK_MS = 3000;

/** The invoice, looked at again while it moves; null where there is none. */
export function useInvoice(order: Order): Invoice | null {
  const [invoice, setInvoice] = useState<Invoice | null>(null);
  const due = Boolean(order.certificate && order.form?.invoice?.wanted);
  useEffect(() => {
    if (!due) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => get<Invoice>(`${pathOf(order.order_no)}/invoice`, { signal: stop.signal }).then(({ data }) => {
      setInvoice(data);
      if (MOVING.includes(data.state)) timer = setTimeout(look, LOOK_MS);
    }, () => undefined);
    void look();
    return () => { stop.abort(); clearTimeout(timer); };
  }, [order.order_no, order.updated_at, due]);
  return invoice;
}

/** Beside the other downloads. */
export function InvoiceLink({ order, invoice }: { order: Order; invoice: Invoice | null }) {
  if (!invoice?.has_file) return null;
  return <a class="button second" download={`${order.order_no}-invoice.pdf`} href={`/api/v1${pathOf(order.order_no)}/invoice.pdf`}>{t('invoiceDownload')}</a>;
}

export function InvoiceFacts({ invoice }: { invoice: Invoice | null }) {
  if (!invoice) return null;
  const failed = invoice.state === 'failed' || invoice.state === 'red_failed';
  const byHand = invoice.state === 'sent' && !invoice.has_file;
  return (
    <Facts title={t('invoice')} lines={[
      [t('state'), <span role="status">{invoice.state_label}</span>],
      [t('invoiceKind'), t(`i_${invoice.kind}` as Word)], [t('invoiceTitle'), invoice.title], [t('invoiceNumber'), invoice.number],
      [t('invoiceAmount'), t('invoiceSum', { amount: yuan(invoice.amount_fen), tax: yuan(invoice.tax_fen) })],
      [t('invoiceAt'), moment(invoice.issued_at)], [t('invoiceRed'), invoice.red_number], [t('reason'), failed ? invoice.fault : null],
    ]}>
      {byHand && <p class="hint">{t('invoiceByHand')}</p>}
    </Facts>
  );
}
