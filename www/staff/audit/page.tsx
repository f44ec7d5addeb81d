// 审计记录: what was done by whom, narrowed and paged, and whether it still says what it said.
import { useState } from 'preact/hooks';
import moves from 'defs:move';
import states from 'defs:state';
import { get } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { OrderLink, turn, useAct } from '../control/acts';
import { download } from '../control/csv';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { Page } from '../shell';
import { moment, of } from '../text';
import { t } from './text';
import zh from './zh-CN';

interface Event_ {
  stream: string; seq: number; at: string; actor_role: string; actor: string | null; ip: string; trace: string; action: string; label: string | null; order_no: string | null; from_state: string | null; to_state: string | null; detail: Record<string, unknown>;
}
interface Verified { intact: boolean; events: number; first_bad: string | null }

const ROLES = ['applicant', 'staff', 'reviewer', 'finance', 'production', 'auditor', 'administrator', 'system', 'provider'] as const;
const MEMBERS = ['order_no', 'actor', 'actor_role', 'action', 'from', 'to'] as const;
const roleOf = (role: string) => (`a_${role}` in zh ? t(`a_${role}` as 'a_staff') : role);
const actionOf = (row: Event_) => (moves[row.action] ? of(moves[row.action]) : `e_${row.action}` in zh ? t(`e_${row.action}` as 'e_login') : row.label ?? row.action);
const stateOf = (code: string | null) => (code ? (states[code] ? of(states[code]) : code) : '');
const changeOf = (row: Event_) => (row.to_state && row.from_state !== row.to_state ? [stateOf(row.from_state), stateOf(row.to_state)].filter(Boolean).join(' → ') : '');
const timeOf = (row: Event_) => `${moment(row.at)}:${row.at.slice(17, 19)}`;
const whoOf = (row: Event_) => (row.actor && /^\d+$/.test(row.actor) ? `#${row.actor}` : row.actor);
const detailOf = (row: Event_) => Object.entries(row.detail ?? {}).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('；');

function Verify() {
  const { problem, busy, run } = useAct();
  const [found, setFound] = useState<Verified & { at: string } | null>(null);
  const verify = () => {
    setFound(null);
    void run(() => get<Verified>('/audit/verification'), ({ data }) => setFound({ ...data, at: new Date().toISOString() }));
  };
  return (
    <section class="card verify" aria-labelledby="verify">
      <div class="cardHead"><h2 id="verify">{t('verifyTitle')}</h2><button type="button" class="button" disabled={busy} onClick={verify}>{t('verify')}</button></div>
      <p class="soft">{t('verifyText')}</p>
      <div role="status" class="said">
        {busy && <p class="more">{t('verifying')}</p>}
        {problem && <Notice tone="bad">{problem}</Notice>}
        {found && <Notice tone={found.intact ? 'good' : 'bad'}><p>{found.intact ? t('intact', { n: found.events }) : t('broken', { bad: found.first_bad ?? '', n: found.events })}</p><p>{t('verifiedAt', { at: moment(found.at) })}</p></Notice>}
      </div>
    </section>
  );
}

function Filters({ query }: { query: URLSearchParams }) {
  const [wish, setWish] = useState<Record<string, string>>(() => Object.fromEntries(MEMBERS.map((name) => [name, query.get(name) ?? ''])));
  const set = (name: string) => (event: { currentTarget: { value: string } }) => setWish((old) => ({ ...old, [name]: event.currentTarget.value.trim() }));
  const look = (event: Event) => {
    event.preventDefault();
    turn(query, wish);
  };
  const clear = () => {
    const nothing = Object.fromEntries(MEMBERS.map((name) => [name, '']));
    setWish(nothing);
    turn(query, nothing);
  };
  return (
    <form class="filters" role="search" noValidate onSubmit={look}>
      <label>{t('orderNo')}<input type="text" id="order_no" value={wish.order_no} inputMode="numeric" maxLength={17} autoComplete="off" onInput={set('order_no')} /></label>
      <label>{t('actor')}<input type="text" id="actor" value={wish.actor} maxLength={40} autoComplete="off" onInput={set('actor')} /></label>
      <label>{t('role')}<select id="actor_role" value={wish.actor_role} onChange={set('actor_role')}><option value="">{t('anyRole')}</option>{ROLES.map((role) => <option key={role} value={role}>{roleOf(role)}</option>)}</select></label>
      <label>{t('action')}<input type="text" id="action" value={wish.action} maxLength={60} placeholder={t('actionHint')} autoComplete="off" onInput={set('action')} /></label>
      <label>{common('from')}<input id="from" type="date" value={wish.from} onInput={set('from')} /></label>
      <label>{common('to')}<input id="to" type="date" value={wish.to} onInput={set('to')} /></label>
      <button type="submit" class="button small">{common('show')}</button>
      <button type="button" class="button second small" onClick={clear}>{t('clear')}</button>
    </form>
  );
}

export default function Audit({ query }: { query: URLSearchParams }) {
  const asked = new URLSearchParams([...MEMBERS.flatMap((name) => (query.get(name) ? [[name, query.get(name) as string]] : [])), ['limit', '50']]);
  const list = useItems<Event_>(`/audit?${asked}`);
  const save = () => download(`${t('file')}.csv`, [[t('time'), t('role'), t('who'), t('action'), t('what'), t('orderNo'), t('change'), t('detail'), t('from'), t('stream'), '#', t('request')],
    ...(list.items ?? []).map((row) => [timeOf(row), roleOf(row.actor_role), whoOf(row), row.action, actionOf(row), row.order_no, changeOf(row), detailOf(row), row.ip, row.stream, row.seq, row.trace])]);
  return (
    <Page title={t('navAudit')}>
      <Verify />
      <section class="card">
        <Filters query={query} />
        <Table<Event_> label={t('navAudit')} list={list} keyOf={(row) => `${row.stream}/${row.seq}`} empty={t('none')} columns={[
          { name: t('time'), show: (row) => <span class="nowrap">{timeOf(row)}</span> },
          { name: t('who'), show: (row) => <span class="nowrap">{whoOf(row) ?? roleOf(row.actor_role)}{row.actor && <><br /><span class="soft">{roleOf(row.actor_role)}</span></>}</span> },
          { name: t('what'), show: (row) => <>{actionOf(row)}<br /><span class="soft mono">{row.action}</span></> },
          { name: t('orderNo'), show: (row) => (row.order_no ? <OrderLink no={row.order_no} /> : '—') },
          { name: t('change'), wide: true, show: (row) => changeOf(row) || '—' },
          { name: t('detail'), wide: true, show: (row) => detailOf(row) || '—' },
          { name: t('stream'), show: (row) => <><span class="soft mono serial">{row.stream} #{row.seq}</span><br /><span class="mono">{row.ip}</span></> },
        ]} />
        {!!list.items?.length && <p class="more"><button type="button" class="button second small" onClick={save}>{t('exportCsv')}</button></p>}
      </section>
    </Page>
  );
}
