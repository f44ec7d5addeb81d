// States of an order as colours.
import type { Tone } from './kit';

const GOOD = ['accepted', 'bank_verified', 'issued', 'shipped', 'delivered', 'completed', 'refunded'];
const BAD = ['returned', 'bank_verification_failed', 'denied', 'issuance_failed', 'delivery_exception', 'refund_failed'];
const WAITS = ['pending_review', 'in_review', 'pending_second_review', 'in_second_review', 'awaiting_funds', 'bank_verification_pending', 'issuing', 'refunding'];

export function toneOf(state: string): Tone {
  if (GOOD.includes(state)) return 'good';
  if (BAD.includes(state)) return 'bad';
  return WAITS.includes(state) ? 'info' : 'warn';
}
