// The part that is for reading.
import './common';
export { default as Agreement } from './agreement';
export { Faq, Guide } from './guide';
