// Signing in: name, password, one-time code.
import { useEffect, useState } from 'preact/hooks';
import { post, Refusal } from '../shared/api';
import { clock, ErrorSummary, Notice, PasswordField, TextField, useSeconds } from '../shared/kit';
import { go } from '../shared/route';
import { me, nextPlace, signedIn, wordsOf, type Staff } from './session';
import { Page } from './shell';
import { t } from './text';

export function Login({ query }: { query: URLSearchParams }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [tries, setTries] = useState(0);
  const [problem, setProblem] = useState('');
  const [lockedUntil, setLockedUntil] = useState(0);
  const [busy, setBusy] = useState(false);
  const locked = useSeconds(lockedUntil);
  useEffect(() => { if (me.get()) go(nextPlace(query), { replace: true }); }, []);
  const missing = [!username.trim() && { id: 'username', text: t('needUsername') }, !password && { id: 'password', text: t('needPassword') },
    !/^\d{6}$/.test(totp) && { id: 'totp', text: t('needTotp') }].filter((item) => item !== false);
  const errorOf = (id: string) => (tries ? missing.find((item) => item.id === id)?.text : undefined);
  const items = problem ? [{ id: 'username', text: problem }] : tries ? missing : [];
  const send = async (event: Event) => {
    event.preventDefault();
    setTries((n) => n + 1);
    setProblem('');
    if (missing.length || busy) return;
    setBusy(true);
    try {
      signedIn((await post<Staff>('/session', { username: username.trim(), password, totp })).data);
      go(nextPlace(query), { replace: true });
    } catch (error) {
      if (error instanceof Refusal && error.retryAfter && error.problem.code === 'account_locked') setLockedUntil(Date.now() + error.retryAfter * 1000);
      else setProblem(wordsOf(error));
      setTotp('');
      setTries(0);
      setBusy(false);
    }
  };
  return (
    <Page title={t('loginLead')}>
      <form class="card login" noValidate onSubmit={send}>
        {query.has('over') && !tries && <Notice tone="warn" live>{t('sessionOver')}</Notice>}
        <div role="alert">{locked > 0 && <Notice tone="bad">{t('lockedUntil', { time: clock(locked) })}</Notice>}{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <ErrorSummary title={t('errors', { n: items.length })} items={problem ? [] : items} shown={tries} />
        <div class="stacked">
          <TextField id="username" label={t('username')} required value={username} onValue={setUsername} error={errorOf('username')} autoComplete="username" autoCapitalize="none" spellcheck={false} maxLength={32} />
          <PasswordField id="password" label={t('password')} required value={password} onValue={setPassword} error={errorOf('password')} autoComplete="current-password" maxLength={72} show={t('showPassword')} hide={t('hidePassword')} />
          <TextField id="totp" label={t('totp')} required value={totp} onValue={(value) => setTotp(value.replace(/\D/g, ''))} error={errorOf('totp')} hint={t('totpHint')} autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
          <button class="button" disabled={locked > 0}>{t('loginButton')}</button>
        </div>
      </form>
      <div class="login-notes"><p>{t('loginNote1')}</p><p>{t('loginNote2')}</p></div>
    </Page>
  );
}
