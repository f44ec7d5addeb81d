// The part for an order that came back.
import './common';
import './text/correction';
export { Former, namedMembers, Resubmit } from './apply/correction';
