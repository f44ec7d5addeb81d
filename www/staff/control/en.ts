import type { Catalogue } from '../../shared/words';
import type zh from './zh-CN';

const words: Catalogue<keyof typeof zh> = {
  cancel: 'Cancel', from: 'From', to: 'To', show: 'Show', yuan: 'yuan', order: 'Order', subject: 'Applicant', state: 'State', anyState: 'All', action: 'Action', at: 'Time', reason: 'Reason', note: 'Note',
  secondNeeded: 'Two members of staff have to want the same before this is done.', firstSaid: 'Noted; it waits for another member of staff.', needText: 'Please fill this in', chooseOne: 'Please choose', asked: 'Asked for by {name}', second: 'Agree and do it', askedByYou: 'You asked for this; somebody else has to confirm it. Another opinion is a new request.',
  wechat_pay: 'WeChat Pay', alipay: 'Alipay', bank_transfer: 'Bank transfer',
};
export default words;
