import type { Catalogue } from '../shared/words';
import type zh from './desk.zh-CN';

const words: Catalogue<keyof typeof zh> = {
  hello: 'Hello, {name}', waits: 'Waiting for you', today: 'Today', held: 'The order you hold', heldText: 'You are reviewing order {no}', goOn: 'Go on', startReview: 'Review', oldest: 'oldest {time}', nothing: 'nothing', find: 'Find an order', findHint: 'Number, name, phone or ID; or a number of its waybill, token, certificate, payment or refund', search: 'Search',
  w_pending_review: 'First review', w_pending_second_review: 'Second review', w_overdue_review: 'Reviews overdue', w_denial_asked: 'Denials to confirm', w_identity_checks: 'Identity by hand', w_vouchers: 'Transfers to confirm', w_invoices: 'Invoices to see to', w_refunds: 'Refunds to approve', w_issuance_failed: 'Issuance failed', w_to_ship: 'To be sent', w_delivery_exception: 'Delivery trouble', w_stuck_work: 'Stuck work', w_bank_results: 'Bank results to confirm', w_revocations: 'Revocations to confirm', w_issuance_refusals: 'Refusals to confirm', w_reissues: 'Reissues to confirm',
  d_my_approved: 'Approved by me', d_my_returned: 'Sent back by me', d_submitted: 'Submitted', d_paid: 'Paid', d_issued: 'Issued', d_shipped: 'Sent',
};
export default words;
