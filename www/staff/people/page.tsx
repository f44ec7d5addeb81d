// 人员与角色: who works here, as what; passwords and one-time codes given anew.
import { useState } from 'preact/hooks';
import { call, post } from '../../shared/api';
import { Badge, Notice, PasswordField, TextField, Tick } from '../../shared/kit';
import { Ask, useSaid, type Faults } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { me, type Role } from '../session';
import { Page } from '../shell';
import { moment } from '../text';
import { t } from './text';

interface Person { id: string; username: string; name: string; roles: Role[]; state: 'active' | 'closed'; totp_enrolled: boolean; created_at: string }
type Act = { kind: 'add' } | { kind: 'edit' | 'reset' | 'enrol' | 'close' | 'open'; row: Person } | null;

const ROLES: Role[] = ['reviewer', 'finance', 'production', 'auditor', 'administrator'];
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Sixteen letters and digits that are not mistaken for one another. */
function randomPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(64));
  return Array.from(bytes).filter((byte) => byte < 256 - (256 % LETTERS.length)).slice(0, 16).map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

function Roles({ roles, set, error }: { roles: Role[]; set: (roles: Role[]) => void; error?: string }) {
  return (
    <fieldset class={`field rolesField${error ? ' wrong' : ''}`} aria-describedby={error ? 'roles-error' : 'roles-hint'}>
      <legend><span class="star" aria-hidden="true">*</span>{t('roles')}</legend>
      <div class="control">
        {ROLES.map((role) => <Tick key={role} id={`role-${role}`} checked={roles.includes(role)} onValue={(on) => set(ROLES.filter((one) => (one === role ? on : roles.includes(one))))}><b>{common(`r_${role}`)}</b> <span class="soft">{t(`r_${role}`)}</span></Tick>)}
        <p class="hint" id="roles-hint">{t('rolesHint')}</p>
        {error && <p class="error" id="roles-error">{error}</p>}
      </div>
    </fieldset>
  );
}

function Password({ label, value, set, error }: { label: string; value: string; set: (value: string) => void; error?: string }) {
  return <>
    <PasswordField id="password" label={label} required value={value} onValue={set} error={error} hint={t('passwordHint')} autoComplete="new-password" maxLength={72} show={t('show')} hide={t('hide')} />
    <p><button type="button" class="button second small" onClick={() => set(randomPassword())}>{t('generate')}</button> {value.length === 16 && <code class="mono made">{value}</code>}</p>
  </>;
}

const firstFault = (faults: Faults, pointer: string) => faults[pointer] ?? Object.entries(faults).find(([name]) => name.startsWith(`${pointer}/`))?.[1];

function Add({ close, done }: { close: () => void; done: (text: string) => void }) {
  const [username, setUsername] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [roles, setRoles] = useState<Role[]>([]);
  const check = (): Faults => ({ ...(!username && { '/username': common('needText') }), ...(!name.trim() && { '/name': common('needText') }), ...(!password && { '/password': common('needText') }), ...(!roles.length && { '/roles': t('needRole') }) });
  return (
    <Ask title={t('addTitle')} confirm={t('add')} close={close} check={check} act={(key) => post('/staff', { username, name: name.trim(), password, roles }, { key })} done={() => done(t('added', { name: name.trim() }))}>
      {(faults) => <>
        <p>{t('addText')}</p>
        <TextField id="username" label={t('username')} required hint={t('usernameHint')} value={username} onValue={(value) => setUsername(value.trim())} error={faults['/username']} maxLength={32} autoComplete="off" autoCapitalize="none" spellcheck={false} />
        <TextField id="name" label={t('name')} required value={name} onValue={setName} error={faults['/name']} maxLength={40} autoComplete="off" />
        <Password label={t('password')} value={password} set={setPassword} error={faults['/password']} />
        <Roles roles={roles} set={setRoles} error={firstFault(faults, '/roles')} />
      </>}
    </Ask>
  );
}

