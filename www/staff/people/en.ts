import type { Catalogue } from '../../shared/words';
import type zh from './zh-CN';

const words: Catalogue<keyof typeof zh> = {
  lead: 'Somebody new sets up their one-time codes at the first sign-in. Other roles, a new password or another state end the sessions there are.', add: 'Add somebody', addTitle: 'Add somebody', addText: 'Tell them their user name and first password in person, or in another safe way.', username: 'User name', usernameHint: '2 to 32 small letters, digits or _ . -, beginning with a letter', name: 'Name', password: 'First password', newPassword: 'New password', passwordHint: '8 to 72 characters, without the user name, not a common one', generate: 'Make one', show: 'Show', hide: 'Hide', roles: 'Roles', rolesHint: 'As the work needs; the two people of one act are different people', added: '{name} was added.', needRole: 'Please choose a role',
  r_reviewer: 'reviews papers and applications', r_finance: 'transfers, refunds, the books', r_production: 'certificates and parcels', r_auditor: 'the trail, figures', r_administrator: 'staff, projects, figures',
  none: 'Nobody', state: 'State', active: 'Active', closed: 'Closed', totp: 'One-time codes', enrolled: 'set up', notEnrolled: 'at the first sign-in', since: 'Since', self: 'you',
  edit: 'Change', editTitle: 'Change {name}', save: 'Save', saved: 'The changes of {name} are saved.', ownRoles: 'Nobody changes their own roles; ask another administrator.',
  reset: 'New password', resetTitle: 'A new password for {name}', resetText: 'The old one ends at once, with all sessions.', resetDone: '{name} has a new password.',
  enrol: 'Codes anew', enrolTitle: 'Set up the codes of {name} anew', enrolText: 'The old codes end at once, with all sessions; at the next sign-in a new QR code is scanned. Make sure that they asked for it themselves.', enrolDone: '{name} sets up new codes at the next sign-in.',
  close: 'Close', closeTitle: 'Close {name}', closeText: 'No more signing in, all sessions end; what was done stays on record.', closeDone: '{name} is closed.', open: 'Open', openTitle: 'Open {name}', openText: 'The old password and codes work again.', openDone: '{name} is open again.',
};
export default words;
