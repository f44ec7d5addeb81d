// 制证: the switch, what waits or failed, certificates, work that is stuck.
import { has } from '../session';
import { Page } from '../shell';
import { Tabs } from '../control/acts';
import { Certificates } from './certificates';
import { Queue } from './queue';
import { Stuck } from './stuck';
import { Switch } from './switch';
import { t } from './text';

export default function Making({ query }: { query: URLSearchParams }) {
  const tabs: [string, string][] = [['queue', t('tabQueue')], ['certificates', t('tabCertificates')]];
  if (has('production', 'finance', 'administrator')) tabs.push(['stuck', t('tabStuck')]);
  const at = tabs.find(([name]) => name === query.get('tab'))?.[0] ?? 'queue';
  return (
    <Page title={t('navMaking')}>
      <Switch />
      <Tabs label={t('parts')} tabs={tabs} at={at} />
      {at === 'queue' && <Queue query={query} />}
      {at === 'certificates' && <Certificates query={query} />}
      {at === 'stuck' && <Stuck />}
    </Page>
  );
}
