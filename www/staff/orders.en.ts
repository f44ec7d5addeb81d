import type { Catalogue } from '../shared/words';
import type zh from './orders.zh-CN';

const words: Catalogue<keyof typeof zh> = {
  q: 'Find', qHint: 'Number, name, phone or ID; or a number of its waybill, token, certificate, payment or refund', search: 'Search', state: 'State', anyState: 'Every state', tooShort: 'Please enter two characters or more', noneFound: 'No order matches',
  orderNo: 'Order', subject: 'Applicant', type: 'Type', since: 'In this state since', submitted: 'Submitted', reviewer: 'Reviewer', t_organisation: 'Organisation', t_natural_person: 'Person',
};
export default words;
