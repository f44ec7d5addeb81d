// Who is signed in. A hint in this browser saves asking when nobody is.
import { call, get, Refusal, settings } from '../shared/api';
import { recall, remember } from '../shared/prefs';
import { go } from '../shared/route';
import { Store } from '../shared/store';

export type Role = 'reviewer' | 'finance' | 'production' | 'auditor' | 'administrator';
export interface Staff { id: string; username: string; name: string; roles: Role[]; idle_s: number }

/** undefined: not known yet. */
export const me = new Store<Staff | null | undefined>(undefined);

/** When the hall last answered: the session is good for me.idle_s from then on. */
export const answeredAt = new Store(Date.now());

settings.base = '/api/admin/v1';
settings.answered = () => answeredAt.set(Date.now());
settings.lost = () => {
  if (!me.get()) return;
  signedIn(null);
  go(loginPath(location.pathname + location.search, true), { replace: true });
};

export function signedIn(who: Staff | null): void {
  remember('desk', who ? '1' : '');
  me.set(who);
}

export async function findMe(): Promise<void> {
  if (!recall('desk')) {
    me.set(null);
    return;
  }
  try {
    signedIn((await get<Staff>('/session')).data);
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) signedIn(null);
    else me.set(null);
  }
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/session').catch(() => undefined);
  signedIn(null);
  go('/login');
}

/** Where to sign in, and to come back to; over: a session has just ended. */
export const loginPath = (next: string, over = false): string =>
  `/login${next === '/' && !over ? '' : `?next=${encodeURIComponent(next)}`}${over ? '&over=1' : ''}`;

/** Only places of this site; nobody is sent elsewhere after signing in. */
export function nextPlace(query: URLSearchParams): string {
  const next = query.get('next') ?? '';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

/** Names are no identity: two people may share one. */
export const isMe = (id: number | null | undefined): boolean => !!id && String(id) === me.get()?.id;

export const has = (...roles: Role[]): boolean => !!me.get()?.roles.some((role) => roles.includes(role));

/** The words of a refusal; where the session is gone the login page says so. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  if (error.problem.code === 'unauthenticated') return '';
  return error.problem.errors?.map((fault) => fault.detail).join('；') || error.problem.detail;
}
