import type { Catalogue } from '../../shared/words';
import type zh from './zh-CN';

const words: Catalogue<keyof typeof zh> = {
  parts: 'Mail room', tabToSend: 'To send', tabUnderWay: 'Under way', tabException: 'Exceptions',
  waitingList: 'Orders to send', noneToSend: 'Nothing to send', find: 'Scan or type an order number', locate: 'Find', notHere: 'Order {no} is not in this list', masked: 'Recipients are shown to production alone.',
  label: 'Label', recipient: 'Recipient', mobile: 'Mobile', address: 'Address', postcode: 'Postcode', feeMode: 'Courier fee', f_sender: 'prepaid', f_recipient: 'on delivery', serial: 'Certificate', certifiedAt: 'Made',
  scanTitle: 'Scan and bind', scanHint: 'Scan the waybill, then the token; each scan moves on by itself. Typing and Enter do the same.', carrier: 'Courier', trackingNo: 'Waybill', tokenSerial: 'Token serial', trackingHint: '{prefix} and {least} to {most} digits', tokenHint: '6 to 32 digits, capital letters or hyphens',
  wrongTracking: 'This is no waybill of {carrier}: {prefix} and {least} to {most} digits', wrongToken: 'A token serial has 6 to 32 digits, capital letters or hyphens', sameCode: 'This is the waybill again; scan the serial on the token',
  ship: 'Send', shipTitle: 'Send it', shipText: 'Order {no}: token {token} is bound to {carrier} waybill {waybill}, for {recipient}.', shipOnce: 'The PIN is wiped at once and the applicant is told by SMS; this cannot be undone.', shipDo: 'Send it', shipped: 'Order {no} was sent with waybill {waybill}.',
  noneUnderWay: 'No parcel is under way', waybill: 'Waybill', sentAt: 'Sent', parcelState: 'Courier says', late: 'No news for too long', noneException: 'No exceptions', since: 'Since', what: 'What happened', confirmedAddress: 'Address confirmed {at}', unconfirmedAddress: 'Waiting for the applicant to confirm the address',
  w_labelled: 'Labelled', w_picked: 'Picked up', w_in_transit: 'In transit', w_out_for_delivery: 'Out for delivery', w_signed: 'Signed for', w_problem: 'Problem', w_returning: 'Coming back', w_returned: 'Returned', w_lost: 'Lost',
  trouble: 'Exception', troubleTitle: 'Enter an exception', troubleText: 'Order {no}, waybill {waybill}. The applicant is asked by SMS to confirm the address.', troubleReason: 'What happened', troubleDo: 'Enter', troubled: 'Order {no} is an exception now.',
  resend: 'Send again', resendTitle: 'Send again', resendText: 'The parcel of order {no} is back with its seal unbroken; it goes out again to the confirmed address with another waybill.', resendDo: 'Seal unbroken, send again', resent: 'Order {no} is to be sent again.', cannotResend: 'The applicant has not confirmed the address yet',
  reissue: 'Make again', reissueTitle: 'Revoke and make again', reissueText: 'The certificate of order {no} is revoked; another one is made with another key and PIN. The old token is void.', reissueReason: 'Reason', reissueDo: 'Revoke and make again', reissued: 'The certificate of order {no} is revoked; another one is being made.', askedReissue: '{name} asked for it: {reason}', reissueSame: 'The same reason does it.',
};
export default words;
