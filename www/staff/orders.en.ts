import type { Catalogue } from '../shared/words';
import type zh from './orders.zh-CN';

const words: Catalogue<keyof typeof zh> = {
  q: 'Find', qHint: 'Order number, phone, credit code, ID number or name', search: 'Search', state: 'State', anyState: 'Every state', tooShort: 'Please enter two characters or more', noneFound: 'No order matches',
  orderNo: 'Order', subject: 'Applicant', type: 'Type', since: 'In this state since', submitted: 'Submitted', reviewer: 'Reviewer', t_organisation: 'Organisation', t_natural_person: 'Person',
};
export default words;
