// The check as the server tells it, and what is sent to it.
import { post, Refusal, upload } from '../shared/api';
import { t, type Word } from './text';

export interface Side { state: 'checking' | 'accepted' | 'refused'; reason: string | null; recognised: { name_masked: string | null; id_number_masked: string | null; valid_until: string | null } | null }
export interface Check {
  state: 'waiting' | 'scanned' | 'id_card_done' | 'passed' | 'failed' | 'expired' | 'manual_requested';
  reason: string | null; role: string; expires_at: string; front: Side | null; back: Side | null;
  liveness: { state: 'waiting' | 'checking' | 'passed' | 'failed'; reason: string | null; attempts_left: number };
}
export interface Challenge { challenge_id: string; kind: 'video' | 'hosted'; actions?: string[]; redirect_url?: string; expires_at: string }

export const statusOf = (error: unknown): number => (error instanceof Refusal ? error.problem.status : -1);
export const codeOf = (error: unknown): string => (error instanceof Refusal ? error.problem.code : '');

export function wordsOf(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  return error.problem.errors?.map(({ detail }) => detail).join('；') || error.problem.detail;
}

export const openSession = (token: string, consent: boolean) => post('/h5/session', { token, face_consent: consent });
export const askChallenge = () => post<Challenge>('/h5/liveness-challenges').then(({ data }) => data);

const AGAIN_MS = 5000;

/** Until the connection is back, somebody asks, or a few seconds have passed. */
const wait = (asked: (go: () => void) => void) => new Promise<void>((done) => {
  const timer = setTimeout(go, AGAIN_MS);
  function go() {
    clearTimeout(timer);
    removeEventListener('online', go);
    done();
  }
  addEventListener('online', go);
  asked(go);
});

/**
 * Sends a file, again and again while the connection is lost: `lost` is told so, with what sends it at once.
 * What had arrived the first time is refused as a repetition; the caller looks at the check then.
 */
export async function send(path: string, file: Blob, type: string, progress: (part: number) => void, lost: (go: () => void) => void): Promise<void> {
  for (;;) {
    try {
      return await upload<void>(path, file, type, progress);
    } catch (error) {
      if (![0, 502, 503].includes(statusOf(error))) throw error;
      await wait(lost);
    }
  }
}

/** The word for an act, or the name of one that is newer than this page. */
export const actWord = (kind: 'action' | 'now', act: string): string => {
  const word = `${kind}_${act}`;
  return ['blink', 'mouth', 'nod', 'shake'].includes(act) ? t(word as Word) : act;
};
