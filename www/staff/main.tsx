// The staff desk: which page stands at which address, who may open it, and where the menu names it.
import { render, type ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { redraw } from '../shared/preferences';
import { applyPreferences } from '../shared/prefs';
import { focusMain, go, place, startRouting } from '../shared/route';
import { useStore } from '../shared/store';
import { Login } from './login';
import { findMe, has, loginPath, me, type Role } from './session';
import { Page, Shell, type Entry } from './shell';
import { loadText, t } from './text';
import { lookAtWork } from './work';

type View = ComponentType<{ query: URLSearchParams }>;
interface Route { load: () => Promise<{ default: View }>; roles?: Role[]; menu?: Omit<Entry, 'path'> }

const ALL: Role[] = ['reviewer', 'finance', 'production', 'auditor', 'administrator'];

/** In the order of the menu; a page without a menu entry belongs to the one whose path it begins with. */
const ROUTES: Record<string, Route> = {
  '/': { load: () => import('./desk'), roles: ALL, menu: { word: 'navDesk', group: 'gWork', icon: 'M3 11 12 4l9 7v9h-6v-6H9v6H3z' } },
  '/reviews': { load: () => import('./review/queue'), roles: ['reviewer'], menu: { word: 'navReviews', group: 'gWork', icon: 'M5 3h10l4 4v14H5zM9 12l2 2 4-4' } },
  '/reviews/order': { load: () => import('./review/review'), roles: ['reviewer', 'administrator'] },
  '/identity-checks': { load: () => import('./review/identity'), roles: ['reviewer', 'administrator'], menu: { word: 'navIdentity', group: 'gWork', icon: 'M3 5h18v14H3zM8 11a2 2 0 1 0 0-.1M5 16c1-3 5-3 6 0M14 10h4M14 14h4' } },
  '/orders': { load: () => import('./orders'), roles: ALL, menu: { word: 'navOrders', group: 'gWork', icon: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5' } },
  '/orders/order': { load: () => import('./order'), roles: ALL },
  '/finance': { load: () => import('./finance/page'), roles: ['finance', 'auditor'], menu: { word: 'navFinance', group: 'gMoney', icon: 'M3 6h18v12H3zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M6 9v6M18 9v6' } },
  '/bank-verifications': { load: () => import('./bank/page'), roles: ALL, menu: { word: 'navBank', group: 'gMoney', icon: 'M3 9 12 4l9 5M4 20h16M6 10v8M10 10v8M14 10v8M18 10v8' } },
  '/issuance': { load: () => import('./making/page'), roles: ALL, menu: { word: 'navMaking', group: 'gMaking', icon: 'M5 3h14v13H5zM8 7h8M8 11h5M10 16v5l2-1.5 2 1.5v-5' } },
  '/parcels': { load: () => import('./mail/page'), roles: ALL, menu: { word: 'navParcels', group: 'gMaking', icon: 'M3 7h11v10H3zM14 10h4l3 3v4h-7M7 17a2 2 0 1 0 .1 0M17 17a2 2 0 1 0 .1 0' } },
  '/statistics': { load: () => import('./figures/page'), roles: ['administrator', 'auditor'], menu: { word: 'navStatistics', group: 'gControl', icon: 'M4 20V10M10 20V4M16 20v-7M3 20h18' } },
  '/audit': { load: () => import('./audit/page'), roles: ['auditor'], menu: { word: 'navAudit', group: 'gControl', icon: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 12l2 2 4-4' } },
  '/staff': { load: () => import('./people/page'), roles: ['administrator'], menu: { word: 'navStaff', group: 'gSystem', icon: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2 21c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 7M18 15c3 .5 4 2.5 4 6' } },
  '/projects': { load: () => import('./projects/page'), roles: ['administrator', 'auditor'], menu: { word: 'navProjects', group: 'gSystem', icon: 'M4 5h16M4 12h16M4 19h16M8 3v4M15 10v4M10 17v4' } },
};

const LOGIN = '/login';
const menu = (): Entry[] => Object.entries(ROUTES).flatMap(([path, { roles = [], menu: entry }]) => (entry && has(...roles) ? [{ path, ...entry }] : []));

function Missing({ forbidden }: { forbidden?: boolean }) {
  return <Page title={t(forbidden ? 'forbidden' : 'notFound')}><div class="card"><p>{t(forbidden ? 'forbiddenText' : 'notFoundText')}</p><p class="more"><a class="button" href="/">{t('toDesk')}</a></p></div></Page>;
}

/** A page whose code and words come when it is asked for. */
function Later({ load, query }: { load: Route['load']; query: URLSearchParams }) {
  const [view, setView] = useState<{ View: View } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(async (module) => {
      await loadText();
      setView({ View: module.default });
    }).catch(() => setFailed(true));
  }, [load]);
  if (failed) return <Page title={t('loadFailed')}><div class="card"><button type="button" class="button" onClick={() => location.reload()}>{t('retry')}</button></div></Page>;
  return view ? <view.View query={query} /> : <p class="loading" role="status">{t('loading')}</p>;
}

function Current() {
  const { path, query } = useStore(place);
  const who = useStore(me);
  const route = ROUTES[path];
  const locked = !who && path !== LOGIN;
  useEffect(() => { if (locked) go(loginPath(path + location.search), { replace: true }); }, [locked, path]);
  if (locked) return null;
  if (path === LOGIN) return <Login query={query} />;
  if (!route) return <Missing />;
  return has(...(route.roles ?? [])) ? <Later key={path} load={route.load} query={query} /> : <Missing forbidden />;
}

function App() {
  const { path } = useStore(place);
  const who = useStore(me);
  useStore(redraw);
  const first = useRef(true);
  useEffect(() => { void lookAtWork(); }, [path, who]);
  useEffect(() => {
    if (first.current) first.current = false;
    else focusMain();
  }, [path]);
  return <Shell menu={who && path !== LOGIN ? menu() : null}><Current /></Shell>;
}

applyPreferences();
startRouting();
void Promise.all([loadText(), findMe()]).then(() => render(<App />, document.getElementById('desk') as HTMLElement));
