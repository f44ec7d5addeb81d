// The part for applying.
import './common';
export { default as Choose, Start } from './apply/choose';
export { default as Work } from './apply/work';
export { AccountForm } from './apply/account';
