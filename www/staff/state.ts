// The words of an order's state in the language of the page, also after the language has changed.
import states from 'defs:state';
import { of } from './text';

/** The API's own word where the state is new to the page. */
export const stateWord = ({ state, state_label: label }: { state: string; state_label: string }): string => (states[state] ? of(states[state]) : label);
