// 录入信息: the whole form on one page, saved while it is being filled in.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get, post, put, Refusal } from '../../shared/api';
import { ErrorSummary, Notice, RadioField, SelectField, TextField } from '../../shared/kit';
import { useStore } from '../../shared/store';
import type * as Correction from '../correction';
import { faultsOf, pathOf, warningsOf, wordsOf, type Order, type OrderHandle } from '../order';
import { account, lostSession } from '../session';
import { moment, t, yuan, type Word } from '../text';
import { change, checkMember, fromJson, idOf, membersOf, sections, toJson, type Member, type Section, type Values } from './fields';
import { BankField, DateField, RegionField } from './pick';

const SAVE_MS = 1000, AGAIN_MS = 5000;
type Errors = Record<string, string>;

export function MemberField({ member, values, error, warning, former, set, leave }:
  { member: Member; values: Values; error?: string; warning?: string; former?: JSX.Element; set: (key: string, value: string) => void; leave: (key: string) => void }) {
  const { key } = member;
  const common = {
    id: idOf(key), label: t(member.word), required: member.need, error, warning, wide: member.wide,
    hint: former ? <>{member.hint && t(member.hint)}{former}</> : member.hint && t(member.hint), value: values[key] ?? '',
    onValue: (value: string) => set(key, value),
  };
  const left = () => leave(key);
  const choices = (member.choices ?? []).map((value) => ({ value, label: t(`v_${value}` as Word) }));
  switch (member.kind) {
    case 'select': return <SelectField {...common} choices={choices} empty={t('choose')} onBlur={left} />;
    case 'radio': return <RadioField {...common} choices={choices} />;
    case 'region': return <RegionField {...common} onLeave={left} />;
    case 'date': return <DateField {...common} onLeave={left} />;
    case 'bank': return <BankField {...common} onLeave={left} />;
    default: return <TextField {...common} inputMode={member.inputMode} autoComplete={member.fill ?? 'off'} maxLength={(member.most ?? 100) + 24} onBlur={left} />;
  }
}

/** What the parcel costs, as soon as the region is known. */
function CourierFee({ order, region }: { order: Order; region: string }) {
  const [fee, setFee] = useState<{ payer: string; fee_fen: number } | null>(null);
  useEffect(() => {
    setFee(null);
    if (!region) return undefined;
    const stop = new AbortController();
    get<{ payer: string; fee_fen: number }>(`/courier-fees?region=${region}&project=${order.project}`, { signal: stop.signal }).then(({ data }) => setFee(data), () => undefined);
    return () => stop.abort();
  }, [region]);
  const certificate = order.fees.certificate_fen;
  return (
    <div class="feeline" role="status">
      {!fee ? t('feeUnknown') : fee.payer === 'recipient' ? t('feeCollect', { total: yuan(certificate) })
        : t('feePrepaid', { fee: yuan(fee.fee_fen), certificate: yuan(certificate), total: yuan(certificate + fee.fee_fen) })}
    </div>
  );
}

