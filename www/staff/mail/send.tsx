// Orders ready to be sent: waybill and token are scanned, each scan moves on, the last one asks.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import carriers from 'defs:carrier';
import { post } from '../../shared/api';
import { Notice, SelectField, TextField } from '../../shared/kit';
import { Ask, Subject, useSaid, type Faults } from '../control/acts';
import { Facts, useItems } from '../parts';
import { has } from '../session';
import { moment, of } from '../text';
import { isToken, isWaybill, scanned, type Parcel } from './parcel';
import { t } from './text';

/** At once, since a scanner waits for nobody; nothing takes the focus before a dialog is gone. */
function focusOn(id: string): void {
  const go = () => {
    const field = document.getElementById(id) as HTMLInputElement | null;
    field?.focus();
    field?.select();
  };
  if (document.querySelector('dialog[open]')) setTimeout(go);
  else go();
}

function Label({ parcel }: { parcel: Parcel }) {
  return (
    <section aria-labelledby="label">
      <h3 id="label">{t('label')}</h3>
      <Facts lines={[[t('recipient'), <b>{parcel.recipient}</b>], [t('mobile'), parcel.mobile], [t('address'), [parcel.region, parcel.address].filter(Boolean).join(' ')], [t('postcode'), parcel.postcode],
        [t('feeMode'), parcel.fee_mode && t(`f_${parcel.fee_mode}` as 'f_sender')], [t('serial'), parcel.serial && <span class="mono serial">{parcel.serial}</span>], [t('certifiedAt'), moment(parcel.state_since)]]} />
      {parcel.address === null && <p class="hint">{t('masked')}</p>}
    </section>
  );
}

function Scan({ parcel, sent }: { parcel: Parcel; sent: (text: string) => void }) {
  const [carrier, setCarrier] = useState(Object.keys(carriers)[0]);
  const [waybill, setWaybill] = useState('');
  const [token, setToken] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [asking, setAsking] = useState(false);
  const rule = carriers[carrier];
  const { order_no: no } = parcel;
  useLayoutEffect(() => { focusOn('tracking_no'); }, [no]);
  const checkWaybill = (text: string): Faults => (isWaybill(carrier, text) ? {} : { '/tracking_no': t('wrongTracking', { carrier: of(rule), ...rule }) });
  const checkToken = (text: string): Faults => (text && text === waybill ? { '/token_serial': t('sameCode') } : isToken(text) ? {} : { '/token_serial': t('wrongToken') });
  const next = (event: Event) => {
    event.preventDefault();
    const found = { ...checkWaybill(waybill), ...(token && checkToken(token)) };
    setFaults(found);
    if (found['/tracking_no']) return focusOn('tracking_no');
    if (!token || found['/token_serial']) return focusOn('token_serial');
    setAsking(true);
  };
  const done = () => {
    setAsking(false);
    sent(t('shipped', { no, waybill }));
  };
  return (
    <>
      <form noValidate onSubmit={next} aria-labelledby="scan" class="scanbox">
        <h3 id="scan">{t('scanTitle')}</h3>
        <p class="hint" id="scan-hint">{t('scanHint')}</p>
        <div class="stacked more">
          <SelectField id="carrier" label={t('carrier')} value={carrier} onValue={setCarrier} choices={Object.entries(carriers).map(([value, row]) => ({ value, label: of(row) }))} error={faults['/carrier']} />
          <TextField id="tracking_no" label={t('trackingNo')} required hint={t('trackingHint', { ...rule })} value={waybill} onValue={(text) => setWaybill(scanned(text))} error={faults['/tracking_no']} maxLength={40} autoComplete="off" spellcheck={false} class="code" />
          <TextField id="token_serial" label={t('tokenSerial')} required hint={t('tokenHint')} value={token} onValue={(text) => setToken(scanned(text))} error={faults['/token_serial']} maxLength={40} autoComplete="off" spellcheck={false} class="code" />
          <button type="submit" class="button">{t('ship')}</button>
        </div>
      </form>
      {asking && (
        <Ask title={t('shipTitle')} confirm={t('shipDo')} ready close={() => { setAsking(false); focusOn('token_serial'); }} done={done}
          act={async (key) => {
            try {
              await post(`/orders/${no}/shipment`, { carrier, tracking_no: waybill, token_serial: token }, { key });
            } catch (error) {
              const errors = (error as { problem?: { errors?: { pointer: string; detail: string }[] } }).problem?.errors;
              if (errors?.length) {
                setFaults(Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail])));
                setAsking(false);
                focusOn(errors[0].pointer.slice(1));
              }
              throw error;
            }
          }}>
          <p>{t('shipText', { no, token, waybill, carrier: of(rule), recipient: parcel.recipient ?? '' })}</p><p>{t('shipOnce')}</p>
        </Ask>
      )}
    </>
  );
}

function Find({ parcels, choose }: { parcels: Parcel[]; choose: (no: string) => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const look = (event: Event) => {
    event.preventDefault();
    const no = scanned(text);
    const found = parcels.find((parcel) => parcel.order_no === no);
    setProblem(found || !no ? '' : t('notHere', { no }));
    if (!found) return;
    setText('');
    choose(no);
    focusOn('tracking_no');
  };
  return (
    <form class="find" role="search" noValidate onSubmit={look}>
      <label for="find">{t('find')}</label>
      <div class="inline"><input type="text" id="find" class="plain" value={text} inputMode="numeric" autoComplete="off" maxLength={40} aria-describedby={problem ? 'find-error' : undefined} aria-invalid={problem ? true : undefined} onInput={(event) => setText(event.currentTarget.value)} /><button type="submit" class="button second small">{t('locate')}</button></div>
      <p class="error" id="find-error" role="alert" hidden={!problem}>{problem}</p>
    </form>
  );
}

export function Send() {
  const list = useItems<Parcel>('/shipments?state=to_send&limit=100');
  const [at, setAt] = useState('');
  const [said, say] = useSaid();
  const top = useRef<HTMLDivElement>(null);
  const { items, problem } = list;
  const parcel = items?.find(({ order_no: no }) => no === at) ?? items?.[0];
  const sent = (text: string) => {
    say(text);
    setAt('');
    void list.reload();
  };
  return (
    <div ref={top}>
      {said}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {!items && !problem && <p class="loading" role="status">{t('loading')}</p>}
      {items && !parcel && <section class="card"><p class="empty">{t('noneToSend')}</p></section>}
      {items && parcel && (
        <div class="master">
          <section class="card pick" aria-labelledby="list">
            <h2 id="list">{t('waitingList')}</h2>
            <Find parcels={items} choose={setAt} />
            <ul>{items.map((row) => (
              <li key={row.order_no}><button type="button" aria-current={row.order_no === parcel.order_no ? 'true' : undefined} onClick={() => { setAt(row.order_no); focusOn('tracking_no'); }}>
                <b>{row.subject_name}</b><span>{row.order_no}</span><span class="whole">{row.region}</span>
              </button></li>
            ))}</ul>
            {list.more && <p class="moreline"><button type="button" class="button second small" onClick={list.more}>{t('more')}</button></p>}
          </section>
          <section class="card" aria-labelledby="what">
            <div class="cardHead"><h2 id="what"><Subject no={parcel.order_no} name={parcel.subject_name} /></h2></div>
            <div class="halves even"><Label parcel={parcel} />{has('production') && <Scan key={parcel.order_no} parcel={parcel} sent={sent} />}</div>
          </section>
        </div>
      )}
    </div>
  );
}
