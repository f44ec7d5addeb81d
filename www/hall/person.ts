// The part for one's account: registering, signing in, settings.
import './common';
export { Login, Register, Reset } from './account';
export { default as Settings } from './settings';
