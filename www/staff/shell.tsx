// What stands around every page: the side menu, preferences, who is signed in.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { clock, Notice } from '../shared/kit';
import { PreferenceButtons } from '../shared/preferences';
import { place } from '../shared/route';
import { Store, useStore } from '../shared/store';
import { answeredAt, me, signOut, type Staff } from './session';
import { loadText, t, type Word } from './text';

/** icon: the path of a drawing in a square of 24. */
export interface Entry { path: string; word: Word; group: Word; icon: string }

/** How much waits behind a menu entry, by its path; set by the pages that know. */
export const waiting = new Store<Record<string, number>>({});

export function Shield({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path fill="#3d8be0" d="M16 1 28 5v11c0 7-5 12-12 15C9 28 4 23 4 16V5z" />
      <path fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" d="m10 16 4.5 4.5L22.5 12" />
    </svg>
  );
}

export function Icon({ path }: { path: string }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg>;
}

/** The entry that the page belongs to: the longest path that it begins with. */
const entryOf = (menu: Entry[], path: string): string | undefined =>
  menu.filter((entry) => path === entry.path || (entry.path !== '/' && path.startsWith(`${entry.path}/`))).sort((a, b) => b.path.length - a.path.length)[0]?.path;

function Menu({ menu, open }: { menu: Entry[]; open: boolean }) {
  const { path } = useStore(place);
  const counts = useStore(waiting);
  const who = useStore(me);
  const groups = [...new Set(menu.map(({ group }) => group))];
  const here = entryOf(menu, path);
  return (
    <div id="menu" class={`sidemenu${open ? ' open' : ''}`}>
      <nav aria-label={t('mainMenu')}>
        {groups.map((group) => (
          <div key={group}>
            <p class="group" id={`menu-${group}`}>{t(group)}</p>
            <ul aria-labelledby={`menu-${group}`}>
              {menu.filter((entry) => entry.group === group).map((entry) => (
                <li key={entry.path}>
                  <a href={entry.path} aria-current={here === entry.path ? 'page' : undefined}>
                    <Icon path={entry.icon} /><span>{t(entry.word)}</span>
                    {counts[entry.path] > 0 && <b class="count"><span aria-hidden="true">{counts[entry.path] > 999 ? '999+' : counts[entry.path]}</span><span class="unseen">{t('waiting', { n: counts[entry.path] })}</span></b>}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {who && (
        <div class="who">
          <p><span class="unseen">{t('me')} </span><b>{who.name}</b><span>{who.roles.map((role) => t(`r_${role}`)).join('、')}</span></p>
          <button type="button" onClick={signOut}>{t('logout')}</button>
        </div>
      )}
    </div>
  );
}

const WARN_S = 120;

/** Says in time that the session ends because nothing has been asked for. */
function Idle({ who }: { who: Staff }) {
  const since = useStore(answeredAt);
  const [left, setLeft] = useState(Infinity);
  useEffect(() => {
    const look = () => setLeft(Math.ceil(who.idle_s - (Date.now() - since) / 1000));
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [since, who.idle_s]);
  if (left > WARN_S) return null;
  const stay = () => get('/session').catch(() => undefined);
  return (
    <div class="sessionEnds" role="alert">
      <Notice tone="warn">{left > 0 ? t('idle', { time: clock(left - (left > 15 ? left % 15 : 0)) }) : t('idleOver')} <button type="button" class="button small" onClick={stay}>{t(left > 0 ? 'idleStay' : 'login')}</button></Notice>
    </div>
  );
}

/** menu null: nobody is signed in. */
export function Shell({ menu, children }: { menu: Entry[] | null; children: ComponentChildren }) {
  const { path } = useStore(place);
  const who = useStore(me);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <div class={menu ? 'frame' : 'frame bare'}>
      <a class="skip" href="#main">{t('skip')}</a>
      <header class="side">
        <div class="brand">
          <a href="/"><Shield /><span>{t('desk')}</span></a>
          {menu && <button type="button" class="burger" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>{t('menu')}</button>}
        </div>
        {menu && <Menu menu={menu} open={open} />}
      </header>
      <section class="strip" aria-label={t('preferences')}><PreferenceButtons t={t} loadText={loadText} /></section>
      <main id="main" tabIndex={-1}>{children}</main>
      {menu && who && <Idle who={who} />}
    </div>
  );
}

/** A page with its title. */
export function Page({ title, lead, aside, children }: { title: string; lead?: ComponentChildren; aside?: ComponentChildren; children: ComponentChildren }) {
  useEffect(() => { document.title = t('pageTitle', { page: title }); }, [title]);
  return (
    <div class="page">
      <div class="titles"><h1 tabIndex={-1}>{title}</h1>{aside}</div>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </div>
  );
}
