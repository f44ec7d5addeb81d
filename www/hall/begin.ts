// The part for choosing what to apply for.
import './common';
export { default as Choose, Start } from './apply/choose';
