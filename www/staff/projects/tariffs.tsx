// Courier fees by destination and day.
import { useState } from 'preact/hooks';
import { put } from '../../shared/api';
import { Badge, Notice, SelectField, TextField, type Tone } from '../../shared/kit';
import { Ask, day, fenOf, money, useSaid, Yuan, type Faults } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useData } from '../parts';
import type { Province, Tariff } from './project';
import { t } from './text';

const stateOf = (row: Tariff): ['current' | 'coming' | 'past', Tone] => (row.is_current ? ['current', 'good'] : row.valid_from > day() ? ['coming', 'info'] : ['past', 'warn']);

/** Another fee for a destination, or the first one of those that have none. */
function Add({ row, provinces, close, done }: { row: Tariff | null; provinces: Province[]; close: () => void; done: (name: string) => void }) {
  const [province, setProvince] = useState(row?.province ?? '');
  const [fee, setFee] = useState(row ? (row.fee_fen / 100).toFixed(2) : '');
  const [from, setFrom] = useState(day(1));
  const fen = fenOf(fee);
  const name = provinces.find((one) => one.province === province)?.province_name ?? '';
  const check = (): Faults => ({ ...(!province && { '/province': common('chooseOne') }), ...(fen === null && { '/fee_fen': t('wrongMoney') }), ...(!from && { '/valid_from': common('needText') }) });
  return (
    <Ask title={row ? t('tariffTitle', { province: name }) : t('firstTariff')} confirm={t(row ? 'addTariff' : 'openTariff')} close={close} done={() => done(name)} check={check} act={() => put(`/courier-tariffs/${province}`, { fee_fen: fen, valid_from: from })}>
      {(faults) => <>
        <p>{row ? t('tariffText', { province: name, from: from || '—', old: money(row.fee_fen), fee: fen === null ? '—' : money(fen) }) : t('firstText')}</p>
        {!row && <SelectField id="province" label={t('province')} required empty={t('choose')} value={province} onValue={setProvince} error={faults['/province']} choices={provinces.filter(({ served }) => !served).map((one) => ({ value: one.province, label: one.province_name }))} />}
        <Yuan id="fee" label={t('newFee')} required value={fee} onValue={setFee} error={faults['/fee_fen']} />
        <TextField id="valid_from" label={t('validFrom')} required type="date" min={day()} value={from} onValue={setFrom} error={faults['/valid_from']} />
      </>}
    </Ask>
  );
}

export function Tariffs({ editable }: { editable: boolean }) {
  const { data, problem, reload } = useData<{ items: Tariff[]; provinces: Province[] }>('/courier-tariffs');
  const [old, setOld] = useState(false);
  const [added, setAdded] = useState<Tariff | 'first' | null>(null);
  const [said, say] = useSaid();
  const all = data?.items ?? [], provinces = data?.provinces ?? [];
  const without = provinces.filter(({ served }) => !served);
  /** A fee is followed by another: the one that holds, or the last that there was. */
  const last = (row: Tariff) => row.is_current || (!all.some((one) => one.province === row.province && one.is_current) && all.find((one) => one.province === row.province) === row);
  const list = { problem, more: null, reload, items: data && all.filter((row) => old || stateOf(row)[0] !== 'past' || last(row)) };
  return (
    <section class="card">
      <div class="cardHead"><h2>{t('tabTariffs')}</h2>{editable && without.length > 0 && <button type="button" class="button second small" onClick={() => setAdded('first')}>{t('firstTariff')}</button>}</div>
      <p class="lead">{t('tariffsLead')}</p>
      {said}
      {without.length > 0 && <Notice>{t('withoutTariff', { names: without.map((one) => one.province_name).join('、') })}</Notice>}
      <div class="filters more"><label class="choice"><input type="checkbox" checked={old} onChange={(event) => setOld(event.currentTarget.checked)} /><span>{t('showAll')}</span></label></div>
      <Table<Tariff> label={t('tabTariffs')} list={list} keyOf={(row) => row.province + row.valid_from} empty={t('noTariffs')} columns={[
        { name: t('province'), show: (row) => row.province_name },
        { name: t('fee'), right: true, show: (row) => money(row.fee_fen) },
        { name: t('validFrom'), show: (row) => row.valid_from },
        { name: t('validTo'), show: (row) => row.valid_to ?? '—' },
        { name: common('state'), show: (row) => { const [word, tone] = stateOf(row); return <Badge tone={tone}>{t(word)}</Badge>; } },
        { name: common('action'), show: (row) => (editable && last(row) ? <button type="button" class="quiet" onClick={() => setAdded(row)}>{t('addTariff')}<span class="unseen"> {row.province_name}</span></button> : '—') },
      ]} />
      {added && <Add row={added === 'first' ? null : added} provinces={provinces} close={() => setAdded(null)} done={(province) => { setAdded(null); say(t('tariffAdded', { province })); void reload(); }} />}
    </section>
  );
}
