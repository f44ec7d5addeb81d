// Registration, signing in, a new password.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { post, Refusal } from '../shared/api';
import { ErrorSummary, Notice, PasswordField, TextField, useSeconds, type Message } from '../shared/kit';
import { go } from '../shared/route';
import { useStore } from '../shared/store';
import { account, nextPlace, signedIn, type Account } from './session';
import { Page } from './shell';
import { t } from './text';

type Purpose = 'register' | 'login' | 'reset_password' | 'change_phone';
type Errors = Record<string, string>;
const MOBILE = /^1[3-9]\d{9}$/;

/** What a refusal says of each field; what names none stands on top. */
function errorsOf(error: unknown): Errors {
  if (!(error instanceof Refusal)) throw error;
  const { code, detail, errors = [] } = error.problem;
  if (code === 'sms_code_wrong') return { sms_code: detail };
  if (code === 'phone_taken') return { phone: detail };
  if (errors.length) return Object.fromEntries(errors.map((fault) => [fault.pointer.slice(1), fault.detail]));
  return { form: detail };
}

export function useForm(send: () => Promise<void>, check: () => Errors) {
  const [errors, setErrors] = useState<Errors>({});
  const [tries, setTries] = useState(0);
  const [busy, setBusy] = useState(false);
  const fail = (found: Errors) => {
    setErrors(found);
    setTries((n) => n + 1);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const found = check();
    if (Object.keys(found).length) return fail(found);
    setBusy(true);
    setErrors({});
    try {
      await send();
    } catch (error) {
      fail(errorsOf(error));
    }
    setBusy(false);
  };
  return { errors, setErrors, tries, busy, submit, fail };
}

const listOf = (errors: Errors): Message[] => Object.entries(errors).map(([id, text]) => ({ id, text }));

export function Wrong({ errors, tries }: { errors: Errors; tries: number }) {
  const items = listOf(errors);
  return <ErrorSummary title={errors.form ? t('failed') : t('errors', { n: items.length })} items={items} shown={tries} />;
}

export function PhoneField({ value, onValue, error, label = t('phone') }: { value: string; onValue: (value: string) => void; error?: string; label?: string }) {
  return <TextField id="phone" label={label} required value={value} onValue={(v) => onValue(v.replace(/[^\d]/g, '').slice(0, 11))} error={error}
    inputMode="numeric" autoComplete="tel-national" placeholder={t('phoneHint')} />;
}

/** The code with the button that sends it and counts down until it may be sent again. */
export function CodeField({ phone, purpose, value, onValue, error, fail }:
  { phone: string; purpose: Purpose; value: string; onValue: (value: string) => void; error?: string; fail: (errors: Errors) => void }) {
  const [until, setUntil] = useState(0);
  const [sent, setSent] = useState('');
  const busy = useRef(false);
  const seconds = useSeconds(until);
  const send = async () => {
    if (!MOBILE.test(phone)) return fail({ phone: phone ? t('badPhone') : t('needPhone') });
    if (busy.current) return;
    busy.current = true;
    try {
      const { data } = await post<{ retry_after: number }>('/sms-codes', { phone, purpose });
      setUntil(Date.now() + data.retry_after * 1000);
      setSent(phone);
      document.getElementById('sms_code')?.focus();
    } catch (error) {
      if (error instanceof Refusal && error.retryAfter) setUntil(Date.now() + error.retryAfter * 1000);
      fail(errorsOf(error));
    }
    busy.current = false;
  };
  const button = (
    <button type="button" class="button second small" disabled={seconds > 0} onClick={send}>
      {seconds > 0 ? t('smsWait', { n: seconds }) : sent ? t('smsAgain') : t('smsSend')}
    </button>
  );
  return (
    <>
      <TextField id="sms_code" label={t('smsCode')} required value={value} onValue={(v) => onValue(v.replace(/\D/g, '').slice(0, 6))} error={error}
        inputMode="numeric" autoComplete="one-time-code" after={button} />
      <p class="sent" role="status">{sent && t('smsSent', { phone: `${sent.slice(0, 3)}****${sent.slice(7)}` })}</p>
    </>
  );
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Page title={title} narrow>
      <div class="account">
        <div class="card">{children}</div>
        <aside class="card tips" aria-label={t('asideTitle')}>
          <h2>{t('asideTitle')}</h2>
          <ul><li>{t('aside1')}</li><li>{t('aside2')}</li><li>{t('aside3')}</li></ul>
        </aside>
      </div>
    </Page>
  );
}

export const needPhone = (phone: string): Errors => (MOBILE.test(phone) ? {} : { phone: phone ? t('badPhone') : t('needPhone') });
export const needCode = (code: string): Errors => (/^\d{6}$/.test(code) ? {} : { sms_code: t('needCode') });
const needPassword = (password: string): Errors => (password ? {} : { password: t('needPassword') });