function Edit({ row, close, done }: { row: Person; close: () => void; done: (text: string) => void }) {
  const own = row.id === me.get()?.id;
  const [name, setName] = useState(row.name);
  const [roles, setRoles] = useState(row.roles);
  return (
    <Ask title={t('editTitle', { name: row.name })} confirm={t('save')} close={close} check={(): Faults => ({ ...(!name.trim() && { '/name': common('needText') }), ...(!roles.length && { '/roles': t('needRole') }) })}
      act={() => call('PATCH', `/staff/${row.id}`, { json: { name: name.trim(), ...(!own && { roles }) } })} done={() => done(t('saved', { name: name.trim() }))}>
      {(faults) => <>
        <TextField id="name" label={t('name')} required value={name} onValue={setName} error={faults['/name']} maxLength={40} autoComplete="off" />
        {own ? <Notice>{t('ownRoles')}</Notice> : <Roles roles={roles} set={setRoles} error={firstFault(faults, '/roles')} />}
      </>}
    </Ask>
  );
}

function Reset({ row, close, done }: { row: Person; close: () => void; done: (text: string) => void }) {
  const [password, setPassword] = useState('');
  return (
    <Ask title={t('resetTitle', { name: row.name })} confirm={t('reset')} danger close={close} check={(): Record<string, string> => (password ? {} : { '/password': common('needText') })}
      act={() => call('PATCH', `/staff/${row.id}`, { json: { password } })} done={() => done(t('resetDone', { name: row.name }))}>
      {(faults) => <><p>{t('resetText')} {t('addText')}</p><Password label={t('newPassword')} value={password} set={setPassword} error={faults['/password']} /></>}
    </Ask>
  );
}

export default function People() {
  const list = useItems<Person>('/staff');
  const [act, setAct] = useState<Act>(null);
  const [said, say] = useSaid();
  const close = () => setAct(null);
  const done = (text: string) => { close(); say(text); void list.reload(); };
  const button = (kind: 'edit' | 'reset' | 'enrol' | 'close' | 'open', row: Person) => <button type="button" class="quiet" onClick={() => setAct({ kind, row })}>{t(kind)}<span class="unseen"> {row.name}</span></button>;
  const simple = (kind: 'enrol' | 'close' | 'open', row: Person, json: unknown) => (
    <Ask title={t(`${kind}Title`, { name: row.name })} confirm={t(kind)} danger={kind !== 'open'} close={close} act={() => call('PATCH', `/staff/${row.id}`, { json })} done={() => done(t(`${kind}Done`, { name: row.name }))}><p>{t(`${kind}Text`)}</p></Ask>
  );
  return (
    <Page title={t('navStaff')} lead={t('lead')} aside={<button type="button" class="button" onClick={() => setAct({ kind: 'add' })}>{t('add')}</button>}>
      {said}
      <section class="card">
        <Table<Person> label={t('navStaff')} list={list} keyOf={(row) => row.id} empty={t('none')} columns={[
          { name: t('name'), show: (row) => <><b>{row.name}</b>{row.id === me.get()?.id && ` (${t('self')})`}<br /><span class="soft mono">{row.username}</span></> },
          { name: t('roles'), wide: true, show: (row) => row.roles.map((role) => common(`r_${role}`)).join('、') },
          { name: t('state'), show: (row) => <Badge tone={row.state === 'active' ? 'good' : 'warn'}>{t(row.state)}</Badge> },
          { name: t('totp'), show: (row) => t(row.totp_enrolled ? 'enrolled' : 'notEnrolled') },
          { name: t('since'), show: (row) => moment(row.created_at, { time: false }) },
          { name: common('action'), show: (row) => <>{button('edit', row)} {button('reset', row)} {row.id !== me.get()?.id && <>{button('enrol', row)} {button(row.state === 'active' ? 'close' : 'open', row)}</>}</> },
        ]} />
      </section>
      {act?.kind === 'add' && <Add close={close} done={done} />}
      {act?.kind === 'edit' && <Edit row={act.row} close={close} done={done} />}
      {act?.kind === 'reset' && <Reset row={act.row} close={close} done={done} />}
      {act?.kind === 'enrol' && simple('enrol', act.row, { enrol_again: true })}
      {act?.kind === 'close' && simple('close', act.row, { state: 'closed' })}
      {act?.kind === 'open' && simple('open', act.row, { state: 'active' })}
    </Page>
  );
}
