import type { Catalogue } from '../../shared/words';
import type zh from './zh-CN';

const words: Catalogue<keyof typeof zh> = {
  lead: '0.01 yuan goes to the applicant\'s account, its memo carries the PIN. What has no clear answer is only asked about; where the bank never answers, or the account was proved another way, two people enter the result.',
  none: 'No bank verifications', attempt: 'Attempt {n}', account: 'Account ends in', reference: 'Reference', sent: 'Sent', finished: 'Ended', result: 'Result', manual: 'By hand', byHand: 'by hand',
  s_queued: 'To be sent', s_sent: 'Sent', s_unknown: 'Fate unknown', s_ok: 'Succeeded', s_failed: 'Failed',
  judge: 'Enter result', judgeTitle: 'Enter the result by hand', judgeText: 'Order {no} ({name}), account ending in {tail}, attempt {n}.', proveText: 'With success the PIN goes out by SMS, and the certificate is made.', failText: 'With failure the applicant has to name an account again.',
  r_ok: 'The account is theirs: success', r_failed: 'The transfer failed', basis: 'Grounds', basisHint: 'Such as what the bank\'s counter said, or the number of a letter', done: 'The result holds.', first: 'Noted; somebody else has to enter the same result.',
  saidFirst: '{name} entered "{result}": {note}', agree: 'The same result makes it hold; another one begins anew with yours.', submit: 'Enter',
};
export default words;
