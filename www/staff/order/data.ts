// An order as the desk is told it (GET /orders/{order_no}), and the members of its form in order.
import type { OrderWord } from './text';

export type Type = 'organisation' | 'natural_person';
export type Form = Record<string, Record<string, string | boolean | null | undefined> | undefined>;
export interface Check { code: string; passed: boolean; detail: string }
export interface Scan { kind: string; sha256: string; size: number; content_type: string; uploaded_at: string; blocking?: boolean; checks: Check[] }
export interface Reason { target: string; pointer?: string | null; code: string; text: string }
export interface Verdict { stage: number; verdict: string; staff: string; staff_id?: number; note: string | null; reasons: Reason[] | null; void: boolean; at: string }
export interface Payment {
  payment_id: string; method: string; state: string; purpose: string; amount_fen: number; received_fen: number | null; out_trade_no: string; payer_name: string | null;
  transferred_on: string | null; at: string;
}
export interface Desk {
  order_no: string; project: string; certificate_type: Type; years: number; state: string; state_label: string; revision_sha256?: string | null;
  fees: { total_fen: number }; form: Form | null; documents: Scan[]; rejection: { reasons: Reason[]; at?: string } | null;
  identity: { kind: string; state: string; score: number | null; phone_match: string | null; manual_note: string | null; decided_at: string | null } | null;
  identity_check: { state: string; kind?: string } | null;
  bank_verification: { state: string; attempt: number; reason: string | null; account_tail: string; submitted_at: string; finished_at: string | null } | null;
  certificate: { serial: string; subject: string; not_before: string; not_after: string; status: string } | null;
  shipment: { carrier: string; tracking_no: string; state: string; sent_at: string; signed_at: string | null; exception_reason: string | null; events: { at: string; place: string | null; remark: string }[] } | null;
  refunds: { refund_id: string; amount_fen: number; state: string; at: string }[]; payments: Payment[]; reviews: Verdict[];
  notes: { staff: string; text: string; at: string }[];
  messages: { notice: string; phone: string; text: string; state: string; failure: string | null; at: string }[];
  duplicates: { order_no: string; state: string; subject_name: string | null; same_subject: boolean; same_person: boolean; created_at: string }[];
  revisions: { revision_no: number; confirmed_at: string; form: Form }[]; changed: string[]; warnings: { pointer: string; code: string; text: string }[]; names: Record<string, string>;
  events: { at: string; type: string; label: string; detail: string | null }[];
  return_reasons?: string[] | null; returned_times: number; second_review: boolean; reviewer?: string | null; mine: boolean; lease_until?: string | null; submitted_at?: string | null; promised_at?: string | null;
  deadline_at?: string | null; close_reason: string | null; created_at: string; updated_at: string;
}

export const api = (no: string): string => `/orders/${encodeURIComponent(no)}`;

export interface Member { pointer: string; word: OrderWord; secret?: boolean; coded?: boolean; wide?: boolean }
export interface Section { group: string; word: OrderWord; members: Member[] }

const at = (group: string, rows: [string, OrderWord, Partial<Member>?][]): Member[] => rows.map(([name, word, more]) => ({ pointer: `/${group}/${name}`, word, ...more }));
const secret = { secret: true }, coded = { coded: true }, wide = { wide: true };

const person = (group: string, name: OrderWord): Member[] => at(group, [['name', name], ['id_kind', 'fIdKind', coded], ['id_number', 'fIdNumber', secret], ['id_valid_to', 'fIdValidTo'], ['mobile', 'fMobile'],
  ['email', 'fEmail'], ['department', 'fDepartment'], ['title', 'fTitle']]);
const organisation = at('organisation', [['name', 'fOrgName', wide], ['uscc', 'fUscc'], ['licence_kind', 'fLicenceKind', coded], ['valid_to', 'fValidTo'], ['region', 'fRegion'], ['address', 'fOrgAddress', wide],
  ['phone', 'fOrgPhone'], ['nature', 'fNature', coded]]);

/** Every member that a form of this type may have, in the order of the printed form. */
export function sections(type: Type): Section[] {
  const bank: Section = { group: 'bank_account', word: type === 'organisation' ? 'gBank' : 'gBankPerson', members: at('bank_account', [['account_name', 'fAccountName', wide], ['bank_code', 'fBank', wide], ['account_number', 'fAccountNumber', secret]]) };
  const rest: Section[] = [bank,
    { group: 'delivery', word: 'gDelivery', members: at('delivery', [['recipient', 'fRecipient'], ['mobile', 'fRecipientMobile'], ['region', 'fDeliveryRegion'], ['address', 'fAddress', wide], ['postcode', 'fPostcode']]) },
    { group: 'invoice', word: 'gInvoice', members: at('invoice', [['wanted', 'fInvoiceWanted'], ['kind', 'fInvoiceKind', coded], ['title', 'fInvoiceTitle', wide], ['tax_number', 'fTaxNumber'], ['email', 'fInvoiceEmail'], ['mobile', 'fInvoiceMobile'],
      ['address_phone', 'fInvoiceAddress', wide], ['bank_account', 'fInvoiceBank', secret]]) }];
  if (type === 'natural_person') return [{ group: 'applicant', word: 'gApplicant', members: person('applicant', 'fApplicantName') }, { group: 'organisation', word: 'gEmployer', members: organisation }, ...rest];
  return [{ group: 'organisation', word: 'gOrganisation', members: organisation }, { group: 'handler', word: 'gHandler', members: person('handler', 'fHandlerName') },
    { group: 'legal_representative', word: 'gLegal', members: at('legal_representative', [['name', 'fLegalName'], ['id_kind', 'fIdKind', coded], ['id_number', 'fIdNumber', secret], ['mobile', 'fLegalMobile']]) }, ...rest];
}

export const valueAt = (form: Form | null | undefined, pointer: string): string => {
  const [, group, name] = pointer.split('/');
  const value = form?.[group]?.[name];
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value ?? '';
};

const IN_REVIEW = ['in_review', 'in_second_review'];
export const waitsForReview = (state: string): boolean => state === 'pending_review' || state === 'pending_second_review';
export const isInReview = (state: string): boolean => IN_REVIEW.includes(state);

/** The papers of an order that a reviewer looks at, with the photographs of the identity check. */
export function papersOf(order: Desk): string[] {
  const cards = order.identity?.kind === 'face' && order.identity.state === 'passed' ? ['id_front', 'id_back'] : [];
  return [...order.documents.map(({ kind }) => kind), ...cards];
}

/** Papers that came after the order was last sent back. */
export function freshPapers(order: Desk): string[] {
  const last = order.reviews.filter(({ verdict }) => verdict === 'returned').pop();
  return last ? order.documents.filter(({ uploaded_at: when }) => when >= last.at).map(({ kind }) => kind) : [];
}
