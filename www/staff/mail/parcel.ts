// A parcel as the mail room is told of it, and what its numbers must look like.
import carriers from 'defs:carrier';

export interface Parcel {
  order_no: string; order_state: string; subject_name: string | null; recipient: string | null; mobile: string | null; region: string | null; address: string | null; postcode: string | null; fee_mode: string | null; serial: string | null;
  carrier: string | null; tracking_no: string | null; token_serial: string | null; state: string | null; exception_reason: string | null; exception_text: string | null; exception_note: string | null; is_late: boolean;
  reissue_asked_by: string | null; reissue_asked_by_id?: number | null; reissue_reason: string | null; state_since: string; sent_at: string | null; address_confirmed_at: string | null;
}

/** What a scanner typed: it may add spaces, and print small letters. */
export const scanned = (text: string): string => text.replace(/\s/g, '').toUpperCase();

export function isWaybill(carrier: string, text: string): boolean {
  const rule = carriers[carrier];
  return !!rule && text.startsWith(rule.prefix) && new RegExp(`^\\d{${rule.least},${rule.most}}$`).test(text.slice(rule.prefix.length));
}

export const isToken = (text: string): boolean => /^[0-9A-Z-]{6,32}$/.test(text);