/** Saves what is right so far, one call at a time; what is wrong stays on the page. */
function useSaving(handle: OrderHandle, values: Values, dirty: boolean, wrong: (key: string) => boolean, tell: (errors: Errors) => void, warn: (order: Order) => void) {
  const type = handle.order.certificate_type;
  const latest = useRef({ values, saved: values, etag: handle.etag, wrong, over: false, again: 0, busy: Promise.resolve() as Promise<void> });
  Object.assign(latest.current, { values, wrong });
  const [status, setStatus] = useState('');
  const send = async () => {
    const now = latest.current;
    const sent = now.values;
    clearTimeout(now.again);
    if (now.over || sent === now.saved) return; // a call that says nothing new would only make others stale
    setStatus(t('saving'));
    try {
      let refused: Errors = {};
      for (let tries = 0; tries < 2; tries++) {
        try {
          const reply = await put<Order>(`${pathOf(handle.order.order_no)}/form?draft=true`, toJson(type, sent, (key) => now.wrong(key) || key in refused), { ifMatch: now.etag });
          now.etag = reply.etag;
          now.saved = sent;
          warn(reply.data);
          setStatus(t('savedAt', { time: moment(new Date().toISOString()).slice(11) }));
          return;
        } catch (error) {
          const found = faultsOf(error);
          if (!found) throw error;
          refused = found;
          tell(found);
        }
      }
    } catch (error) {
      if (lostSession(error)) return;
      const { detail, status: code } = error instanceof Refusal ? error.problem : { detail: String(error), status: 0 };
      setStatus(t('notSaved', { why: detail }));
      if (!code || code >= 429) now.again = window.setTimeout(save, AGAIN_MS);
    }
  };
  const save = () => {
    latest.current.busy = latest.current.busy.then(send);
    return latest.current.busy;
  };
  useEffect(() => {
    addEventListener('online', save);
    return () => {
      removeEventListener('online', save);
      clearTimeout(latest.current.again);
    };
  }, []);
  useEffect(() => {
    if (!dirty) return undefined;
    const timer = setTimeout(save, SAVE_MS);
    const leaving = () => { if (document.visibilityState === 'hidden') void save(); };
    document.addEventListener('visibilitychange', leaving);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', leaving);
    };
  }, [values]);
  return { status, latest };
}

interface SectionProps {
  section: Section; values: Values; errors: Errors; warnings: Errors; former?: (member: Member) => JSX.Element | undefined; open: (key: string) => boolean; set: (key: string, value: string) => void; leave: (key: string) => void; order: Order;
}

function SectionOf({ section, values, errors, warnings, former, open, set, leave, order }: SectionProps) {
  const legal = section.group === 'legal_representative';
  const same = (on: boolean) => {
    if (on) for (const name of ['name', 'id_kind', 'id_number', 'mobile']) set(`legal_representative/${name}`, values[`handler/${name}`] ?? '');
  };
  const shown = section.members.filter((member) => (!member.shown || member.shown(values)) && open(member.key));
  if (!shown.length) return null;
  return (
    <section class="group" aria-labelledby={`g-${section.group}`}>
      <h2 id={`g-${section.group}`}>{t(section.word)}</h2>
      {section.note && <Notice tone="warn">{t(section.note)}</Notice>}
      {legal && !former && <label class="choice same"><input type="checkbox" onChange={(event) => same(event.currentTarget.checked)} /><span>{t('sameAsHandler')}</span></label>}
      <div class="fields">
        {shown.map((member) => (
          <MemberField key={member.key} member={member} values={values} error={errors[member.key]} warning={warnings[member.key]} former={former?.(member)} set={set} leave={leave} />
        ))}
      </div>
      {section.group === 'delivery' && <CourierFee order={order} region={values['delivery/region'] ?? ''} />}
    </section>
  );
}

function firstValues(order: Order, name: string, phone: string): Values {
  const type = order.certificate_type;
  const values = fromJson(type, order.form as never);
  const person = type === 'organisation' ? 'handler' : 'applicant';
  const usual: Values = { [`${person}/id_kind`]: 'resident_id_card', 'organisation/licence_kind': 'business_licence', 'invoice/kind': 'ordinary', [`${person}/name`]: name, [`${person}/mobile`]: phone,
    ...(type === 'organisation' ? { 'legal_representative/id_kind': 'resident_id_card' } : {}) };
  if (order.form_version) return values;
  return Object.entries(usual).reduce((all, [key, value]) => (all[key] || !value ? all : change(type, all, key, value)), values);
}

