// 账号设置: password, phone, the places signed in at.
import { useEffect, useState } from 'preact/hooks';
import { call, get, put } from '../shared/api';
import { Badge, Notice, PasswordField } from '../shared/kit';
import { useStore } from '../shared/store';
import { CodeField, needCode, needPhone, PhoneField, useForm, Wrong } from './account';
import { wordsOf } from './order';
import { account, lostSession, signedIn, signOut, type Account } from './session';
import { Page } from './shell';
import { moment, t } from './text';

const masked = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(7)}`;

function CurrentPassword({ id, value, onValue, error }: { id: string; value: string; onValue: (value: string) => void; error?: string }) {
  return <PasswordField id={id} label={t('currentPassword')} required value={value} onValue={onValue} error={error} autoComplete="current-password" show={t('showPassword')} hide={t('hidePassword')} />;
}

function ChangePassword() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const form = useForm(
    async () => {
      setDone(false);
      signedIn((await put<Account>('/account/password', { current_password: current, password })).data);
      setCurrent('');
      setPassword('');
      setDone(true);
    },
    () => ({ ...(current ? {} : { current_password: t('needCurrent') }), ...(password ? {} : { password: t('needPassword') }) }),
  );
  return (
    <section class="card" aria-labelledby="change-password">
      <h2 id="change-password">{t('changePassword')}</h2>
      <form class="stacked" noValidate onSubmit={form.submit}>
        {done && <Notice tone="good" live>{t('passwordChanged')}</Notice>}
        <Wrong errors={form.errors} tries={form.tries} />
        <CurrentPassword id="current_password" value={current} onValue={setCurrent} error={form.errors.current_password} />
        <PasswordField id="password" label={t('newPassword')} required value={password} onValue={setPassword} error={form.errors.password} hint={t('passwordHint')}
          autoComplete="new-password" show={t('showPassword')} hide={t('hidePassword')} />
        <button type="submit" class="button" disabled={form.busy}>{t('savePassword')}</button>
      </form>
    </section>
  );
}

function ChangePhone() {
  const [current, setCurrent] = useState('');
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState('');
  const form = useForm(
    async () => {
      setDone('');
      signedIn((await put<Account>('/account/phone', { current_password: current, phone, sms_code: code })).data);
      setDone(masked(phone));
      setCurrent('');
      setPhone('');
      setCode('');
    },
    () => ({ ...(current ? {} : { 'phone-current_password': t('needCurrent') }), ...needPhone(phone), ...needCode(code) }),
  );
  const wrongPassword = form.errors['phone-current_password'] ?? form.errors.current_password;
  const { current_password: told, ...others } = form.errors;
  return (
    <section class="card" aria-labelledby="change-phone">
      <h2 id="change-phone">{t('changePhone')}</h2>
      <form class="stacked" noValidate onSubmit={form.submit}>
        {done ? <Notice tone="good" live>{t('phoneChanged', { phone: done })}</Notice> : <Notice>{t('changePhoneNote')}</Notice>}
        <Wrong errors={told ? { ...others, 'phone-current_password': told } : form.errors} tries={form.tries} />
        <CurrentPassword id="phone-current_password" value={current} onValue={setCurrent} error={wrongPassword} />
        <PhoneField label={t('newPhone')} value={phone} onValue={setPhone} error={form.errors.phone} />
        <CodeField phone={phone} purpose="change_phone" value={code} onValue={setCode} error={form.errors.sms_code} fail={form.fail} />
        <button type="submit" class="button" disabled={form.busy}>{t('savePhone')}</button>
      </form>
    </section>
  );
}

interface Session { id: string; began_at: string; ip: string | null; device: string | null; is_current: boolean }

/** "Windows 上的 Chrome", as far as the browser said. Names that others pretend to be come last. */
function deviceName(agent: string | null): string {
  const first = (names: [RegExp, string][]) => names.find(([fits]) => fits.test(agent ?? ''))?.[1];
  const browser = first([[/MicroMessenger/, t('wechat')], [/Edg/, 'Edge'], [/Firefox/, 'Firefox'], [/QQBrowser/, 'QQBrowser'], [/Chrome/, 'Chrome'], [/Safari/, 'Safari']]);
  const system = first([[/HarmonyOS/, 'HarmonyOS'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']]);
  if (browser && system) return t('deviceIs', { browser, system });
  return browser ?? system ?? t('unknownDevice');
}

function Sessions() {
  const [items, setItems] = useState<Session[] | null>(null);
  const [said, setSaid] = useState<{ tone: 'good' | 'bad'; text: string } | null>(null);
  const load = () => get<{ items: Session[] }>('/account/sessions').then(({ data }) => setItems(data.items),
    (error) => { if (!lostSession(error)) setSaid({ tone: 'bad', text: wordsOf(error) }); });
  useEffect(() => { void load(); }, []);
  const end = async (id: string) => {
    try {
      await call('DELETE', `/account/sessions/${id}`);
      setSaid({ tone: 'good', text: t('signedOutThere') });
    } catch (error) {
      if (lostSession(error)) return;
      setSaid({ tone: 'bad', text: wordsOf(error) });
    }
    await load();
    document.getElementById('sessions')?.focus();
  };
  const endAll = async () => {
    try {
      await call('DELETE', '/account/sessions');
      await signOut();
    } catch (error) {
      if (!lostSession(error)) setSaid({ tone: 'bad', text: wordsOf(error) });
    }
  };
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions" tabIndex={-1}>{t('sessionsTitle')}</h2>
      <p class="lead">{t('sessionsLead')}</p>
      {said && <Notice tone={said.tone} live>{said.text}</Notice>}
      {!items && !said && <p class="loading" role="status">{t('loading')}</p>}
      {items && (
        <ul class="papers">
          {items.map((one) => (
            <li key={one.id}>
              <span><b>{deviceName(one.device)}</b> {one.is_current && <Badge tone="good">{t('thisDevice')}</Badge>}<br /><span class="hint">{one.ip} · {t('sinceAt', { at: moment(one.began_at) })}</span></span>
              {!one.is_current && <button type="button" class="button second small" onClick={() => end(one.id)}>{t('signOutThere')}</button>}
            </li>
          ))}
        </ul>
      )}
      <p class="bar"><button type="button" class="button second" onClick={endAll}>{t('signOutEverywhere')}</button></p>
    </section>
  );
}

export default function Settings() {
  const who = useStore(account);
  if (!who) return null;
  return (
    <Page title={t('settings')}>
      <section class="card" aria-labelledby="account">
        <h2 id="account">{t('accountCard')}</h2>
        <dl class="bill">
          <div><dt>{t('name')}</dt><dd>{who.name}</dd></div><div><dt>{t('phone')}</dt><dd>{masked(who.phone)}</dd></div><div><dt>{t('registeredAt')}</dt><dd>{moment(who.created_at)}</dd></div>
        </dl>
      </section>
      <div class="settings"><ChangePassword /><ChangePhone /></div>
      <Sessions />
    </Page>
  );
}
