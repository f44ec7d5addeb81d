// The part for one's account: registering, signing in, settings.
import './common';
import './text/person';
export { Login, Register, Reset } from './account';
export { default as Settings } from './settings';
