// The part for looking after one's orders.
import './common';
export { Detail } from './orders/detail';
export { default as Orders } from './orders/list';