/** correction: what an order that came back needs besides. */
export function FormStep({ handle, onDone, correction }: { handle: OrderHandle; onDone: () => void; correction?: typeof Correction }) {
  const { order } = handle;
  const type = order.certificate_type;
  const who = useStore(account);
  const [values, setValues] = useState<Values>(() => firstValues(order, who?.name ?? '', who?.phone ?? ''));
  const [dirty, setDirty] = useState(false);
  const [touched, setTouched] = useState<Record<string, true>>({});
  const [refused, setRefused] = useState<Errors>({});
  const [tries, setTries] = useState(0);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [warnings, setWarnings] = useState<Errors>(() => warningsOf(order));
  const [whole, setWhole] = useState(false);
  const groups = sections(type);
  const members = membersOf(type);
  const former = useMemo(() => (order.confirmed_form ? fromJson(type, order.confirmed_form as never) : undefined), [order.confirmed_form]);
  const named = useMemo(() => (former && correction ? correction.namedMembers(order, members) : null), [former]);
  const wrong: Errors = {};
  for (const member of members) {
    const found = checkMember(type, member, values);
    if (found) wrong[member.key] = found;
  }
  const { status, latest } = useSaving(handle, values, dirty, (key) => key in wrong && Boolean(values[key]), (found) => setRefused((all) => ({ ...all, ...found })), (saved) => setWarnings(warningsOf(saved)));
  const reasons: Errors = {};
  for (const reason of order.rejection?.reasons ?? []) if (reason.target === 'form' && reason.pointer) reasons[reason.pointer.slice(1)] = reason.text;
  const errors: Errors = {};
  for (const { key } of members) {
    if (refused[key]) errors[key] = refused[key];
    else if (wrong[key] && (tries || (touched[key] && values[key]))) errors[key] = wrong[key];
    else if (reasons[key] && !touched[key]) errors[key] = reasons[key];
  }
  // Of a correction only what was asked for is open, and what was changed or is wrong.
  const asked = (key: string) => Boolean(named?.has(key)) || (former !== undefined && (values[key] ?? '') !== (former[key] ?? ''));
  const open = (key: string) => !named || whole || asked(key) || key in errors || (tries > 0 && key in wrong);
  const set = (key: string, value: string) => {
    setDirty(true);
    setValues((old) => change(type, old, key, value));
    setRefused(({ [key]: _, ...rest }) => rest);
  };
  const leave = (key: string) => setTouched((all) => ({ ...all, [key]: true }));
  const next = async (event: Event) => {
    event.preventDefault();
    setTries((n) => n + 1);
    setProblem('');
    if (Object.keys(wrong).length || busy) return;
    setBusy(true);
    latest.current.over = true; // from here on this call saves
    try {
      await latest.current.busy;
      const path = pathOf(order.order_no);
      let reply = await put<Order>(`${path}/form`, toJson(type, values), { ifMatch: latest.current.etag });
      latest.current.etag = reply.etag;
      if (order.state === 'draft') reply = await post<Order>(`${path}/form/confirmation`);
      setDirty(false);
      handle.set(reply);
      onDone();
    } catch (error) {
      const found = faultsOf(error);
      if (found) setRefused(found);
      else setProblem(wordsOf(error));
      setTries((n) => n + 1);
      latest.current.over = false;
    }
    setBusy(false);
  };
  const items = members.filter(({ key }) => tries && (refused[key] || wrong[key])).map(({ key, word }) => ({ id: idOf(key), text: `${t(word)}${/id_|mobile/.test(key) ? `（${t(groups.find(({ group }) => key.startsWith(group))?.word as Word)}）` : ''}：${errors[key]}` }));
  return (
    <form class="card work" noValidate onSubmit={next}>
      <ErrorSummary title={problem ? t('failed') : t('errors', { n: items.length })} items={problem ? [{ id: 'next', text: problem }] : items} shown={tries} />
      {groups.map((section) => <SectionOf key={section.group} {...{ section, values, errors, warnings, open, set, leave, order }} former={former && correction && ((member) => (asked(member.key) ? <correction.Former member={member} former={former} /> : undefined))} />)}
      {named && !whole && <p>{t(named.size ? 'onlyNamed' : 'noneNamed')} <button type="button" class="quiet" onClick={() => setWhole(true)}>{t('openAll')}</button></p>}
      <div class="bar">
        <p class="saved" role="status">{status || t('autoSave')}</p>
        <button type="submit" class="button" id="next" disabled={busy}>{order.state === 'draft' ? t('confirmAndPrint') : t('next')}</button>
      </div>
    </form>
  );
}
