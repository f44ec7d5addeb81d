// 工作台: where the day begins.
import { me } from './session';
import { Page } from './shell';
import { t } from './text';

export default function Desk() {
  const who = me.get();
  return <Page title={t('navDesk')}><section class="card"><p><b>{who?.name}</b> {who?.roles.map((role) => t(`r_${role}`)).join('、')}</p></section></Page>;
}
