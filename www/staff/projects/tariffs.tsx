// Courier fees by destination and day.
import { useState } from 'preact/hooks';
import { put } from '../../shared/api';
import { Badge, TextField, type Tone } from '../../shared/kit';
import { Ask, day, fenOf, money, useSaid, Yuan, type Faults } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import type { Tariff } from './project';
import { t } from './text';

const stateOf = (row: Tariff): ['current' | 'coming' | 'past', Tone] => (row.is_current ? ['current', 'good'] : row.valid_from > day() ? ['coming', 'info'] : ['past', 'warn']);

function Add({ row, close, done }: { row: Tariff; close: () => void; done: () => void }) {
  const [fee, setFee] = useState((row.fee_fen / 100).toFixed(2));
  const [from, setFrom] = useState(day(1));
  const fen = fenOf(fee);
  return (
    <Ask title={t('tariffTitle', { province: row.province_name })} confirm={t('addTariff')} close={close} done={done} check={(): Faults => ({ ...(fen === null && { '/fee_fen': t('wrongMoney') }), ...(!from && { '/valid_from': common('needText') }) })}
      act={() => put(`/courier-tariffs/${row.province}`, { fee_fen: fen, valid_from: from })}>
      {(faults) => <>
        <p>{t('tariffText', { province: row.province_name, from: from || '—', old: money(row.fee_fen), fee: fen === null ? '—' : money(fen) })}</p>
        <Yuan id="fee" label={t('newFee')} required value={fee} onValue={setFee} error={faults['/fee_fen']} />
        <TextField id="valid_from" label={t('validFrom')} required type="date" min={day()} value={from} onValue={setFrom} error={faults['/valid_from']} />
      </>}
    </Ask>
  );
}

export function Tariffs({ editable }: { editable: boolean }) {
  const list = useItems<Tariff>('/courier-tariffs');
  const [old, setOld] = useState(false);
  const [added, setAdded] = useState<Tariff | null>(null);
  const [said, say] = useSaid();
  const shown = { ...list, items: list.items?.filter((row) => old || stateOf(row)[0] !== 'past') ?? null };
  return (
    <section class="card">
      <h2>{t('tabTariffs')}</h2>
      <p class="lead">{t('tariffsLead')}</p>
      {said}
      <div class="filters"><label class="choice"><input type="checkbox" checked={old} onChange={(event) => setOld(event.currentTarget.checked)} /><span>{t('showAll')}</span></label></div>
      <Table<Tariff> label={t('tabTariffs')} list={shown} keyOf={(row) => row.province + row.valid_from} empty={t('noTariffs')} columns={[
        { name: t('province'), show: (row) => row.province_name },
        { name: t('fee'), right: true, show: (row) => money(row.fee_fen) },
        { name: t('validFrom'), show: (row) => row.valid_from },
        { name: t('validTo'), show: (row) => row.valid_to ?? '—' },
        { name: common('state'), show: (row) => { const [word, tone] = stateOf(row); return <Badge tone={tone}>{t(word)}</Badge>; } },
        { name: common('action'), show: (row) => (editable && row.is_current ? <button type="button" class="quiet" onClick={() => setAdded(row)}>{t('addTariff')}<span class="unseen"> {row.province_name}</span></button> : '—') },
      ]} />
      {added && <Add row={added} close={() => setAdded(null)} done={() => { setAdded(null); say(t('tariffAdded', { province: added.province_name })); void list.reload(); }} />}
    </section>
  );
}
