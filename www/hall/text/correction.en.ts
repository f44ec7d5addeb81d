import type zh from './correction.zh-CN';

const en: Record<keyof typeof zh, string> = {
  prev: 'Back',
  resubmitTitle: 'Corrected; hand in again',
  resubmitText: 'Please make sure that all of this is corrected. It is reviewed first, and nothing is paid twice.',
  resubmitNotYet: 'This is still to be done:',
  goTo: 'Go to: ',
  former: 'Formerly: ',
  formerNone: '(empty)',
};
export default en;
