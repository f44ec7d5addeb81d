// 寄递: what is to be sent, on its way, or in trouble.
import { Tabs } from '../control/acts';
import { Page } from '../shell';
import { Moving } from './moving';
import { Send } from './send';
import { t } from './text';

export default function Mail({ query }: { query: URLSearchParams }) {
  const tabs: [string, string][] = [['send', t('tabToSend')], ['under-way', t('tabUnderWay')], ['exception', t('tabException')]];
  const at = tabs.find(([name]) => name === query.get('tab'))?.[0] ?? 'send';
  return (
    <Page title={t('navParcels')}>
      <Tabs label={t('parts')} tabs={tabs} at={at} />
      {at === 'send' ? <Send /> : <Moving key={at} exception={at === 'exception'} />}
    </Page>
  );
}
