// Whether a project is open, who pays the courier, what a certificate costs and for how long.
import { useState } from 'preact/hooks';
import { Notice, RadioField, TextField, Tick } from '../../shared/kit';
import { Ask, fenOf, money, Yuan, type Faults } from '../control/acts';
import { of } from '../text';
import { save, type Offer, type Project } from './project';
import { t } from './text';

const TERMS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const typeOf = (offer: Offer) => t(`t_${offer.certificate_type}`);
const yearsOf = (years: number[]) => years.map((n) => t('year', { n })).join('、');

export function Fees({ project, editable, done, close }: { project: Project; editable: boolean; done: (project: Project) => void; close: () => void }) {
  const [active, setActive] = useState(project.active);
  const [url, setUrl] = useState(project.supplier_url ?? '');
  const [payer, setPayer] = useState<string>(project.courier_payer);
  const [fees, setFees] = useState<string[]>(project.certificate_types.map((offer) => (offer.fee_per_year_fen / 100).toFixed(2)));
  const [years, setYears] = useState<number[][]>(project.certificate_types.map((offer) => offer.years));
  const [faults, setFaults] = useState<Faults>({});
  const [asking, setAsking] = useState(false);
  const offers = project.certificate_types.map((offer, i) => ({ ...offer, fee_per_year_fen: fenOf(fees[i]) ?? 0, years: years[i] }));
  const changes: [string, string, string][] = [
    [t('active'), t(project.active ? 'activeYes' : 'activeNo'), t(active ? 'activeYes' : 'activeNo')],
    [t('supplierUrl'), project.supplier_url ?? '—', url.trim() || '—'],
    [t('courierPayer'), t(`p_${project.courier_payer}`), t(`p_${payer}` as 'p_sender')],
    ...offers.flatMap((offer, i): [string, string, string][] => [[t('feePerYear', { type: typeOf(offer) }), money(project.certificate_types[i].fee_per_year_fen), money(offer.fee_per_year_fen)], [t('years', { type: typeOf(offer) }), yearsOf(project.certificate_types[i].years), yearsOf(offer.years)]]),
  ];
  const changed = changes.filter(([, from, to]) => from !== to);
  const send = (event: Event) => {
    event.preventDefault();
    const found: Faults = {};
    offers.forEach((offer, i) => {
      if (!offer.fee_per_year_fen) found[`/certificate_types/${i}/fee_per_year_fen`] = t('wrongMoney');
      if (!offer.years.length) found[`/certificate_types/${i}/years`] = t('needYear');
    });
    if (!changed.length && !Object.keys(found).length) found[''] = t('nothing');
    setFaults(found);
    if (!Object.keys(found).length) setAsking(true);
    else setTimeout(() => document.querySelector<HTMLElement>('form [aria-invalid]')?.focus());
  };
  const pick = (i: number, n: number, on: boolean) => setYears((old) => old.map((list, at) => (at === i ? TERMS.filter((one) => (one === n ? on : list.includes(one))) : list)));
  return (
    <>
      <form class="card settings" noValidate onSubmit={send} aria-labelledby="fees">
        <h2 id="fees">{of({ zh: project.name_zh, en: project.name_en })} <span class="soft">{t('version', { n: project.version })}</span></h2>
        {faults[''] && <Notice tone="warn" live>{faults['']}</Notice>}
        <fieldset class="plainSet" disabled={!editable}>
          <legend class="unseen">{t('tabProject')}</legend>
          <div class="stacked">
            <Tick id="active" checked={active} onValue={setActive}>{t('active')}</Tick>
            <TextField id="supplier_url" label={t('supplierUrl')} hint={t('supplierHint')} value={url} onValue={setUrl} type="url" maxLength={200} error={faults['/supplier_url']} />
            <RadioField id="courier_payer" label={t('courierPayer')} required value={payer} onValue={setPayer} choices={[{ value: 'sender', label: t('p_sender') }, { value: 'recipient', label: t('p_recipient') }]} />
          </div>
          <h3>{t('fees')}</h3>
          <div class="offers">{offers.map((offer, i) => (
            <div key={offer.certificate_type} class="stacked">
              <Yuan id={`fee-${offer.certificate_type}`} label={t('feePerYear', { type: typeOf(offer) })} required value={fees[i]} onValue={(value) => setFees((old) => old.map((one, at) => (at === i ? value : one)))} error={faults[`/certificate_types/${i}/fee_per_year_fen`]} />
              <fieldset class={`field${faults[`/certificate_types/${i}/years`] ? ' wrong' : ''}`} aria-describedby={faults[`/certificate_types/${i}/years`] ? `years-${i}-error` : undefined}>
                <legend><span class="star" aria-hidden="true">*</span>{t('years', { type: typeOf(offer) })}</legend>
                <div class="control"><div class="choices">{TERMS.map((n) => <Tick key={n} id={`years-${offer.certificate_type}-${n}`} checked={years[i].includes(n)} onValue={(on) => pick(i, n, on)}>{t('year', { n })}</Tick>)}</div>
                  {faults[`/certificate_types/${i}/years`] && <p class="error" id={`years-${i}-error`}>{faults[`/certificate_types/${i}/years`]}</p>}</div>
              </fieldset>
            </div>
          ))}</div>
          <div class="buttons more"><button type="submit" class="button" disabled={!editable}>{t('save')}</button></div>
        </fieldset>
      </form>
      {asking && (
        <Ask title={t('saveTitle', { name: of({ zh: project.name_zh, en: project.name_en }) })} confirm={t('save')} close={() => { setAsking(false); close(); }} done={({ data }) => { setAsking(false); done(data); }}
          act={() => save(project, { active, supplier_url: url.trim(), courier_payer: payer as 'sender', certificate_types: offers })}>
          <p>{t('saveText')}</p><ul class="changes">{changed.map(([what, from, to]) => <li key={what}>{t('change', { what, from, to })}</li>)}</ul>
        </Ask>
      )}
    </>
  );
}
