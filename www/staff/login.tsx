// Signing in: name, password, one-time code. Who has no codes yet gets a secret first.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post, Refusal } from '../shared/api';
import { clock, Copy, ErrorSummary, Notice, PasswordField, TextField, useSeconds } from '../shared/kit';
import { QrCode } from '../shared/qrcode';
import { go } from '../shared/route';
import { me, nextPlace, signedIn, wordsOf, type Staff } from './session';
import { Page } from './shell';
import { t } from './text';

interface Secret { totp_secret: string; totp_url: string }

function Enrolment({ secret }: { secret: Secret }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="enrolment" aria-labelledby="enrolment">
      <h2 id="enrolment" tabIndex={-1} ref={title}>{t('enrolTitle')}</h2>
      <ol><li>{t('enrol1')}</li><li>{t('enrol2')}</li><li>{t('enrol3')}</li></ol>
      <QrCode text={secret.totp_url} label={t('enrolQr')} />
      <p class="soft">{t('enrolByHand')}</p>
      <p class="secret"><code>{secret.totp_secret.replace(/(.{4})(?=.)/g, '$1 ')}</code> <Copy text={secret.totp_secret} label={t('copy')} done={t('copied')} /></p>
    </section>
  );
}

export function Login({ query }: { query: URLSearchParams }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [secret, setSecret] = useState<Secret | null>(null);
  const [tries, setTries] = useState(0);
  const [wanted, setWanted] = useState<string[]>([]);
  const [problem, setProblem] = useState('');
  const [lockedUntil, setLockedUntil] = useState(0);
  const [busy, setBusy] = useState(false);
  const locked = useSeconds(lockedUntil);
  useEffect(() => { if (me.get()) go(nextPlace(query), { replace: true }); }, []);
  const missing = [!username.trim() && { id: 'username', text: t('needUsername') }, !password && { id: 'password', text: t('needPassword') },
    !/^\d{6}$/.test(totp) && { id: 'totp', text: t('needTotp') }].filter((item) => item !== false);
  const items = missing.filter(({ id }) => wanted.includes(id));
  const errorOf = (id: string) => items.find((item) => item.id === id)?.text;
  const refused = (error: unknown) => {
    if (error instanceof Refusal && error.retryAfter && error.problem.code === 'account_locked') setLockedUntil(Date.now() + error.retryAfter * 1000);
    else setProblem(wordsOf(error));
  };
  const enrol = async () => setSecret((await post<Secret>('/enrolment', { username: username.trim(), password })).data);
  const signIn = async () => {
    try {
      signedIn((await post<Staff>('/session', { username: username.trim(), password, totp })).data);
      go(nextPlace(query), { replace: true });
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.code !== 'not_enrolled') throw error;
      if (secret) setProblem(t('enrolWrong'));
      else await enrol();
    }
  };
  /** One act at a time, once these fields are filled. */
  const attempt = async (fields: string[], act: () => Promise<void>) => {
    setTries((n) => n + 1);
    setWanted(fields);
    setProblem('');
    if (busy || missing.some(({ id }) => fields.includes(id))) return;
    setBusy(true);
    await act().catch(refused);
    setWanted([]);
    setTotp('');
    setBusy(false);
  };
  const send = (event: Event) => {
    event.preventDefault();
    void attempt(['username', 'password', 'totp'], signIn);
  };
  return (
    <Page title={t('loginLead')}>
      <form class="card login" noValidate onSubmit={send}>
        {query.has('over') && !tries && <Notice tone="warn" live>{t('sessionOver')}</Notice>}
        <div role="alert">{locked > 0 && <Notice tone="bad">{t('lockedUntil', { time: clock(locked) })}</Notice>}{problem && <Notice tone="bad">{problem}</Notice>}</div>
        <ErrorSummary title={t('errors', { n: items.length })} items={items} shown={tries} />
        {secret && <Enrolment secret={secret} />}
        <div class="stacked">
          {!secret && <TextField id="username" label={t('username')} required value={username} onValue={setUsername} error={errorOf('username')} autoComplete="username" autoCapitalize="none" spellcheck={false} maxLength={32} />}
          {!secret && <PasswordField id="password" label={t('password')} required value={password} onValue={setPassword} error={errorOf('password')} autoComplete="current-password" maxLength={72} show={t('showPassword')} hide={t('hidePassword')} />}
          <TextField id="totp" label={t('totp')} required value={totp} onValue={(value) => setTotp(value.replace(/\D/g, ''))} error={errorOf('totp')} hint={t('totpHint')} autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
          <button type="submit" class="button" disabled={locked > 0}>{t(secret ? 'enrolButton' : 'loginButton')}</button>
          {!secret && <p class="first"><button type="button" class="quiet" disabled={locked > 0} onClick={() => attempt(['username', 'password'], enrol)}>{t('enrolOpen')}</button></p>}
        </div>
      </form>
      <div class="login-notes"><p>{t('loginNote1')}</p><p>{t('loginNote2')}</p></div>
    </Page>
  );
}
