// What stands around every page: preferences, navigation, service line.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { PreferenceButtons, redraw } from '../shared/preferences';
import { place } from '../shared/route';
import { Store, useStore } from '../shared/store';
import { account, signOut } from './session';
import { loadText, t, type Word } from './text';

export interface Service { phone: string; hours: string }
export const service = new Store<Service | null>(null);

function Preferences() {
  return (
    <section class="strip" aria-label={t('preferences')}>
      <div class="inner">
        <span class="greeting">{t('welcome')}</span>
        <PreferenceButtons t={t} loadText={loadText} />
      </div>
    </section>
  );
}

export function Shield({ size: side = 36 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={side} height={side} aria-hidden="true">
      <path fill="currentColor" d="M16 1 28 5v11c0 7-5 12-12 15C9 28 4 23 4 16V5z" />
      <path fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" d="m10 16 4.5 4.5L22.5 12" />
    </svg>
  );
}

const NAV: [string, Word][] = [['/', 'navHome'], ['/apply', 'navApply'], ['/orders', 'navOrders'], ['/guide', 'navGuide'], ['/faq', 'navFaq']];

function Header() {
  const { path } = useStore(place);
  const who = useStore(account);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const inside = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  return (
    <header class="head">
      <div class="inner">
        <a class="logo" href="/"><Shield /><span><b>{t('brand')}</b><i>{t('hallShort')}</i></span></a>
        <button type="button" class="burger" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>{t('menu')}</button>
        <nav id="nav" class={open ? 'open' : ''} aria-label={t('mainMenu')}>
          {NAV.map(([to, word]) => <a key={to} href={to} aria-current={inside(to) ? 'page' : undefined}>{t(word)}</a>)}
          <span class="who">
            {who ? <><a class="me" href="/account" aria-current={path === '/account' ? 'page' : undefined}>{who.name}<span class="unseen"> {t('settings')}</span></a><button type="button" class="link" onClick={signOut}>{t('logout')}</button></>
              : <><a href="/login">{t('login')}</a><a class="pill" href="/register">{t('register')}</a></>}
          </span>
        </nav>
      </div>
    </header>
  );
}

function Footer() {
  const now = useStore(service);
  useEffect(() => { get<Service>('/service').then(({ data }) => service.set(data), () => undefined); }, []);
  return (
    <footer class="foot">
      <div class="inner">
        <div>
          <p class="name"><Shield size={24} />{t('brand')} · {t('hall')}</p>
          <p>{now && <><span>{t('hotline')} <a href={`tel:${now.phone}`}><b>{now.phone}</b></a></span><span>{t('hours')} {now.hours}</span></>}</p>
        </div>
        <nav aria-label={t('footHelp')}>
          <a href="/guide">{t('navGuide')}</a><a href="/faq">{t('navFaq')}</a><a href="/agreement">{t('footAgreements')}</a><a href="/guide#browser">{t('footBrowser')}</a>
        </nav>
      </div>
    </footer>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  useStore(redraw);
  return (
    <>
      <a class="skip" href="#main">{t('skip')}</a>
      <Preferences />
      <Header />
      <main id="main" tabIndex={-1}>{children}</main>
      <Footer />
    </>
  );
}

/** A page with its title; the title takes the focus when one comes from another page. */
export function Page({ title, lead, aside, narrow, children }:
  { title: string; lead?: ComponentChildren; aside?: ComponentChildren; narrow?: boolean; children: ComponentChildren }) {
  useEffect(() => { document.title = t('pageTitle', { page: title }); }, [title]);
  return (
    <div class={`page${narrow ? ' narrow' : ''}`}>
      <div class="titles"><h1 tabIndex={-1}>{title}</h1>{aside}</div>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </div>
  );
}
