// 财务: transfers against the bank's lines, payments, refunds by two people, the books.
import { has } from '../session';
import { Page } from '../shell';
import { Tabs } from '../control/acts';
import { Books } from './books';
import { Invoices } from './invoices';
import { Lines } from './lines';
import { Payments } from './payments';
import { Refunds } from './refunds';
import { Vouchers } from './vouchers';
import { t } from './text';

export default function Finance({ query }: { query: URLSearchParams }) {
  const tabs: [string, string][] = [['vouchers', t('tabVouchers')], ['payments', t('tabPayments')], ['refunds', t('tabRefunds')], ['invoices', t('tabInvoices')], ['lines', t('tabLines')], ['books', t('tabBooks')]];
  const mine = has('finance');
  const at = mine ? tabs.find(([name]) => name === query.get('tab'))?.[0] ?? 'vouchers' : 'books';
  return (
    <Page title={t('navFinance')}>
      {mine && <Tabs label={t('parts')} tabs={tabs} at={at} />}
      {at === 'vouchers' && <Vouchers query={query} />}
      {at === 'payments' && <Payments query={query} />}
      {at === 'refunds' && <Refunds query={query} />}
      {at === 'invoices' && <Invoices query={query} />}
      {at === 'lines' && <Lines query={query} />}
      {at === 'books' && <Books query={query} />}
    </Page>
  );
}
