// What an order costs.
import type { Order } from './order';
import { t, yuan, type Word } from './text';

export function Bill({ order }: { order: Order }) {
  const { fees } = order;
  const lines: [Word, string][] = [['billNo', order.order_no], ['billService', `${order.project_name} · ${t('applyNew')}`], ['certificateType', t(`t_${order.certificate_type}` as Word)], ['years', t('yearsN', { n: order.years })],
    ['billCertificate', t('yuan', { n: yuan(fees.certificate_fen) })], ['billCourier', fees.courier_payer === 'recipient' ? t('billCollect') : t('yuan', { n: yuan(fees.courier_fen) })]];
  return (
    <>
      <dl class="bill">{lines.map(([name, value]) => <div key={name}><dt>{t(name)}</dt><dd>{value}</dd></div>)}</dl>
      <p class="total">{t('billTotal')}<b>{yuan(fees.total_fen)}</b>{t('yuanWord')}</p>
    </>
  );
}
