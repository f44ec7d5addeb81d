// What waits for whoever is signed in: the workbench, and the numbers in the menu.
import { get } from '../shared/api';
import { Store } from '../shared/store';
import { me } from './session';
import { waiting } from './shell';

export interface WorkLine { name: string; n: number; oldest?: string | null; order_no?: string | null }
export interface Work { waiting: WorkLine[]; today: WorkLine[] }

const FRESH_MS = 30_000;

/** Which page a line is about; lines without a number in the menu are named in the second list. */
export const PLACES: Record<string, string> = {
  pending_review: '/reviews', pending_second_review: '/reviews?tab=pending_second_review', identity_checks: '/identity-checks', vouchers: '/finance', refunds: '/finance?tab=refunds', invoices: '/finance?tab=invoices&state=open',
  issuance_failed: '/issuance', to_ship: '/parcels', delivery_exception: '/parcels?tab=exception', stuck_work: '/issuance?tab=stuck',
  overdue_review: '/reviews', bank_results: '/bank-verifications', revocations: '/issuance?tab=certificates&status=asked', issuance_refusals: '/issuance', reissues: '/parcels?tab=exception',
};
const UNCOUNTED = ['overdue_review', 'issuance_refusals', 'reissues']; // they are among what failed or came back

export const work = new Store<Work | null>(null);
let asked = 0;

/** Asks again where the last answer is no longer fresh; what fails is asked for next time. */
export async function lookAtWork(now = false): Promise<void> {
  if (!me.get() || (!now && Date.now() - asked < FRESH_MS)) return;
  asked = Date.now();
  try {
    const { data } = await get<Work>('/workbench');
    const counts: Record<string, number> = {};
    for (const { name, n } of data.waiting) {
      const place = PLACES[name]?.split('?')[0];
      if (place && !UNCOUNTED.includes(name)) counts[place] = (counts[place] ?? 0) + n;
    }
    waiting.set(counts);
    work.set(data);
  } catch {
    asked = 0;
  }
}
