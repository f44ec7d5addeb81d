// Whoever applies again finds the form filled in as the last time; it is theirs to look through.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { focusMain, unlessLost } from '../../shared/route';
import { pathOf, type Order, type OrderRow } from '../order';
import { t } from '../text';
import type { FormStep } from './form';

/** This account's newest other order of the type whose form says something; null where there is none. */
async function lastOf({ order_no: no, certificate_type: type }: Order): Promise<Order | null> {
  const { data } = await get<{ items: OrderRow[] }>('/orders?limit=50');
  const row = data.items.find((one) => one.order_no !== no && one.certificate_type === type && one.subject_name);
  const last = row && (await get<Order>(pathOf(row.order_no))).data;
  return last?.form ? last : null;
}

/** The form of this order, of a part that comes when it is wanted. */
export function FormFromLast({ View, handle, ...props }: Parameters<typeof FormStep>[0] & { View: typeof FormStep }) {
  const { order } = handle;
  const fresh = order.state === 'draft' && !order.form_version;
  const [last, setLast] = useState<Order | null | undefined>(fresh ? undefined : null);
  useEffect(() => { if (fresh) lastOf(order).then(setLast, () => setLast(null)); }, []);
  const empty = () => {
    setLast(null);
    unlessLost(focusMain);
  };
  if (last === undefined) return <p class="loading" role="status">{t('loading')}</p>;
  return (
    <>
      {last && <Notice live>{t('filledAsBefore', { no: last.order_no })} <button type="button" class="quiet" onClick={empty}>{t('fillAnew')}</button></Notice>}
      <View key={last?.order_no} handle={last ? { ...handle, order: { ...order, form: last.form } } : handle} {...props} />
    </>
  );
}
