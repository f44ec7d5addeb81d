// The hall of the applicants: which page stands at which address.
import './common';
import { render, type ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { redraw } from '../shared/preferences';
import { applyPreferences } from '../shared/prefs';
import { focusMain, go, place, startRouting } from '../shared/route';
import { useStore } from '../shared/store';
import { account, findAccount, loginPath } from './session';
import { Page, Shell } from './shell';
import { later, loadText, t } from './text';

type View = ComponentType<{ query: URLSearchParams }>;
interface Route { load: () => Promise<{ default: View }>; signedIn?: boolean }

const begin = (name: 'Choose' | 'Start' | 'Work') => () => import('./begin').then((part) => ({ default: part[name] as View }));
const front = () => import('./front').then((part) => ({ default: part.Home as View }));
const orders = (name: 'Orders' | 'Detail') => () => import('./orders').then((part) => ({ default: part[name] as View }));
const person = (name: 'Login' | 'Register' | 'Reset' | 'Settings') => () => import('./person').then((part) => ({ default: part[name] as View }));
const reading = (name: 'Guide' | 'Faq' | 'Agreement') => () => import('./reading').then((part) => ({ default: part[name] as View }));

const ROUTES: Record<string, Route> = {
  '/': { load: front },
  '/login': { load: person('Login') },
  '/register': { load: person('Register') },
  '/reset-password': { load: person('Reset') },
  '/apply': { load: begin('Choose') },
  '/apply/new': { load: begin('Start'), signedIn: true },
  '/apply/order': { load: begin('Work'), signedIn: true },
  '/orders': { load: orders('Orders'), signedIn: true },
  '/orders/order': { load: orders('Detail'), signedIn: true },
  '/account': { load: person('Settings'), signedIn: true },
  '/guide': { load: reading('Guide') },
  '/faq': { load: reading('Faq') },
  '/agreement': { load: reading('Agreement') },
};

function Missing() {
  return <Page title={t('notFound')}><div class="card"><p>{t('notFoundText')}</p><p><a class="button" href="/">{t('toHome')}</a></p></div></Page>;
}

/** A page whose code comes when it is asked for. */
function Later({ load, query }: { load: () => Promise<{ default: View }>; query: URLSearchParams }) {
  const [view, setView] = useState<{ View: View } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => { later(load()).then((module) => setView({ View: module.default }), () => setFailed(true)); }, [load]);
  if (failed) return <Page title={t('loadFailed')}><div class="card"><button type="button" class="button" onClick={() => location.reload()}>{t('retry')}</button></div></Page>;
  return view ? <view.View query={query} /> : <p class="loading" role="status">{t('loading')}</p>;
}

function Current() {
  const { path, query } = useStore(place);
  const who = useStore(account);
  const route = ROUTES[path];
  const locked = route?.signedIn && !who;
  useEffect(() => { if (locked && who === null) go(loginPath(path + location.search), { replace: true }); }, [locked, who]);
  if (!route) return <Missing />;
  if (locked) return <p class="loading" role="status">{t('loading')}</p>;
  return <Later key={path} load={route.load} query={query} />;
}

function App() {
  const { path } = useStore(place);
  useStore(redraw);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else focusMain();
  }, [path]);
  return <Shell><Current /></Shell>;
}

applyPreferences();
startRouting();
void Promise.all([loadText(), findAccount()]).then(() => render(<App />, document.getElementById('hall') as HTMLElement));