export function Login({ query }: { query: URLSearchParams }) {
  const who = useStore(account);
  const [byCode, setByCode] = useState(false);
  const [phone, setPhone] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const next = nextPlace(query);
  useEffect(() => { if (who) go(next, { replace: true }); }, [who]);
  const form = useForm(
    async () => signedIn((await post<Account>('/sessions', byCode ? { phone, sms_code: code } : { phone, password })).data),
    () => ({ ...needPhone(phone), ...(byCode ? needCode(code) : needPassword(password)) }),
  );
  const choose = (to: boolean) => {
    setByCode(to);
    form.setErrors({});
  };
  return (
    <Frame title={t('loginTitle')}>
      {query.get('over') && <Notice tone="warn" live>{t('sessionOver')}</Notice>}
      {query.get('reset') && <Notice tone="good" live>{t('resetDone')}</Notice>}
      <div class="tabs" role="group" aria-label={t('loginWays')}>
        <button type="button" aria-pressed={!byCode} onClick={() => choose(false)}>{t('loginByPassword')}</button>
        <button type="button" aria-pressed={byCode} onClick={() => choose(true)}>{t('loginByCode')}</button>
      </div>
      <form class="stacked" noValidate onSubmit={form.submit}>
        <Wrong errors={form.errors} tries={form.tries} />
        <PhoneField value={phone} onValue={setPhone} error={form.errors.phone} />
        {byCode
          ? <CodeField phone={phone} purpose="login" value={code} onValue={setCode} error={form.errors.sms_code} fail={form.fail} />
          : <PasswordField id="password" label={t('password')} required value={password} onValue={setPassword} error={form.errors.password}
              autoComplete="current-password" show={t('showPassword')} hide={t('hidePassword')} />}
        <button type="submit" class="button full" disabled={form.busy}>{t('login')}</button>
        <p class="links"><span>{t('noAccount')} <a href={`/register${location.search}`}>{t('register')}</a></span><a href="/reset-password">{t('forgot')}</a></p>
      </form>
    </Frame>
  );
}

export function Register({ query }: { query: URLSearchParams }) {
  const who = useStore(account);
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const next = query.get('next') ? nextPlace(query) : '/apply';
  useEffect(() => { if (who) go(next, { replace: true }); }, [who]);
  const form = useForm(
    async () => signedIn((await post<Account>('/accounts', { phone, sms_code: code, password, name: name.trim() })).data),
    () => ({ ...needPhone(phone), ...needCode(code), ...(name.trim() ? {} : { name: t('needName') }), ...needPassword(password) }),
  );
  return (
    <Frame title={t('registerTitle')}>
      <form class="stacked" noValidate onSubmit={form.submit}>
        <Wrong errors={form.errors} tries={form.tries} />
        <Notice>{t('registerNote')}</Notice>
        <PhoneField value={phone} onValue={setPhone} error={form.errors.phone} />
        <CodeField phone={phone} purpose="register" value={code} onValue={setCode} error={form.errors.sms_code} fail={form.fail} />
        <TextField id="name" label={t('name')} required value={name} onValue={setName} error={form.errors.name} hint={t('nameHint')} autoComplete="name" maxLength={40} />
        <PasswordField id="password" label={t('password')} required value={password} onValue={setPassword} error={form.errors.password} hint={t('passwordHint')}
          autoComplete="new-password" show={t('showPassword')} hide={t('hidePassword')} />
        <button type="submit" class="button full" disabled={form.busy}>{t('registerButton')}</button>
        <p class="links"><span>{t('haveAccount')} <a href={`/login${location.search}`}>{t('login')}</a></span></p>
      </form>
    </Frame>
  );
}

export function Reset() {
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(
    async () => {
      await post('/password-resets', { phone, sms_code: code, password });
      signedIn(null);
      go('/login?reset=1');
    },
    () => ({ ...needPhone(phone), ...needCode(code), ...needPassword(password) }),
  );
  return (
    <Frame title={t('resetTitle')}>
      <form class="stacked" noValidate onSubmit={form.submit}>
        <Wrong errors={form.errors} tries={form.tries} />
        <PhoneField value={phone} onValue={setPhone} error={form.errors.phone} />
        <CodeField phone={phone} purpose="reset_password" value={code} onValue={setCode} error={form.errors.sms_code} fail={form.fail} />
        <PasswordField id="password" label={t('newPassword')} required value={password} onValue={setPassword} error={form.errors.password} hint={t('passwordHint')}
          autoComplete="new-password" show={t('showPassword')} hide={t('hidePassword')} />
        <button type="submit" class="button full" disabled={form.busy}>{t('resetButton')}</button>
        <p class="links"><a href="/login">{t('back')}</a></p>
      </form>
    </Frame>
  );
}
