// The part that is for reading.
import './common';
import './text/reading';
export { default as Agreement } from './agreement';
export { Faq, Guide } from './guide';
