// The part for applying and for one's orders.
import './common';
export { default as Choose, Start } from './apply/choose';
export { default as Work } from './apply/work';
export { Detail } from './orders/detail';
export { default as Orders } from './orders/list';
