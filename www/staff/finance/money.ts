// Money as the finance desk is told of it.
import type { Tone } from '../../shared/kit';

export interface Candidate { bank_line_id: string; at: string; amount_fen: number; free_fen: number; payer_name: string; memo: string; same_payer: boolean }
export interface Payment {
  payment_id: string; order_no: string; order_state: string; subject_name: string | null; method: string; state: string; purpose: string; amount_fen: number; received_fen: number; returned_fen: number;
  typed_fen: number | null; payer_name: string | null; transferred_on: string | null; bank_reference: string | null; voucher_sha256: string | null; reason: string | null; decided_by: string | null; decision_note: string | null;
  paid_at: string | null; created_at: string; candidates: Candidate[];
}
export interface Refund {
  refund_id: string; out_refund_no: string; amount_fen: number; reason: string; state: string; failure: string | null; payment_id: string; method: string; purpose: string; order_no: string; order_state: string;
  subject_name: string | null; requested_by: string | null; approved_by: string | null; created_at: string; finished_at: string | null; closes_order: boolean; has_account: boolean; mine: boolean;
}

export interface Invoice {
  invoice_id: string; order_no: string; subject_name: string | null; own_number: string; kind: string; title: string; amount_fen: number; state: string; fault: string | null; number: string | null; red_number: string | null;
  issued_at: string | null; created_at: string;
}

export const INVOICE_TONES: Record<string, Tone> = { by_hand: 'warn', waiting: 'info', requested: 'info', issued: 'info', sent: 'good', failed: 'bad', reversing: 'info', red_failed: 'bad', red: 'info', void: 'info' };
export const PAYMENT_TONES: Record<string, Tone> = { paid: 'good', refused: 'bad', refunding: 'info', refunded: 'info', awaiting_confirmation: 'warn', preparing: 'info', pending: 'info', closed: 'info' };
export const REFUND_TONES: Record<string, Tone> = { requested: 'warn', created: 'info', submitted: 'info', unknown: 'warn', succeeded: 'good', failed: 'bad', withdrawn: 'info' };

/** What of a payment can still go back. */
export const leftOf = (payment: Payment): number => payment.received_fen - payment.returned_fen;
