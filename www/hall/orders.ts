// The part for looking after one's orders.
import './common';
import './text/orders';
export { Detail } from './orders/detail';
export { default as Orders } from './orders/list';
