// The next order of the queue, for the list and for the order before it.
import { post, Refusal } from '../../shared/api';
import { go } from '../../shared/route';
import type { Desk } from '../order/data';
import { lookAtWork } from '../work';

export const reviewPath = (no: string): string => `/reviews/order?no=${encodeURIComponent(no)}`;

/** An order that came with the answer to a verdict, so that it need not be fetched again. */
let ahead: Desk | null = null;

/** Takes the next order and goes there; false when nothing waits. */
export async function takeNext(): Promise<boolean> {
  try {
    ahead = (await post<Desk>('/reviews/next')).data;
  } catch (error) {
    if (error instanceof Refusal && error.problem.code === 'queue_empty') return false;
    throw error;
  }
  go(reviewPath(ahead.order_no));
  void lookAtWork();
  return true;
}

/** The order of this number if it is the one that was just taken; once. */
export function justTaken(no: string): Desk | null {
  const ready = ahead?.order_no === no ? ahead : null;
  ahead = null;
  return ready;
}
