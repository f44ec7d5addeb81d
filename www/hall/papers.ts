// The part for the steps after the form.
import './common';
export { DocumentsStep, PrintStep } from './apply/documents';
export { IdentityStep } from './apply/identity';
export { PaymentStep } from './apply/payment';
