// The part for the form, whose fields other parts borrow.
import './common';
import './text/faults';
export { bankSection, checkMember, fromJson, idOf, toJson } from './apply/fields';
export { FormStep, MemberField } from './apply/form';
