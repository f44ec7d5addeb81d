import type { Catalogue } from '../../shared/words';
import type { Word } from '../text';

const words: Catalogue<Word> = {
  brand: 'Shenzhen CA', desk: 'Staff desk', skip: 'Skip to content', menu: 'Menu', mainMenu: 'Main menu', preferences: 'Display', pageTitle: '{page} - Staff desk',
  sizes: 'Text size', sizeStandard: 'Standard', sizeLarge: 'Large', sizeLargest: 'Largest', contrastHigh: 'High contrast', otherLanguage: '中文',
  loading: 'Loading…', loadFailed: 'The page could not be loaded', retry: 'Try again', notFound: 'There is no such page', notFoundText: 'The address may be wrong, or the page has moved.', toDesk: 'Back to the workbench',
  forbidden: 'Your roles do not include this page', forbiddenText: 'Ask an administrator if your work needs it.', logout: 'Sign out', me: 'Signed in as', close: 'Close', cancel: 'Cancel', back: 'Back', more: 'Load more', none: 'Nothing here', refresh: 'Refresh', yes: 'Yes', no: 'No', failed: 'That did not work',
  r_reviewer: 'Reviewer', r_finance: 'Finance', r_production: 'Production', r_auditor: 'Auditor', r_administrator: 'Administrator',
  gWork: 'Applications', gMoney: 'Finance', gMaking: 'Production', gControl: 'Control', gSystem: 'System',
  navDesk: 'Workbench', navReviews: 'Reviews', navIdentity: 'Identity by hand', navOrders: 'Orders', navFinance: 'Finance', navBank: 'Bank verification', navMaking: 'Issuance', navParcels: 'Mail room', navStatistics: 'Statistics', navAudit: 'Audit trail', navStaff: 'Staff and roles', navProjects: 'Projects', waiting: '{n} waiting',

  loginTitle: 'Sign in', loginLead: 'For members of staff', username: 'User name', password: 'Password', showPassword: 'Show', hidePassword: 'Hide', totp: 'One-time code', totpHint: 'The six digits that your authenticator app shows', loginButton: 'Sign in',
  needUsername: 'Please enter your user name', needPassword: 'Please enter your password', needTotp: 'Please enter the six digits', errors: '{n} to correct', lockedUntil: 'Too many attempts; the account is locked. You can try again in {time}.', sessionOver: 'Your session has ended; please sign in again. You will come back to where you were.',
  enrolOpen: 'First time here? Set up one-time codes', enrolTitle: 'Set up one-time codes', enrol1: 'Open an authenticator app on your phone', enrol2: 'Scan the code below', enrol3: 'Enter the six digits that the app shows', enrolQr: 'QR code that sets up one-time codes', enrolByHand: 'If you cannot scan it, type this secret:', enrolButton: 'Confirm and sign in', enrolWrong: 'The code is not right. Check the clock of your phone and enter the latest six digits.', copy: 'Copy', copied: 'Copied',
  idle: 'Nothing has been asked for a while; your session ends in {time}.', idleStay: 'Stay signed in', idleOver: 'Your session may have ended.', login: 'Sign in again',
  loginNote1: 'For authorised staff alone; whatever is looked at or done is recorded.', loginNote2: 'Sign out when you leave your desk. Tell nobody your password or codes.',
};
export default words;
