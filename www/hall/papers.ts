// The part for the steps after the printed forms.
import './common';
import './text/papers';
export { DocumentsStep } from './apply/documents';
export { IdentityStep } from './apply/identity';
export { PaymentStep } from './apply/payment';
