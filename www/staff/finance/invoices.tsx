// Electronic invoices: what waits or failed is corrected and tried again, or written down as made elsewhere.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { TextField } from '../../shared/kit';
import { Ask, money, State, Subject, turn, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { moment } from '../text';
import { INVOICE_TONES, type Invoice } from './money';
import { t } from './text';

type Members = 'title' | 'tax_number' | 'email';
interface Act { kind: 'retry' | 'record'; invoice: Invoice }

/** What a person may do something about. */
const MENDED = ['by_hand', 'failed', 'red_failed'];

function Retry({ invoice, close, done }: { invoice: Invoice; close: () => void; done: () => void }) {
  const [values, setValues] = useState<Record<Members, string>>({ title: '', tax_number: '', email: '' });
  const red = invoice.state === 'red_failed';
  const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  const field = (name: Members, label: string, faults: Record<string, string>) => (
    <TextField id={name} label={label} value={values[name]} onValue={(value) => setValues({ ...values, [name]: value })} error={faults[`/${name}`]} maxLength={100} autoComplete="off" />
  );
  return (
    <Ask title={t(red ? 'redAgain' : 'issueAgain')} confirm={t(red ? 'redAgain' : 'issueAgain')} close={close} done={done} act={(key) => post(`/invoices/${invoice.invoice_id}/retry`, given, { key })}>
      {(faults) => <>
        <p>{t(red ? 'redText' : 'issueText', { no: invoice.order_no, amount: money(invoice.amount_fen), title: invoice.title })}</p>
        {invoice.fault && <p>{t('failure')}：{invoice.fault}</p>}
        {!red && <>
          <p class="hint">{t('keepHint')}</p>
          {field('title', t('invoiceTitle'), faults)}
          {field('tax_number', t('taxNumber'), faults)}
          {field('email', t('invoiceEmail'), faults)}
        </>}
      </>}
    </Ask>
  );
}

function Record_({ invoice, close, done }: { invoice: Invoice; close: () => void; done: () => void }) {
  const [number, setNumber] = useState('');
  const wrong = (): Record<string, string> => (/^\d{20}$/.test(number.trim()) ? {} : { '/number': t('numberWrong') });
  return (
    <Ask title={t('record')} confirm={t('record')} close={close} done={done} check={wrong} act={(key) => post(`/invoices/${invoice.invoice_id}/record`, { number: number.trim() }, { key })}>
      {(faults) => <>
        <p>{t(invoice.state === 'red_failed' ? 'recordRedText' : 'recordText', { no: invoice.order_no, amount: money(invoice.amount_fen) })}</p>
        <TextField id="number" label={t('invoiceNumber')} required value={number} onValue={setNumber} error={faults['/number']} inputMode="numeric" maxLength={20} autoComplete="off" />
      </>}
    </Ask>
  );
}

export function Invoices({ query }: { query: URLSearchParams }) {
  const state = query.get('state') ?? '';
  const list = useItems<Invoice>(`/invoices?limit=50${state === 'open' ? '&open=true' : state && `&state=${state}`}`);
  const [act, setAct] = useState<Act | null>(null);
  const [said, say] = useSaid();
  const words = (code: string) => t(`i_${code}` as 'i_failed');
  const done = (text: string) => { setAct(null); say(text); void list.reload(); };
  const button = (kind: Act['kind'], invoice: Invoice, word: string) => <button type="button" class="quiet" onClick={() => setAct({ kind, invoice })}>{word}<span class="unseen"> {invoice.order_no}</span></button>;
  return (
    <section class="card">
      {said}
      <div class="filters"><label>{common('state')}<select id="state" value={state} onChange={(event) => turn(query, { state: event.currentTarget.value })}>
        <option value="">{common('anyState')}</option><option value="open">{t('openOnly')}</option>{Object.keys(INVOICE_TONES).map((code) => <option key={code} value={code}>{words(code)}</option>)}
      </select></label></div>
      <Table<Invoice> label={t('tabInvoices')} list={list} keyOf={(row) => row.invoice_id} empty={t('noInvoices')} columns={[
        { name: common('order'), show: (row) => <Subject no={row.order_no} name={row.subject_name} /> },
        { name: t('invoiceTitle'), show: (row) => <>{row.title}<br /><span class="soft">{t(`k_${row.kind}` as 'k_special')}</span></> },
        { name: t('invoiceAmount'), right: true, show: (row) => money(row.amount_fen) },
        { name: common('state'), show: (row) => <><State code={row.state} tones={INVOICE_TONES} words={words} />{row.fault && <><br /><span class="soft">{row.fault}</span></>}</> },
        { name: t('invoiceNumber'), show: (row) => <>{row.number ?? '—'}{row.red_number && <><br />{t('redNumber', { number: row.red_number })}</>}</> },
        { name: t('issuedAt'), show: (row) => moment(row.issued_at) || '—' },
        { name: common('action'), show: (row) => (MENDED.includes(row.state) ? <>{button('retry', row, t(row.state === 'red_failed' ? 'redAgain' : 'issueAgain'))} {button('record', row, t('record'))}</> : '—') },
      ]} />
      {act?.kind === 'retry' && <Retry invoice={act.invoice} close={() => setAct(null)} done={() => done(t('invoiceQueued'))} />}
      {act?.kind === 'record' && <Record_ invoice={act.invoice} close={() => setAct(null)} done={() => done(t('recorded'))} />}
    </section>
  );
}
