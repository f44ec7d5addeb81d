// The part for applying.
import './common';
export { default as Work } from './apply/work';
export { AccountForm } from './apply/account';
