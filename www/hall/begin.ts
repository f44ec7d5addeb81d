// The part for beginning, and the frame of the steps.
import './common';
import './text/begin';
export { default as Choose, Start } from './apply/choose';
export { default as Work } from './apply/work';
