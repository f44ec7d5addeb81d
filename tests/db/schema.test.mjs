// What each process may do with each table, word for word: whoever grants more writes it down here.
// And what the database refuses although the words would allow it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { hallDatabase } from './lib.mjs';

// read, add, change, delete: the whole row, or the columns named.
const MAY = {
  hall_web: {
    account: 'read, add, change(failed locked_until name password_hash phone)',
    agreement: 'read',
    audit_event: 'read',
    bank_branch: 'read',
    bank_verification: 'read, add(account_sealed account_tail attempt order_id reference), change(is_void)',
    cert_intent: 'read(container_sealed id issuer order_id reissue_no released_at serial)',
    certificate: 'read',
    clock: 'read',
    courier_tariff: 'read',
    document: 'read, add, change(bound_sha256 is_current)',
    holiday: 'read',
    idempotency: 'read, add, change, delete',
    identity_check: 'read, add(expires_at kind order_id revision_no state subject_key), change(back_reason back_sealed back_sha256 back_state '
      + 'challenge_actions challenge_expires_at challenge_id consent_at expires_at face_consent front_reason front_sealed '
      + 'front_sha256 front_state is_current kind liveness_reason liveness_state reason state video_sha256)',
    invoice: 'read(amount_fen attempt excluded_fen failure id invoice_id invoice_number issued_at kind order_id pdf_sha256 red_at '
      + 'red_invoice_number state tax_fen title)',
    job: 'read(attempts created_at done_at due_at failure fence id key kind lease_until order_id payload state), add',
    order_agreement: 'read, add',
    order_revision: 'read, add',
    order_state: 'read',
    order_transition: 'read',
    orders: 'read, add(account_id certificate_type create_key deadline_at order_no project years), change(certificate_fen close_reason '
      + 'content_sha256 courier_fen courier_payer deadline_at form form_secret form_version incomplete person_key pin_channel '
      + 'rejection review_passed_sha256 revision_no second_review sla_due sla_left_s state subject_key subject_name submitted_at '
      + 'tariff_id warnings warnings_day)',
    parcel_event: 'read',
    payment: 'read, add(amount_fen attempt expires_at method order_id out_trade_no payment_id state), change(bank_reference closing '
      + 'payer_name state transferred_on typed_fen voucher_sha256)',
    pin: 'read(channel ended_at id made_at order_id state), change(ended_at sealed state)',
    project: 'read',
    project_type: 'read',
    refund: 'read, add, change(account_sealed finished_at state)',
    region: 'read',
    review: 'read, change(is_void)',
    shipment: 'read, change(address_confirmed_at exception_note exception_reason state state_at)',
    sms: 'read, add',
  },
  hall_staff: {
    account: 'read(created_at id name phone state)',
    agreement: 'read, add',
    audit_checkpoint: 'read',
    audit_event: 'read',
    audit_stream: 'read',
    bank_branch: 'read',
    bank_line: 'read',
    bank_match: 'read, add, change',
    bank_verification: 'read, add, change',
    callback_inbox: 'read',
    cert_intent: 'read(content_sha256 id issuer lint order_id prepared_at reissue_no released_at serial void_reason)',
    certificate: 'read, change(revocation_approved_by revocation_asked_by revocation_reason revoked_at status)',
    clock: 'read',
    courier_tariff: 'read, add, change(valid_to)',
    crl: 'read',
    document: 'read',
    holiday: 'read',
    idempotency: 'read, add, change, delete',
    identity_check: 'read, change(decided_at first_staff kind manual_note manual_result reason second_staff state)',
    invoice: 'read, add, change(failure invoice_number issued_at red_at red_invoice_number red_number red_submitted_at red_tries state '
      + 'submitted_at)',
    issuance: 'read, add, change',
    job: 'read(attempts created_at done_at due_at failure fence id key kind lease_until order_id payload state), add, change(attempts '
      + 'done_at due_at failure lease_until state)',
    ledger_difference: 'read',
    order_agreement: 'read',
    order_note: 'read, add',
    order_revision: 'read',
    order_state: 'read',
    order_transition: 'read',
    orders: 'read, change(close_reason deadline_at fence lease_staff lease_until pin_channel reissue_no rejection returned_times '
      + 'review_passed_sha256 sla_due sla_left_s state)',
    parcel_event: 'read',
    payment: 'read, change(closing decided_at decided_by decision_note paid_at purpose received_fen refusal_reason state)',
    pin: 'read(channel ended_at id made_at order_id state), change(ended_at sealed state)',
    project: 'read, change',
    project_type: 'read, change',
    proposal: 'read, add, change, delete',
    refund: 'read, add, change',
    region: 'read',
    review: 'read, add, change',
    setting: 'read, add, change',
    shipment: 'read, add, change',
    sms: 'read, add',
    staff: 'read, add, change',
  },
  hall_callback: {
    callback_inbox: 'read, add',
    clock: 'read',
    job: 'read(key), add',
  },
  hall_render: {
    bank_branch: 'read',
    clock: 'read',
    order_revision: 'read',
    orders: 'read',
    project: 'read',
    project_type: 'read',
    region: 'read',
  },
  hall_worker: {
    account: 'read(id name phone state)',
    agreement: 'read',
    audit_checkpoint: 'read, add',
    audit_event: 'read',
    audit_stream: 'read, change(anchored)',
    bank_branch: 'read',
    bank_line: 'read, add, change',
    bank_match: 'read, add',
    bank_verification: 'read, add, change',
    callback_inbox: 'read, add, change',
    cert_intent: 'read, add, change',
    certificate: 'read, add, change',
    clock: 'read',
    courier_tariff: 'read',
    crl: 'read, add, change',
    document: 'read, change(dropped_at)',
    holiday: 'read',
    idempotency: 'read, delete',
    identity_check: 'read, change',
    invoice: 'read, add, change',
    issuance: 'read, add, change',
    job: 'read, add, change, delete',
    ledger_difference: 'read, add, change',
    order_agreement: 'read',
    order_revision: 'read',
    order_state: 'read',
    order_transition: 'read',
    orders: 'read, change',
    parcel_event: 'read, add, change',
    payment: 'read, change',
    pin: 'read, add, change',
    project: 'read',
    project_type: 'read',
    refund: 'read, add, change',
    region: 'read',
    review: 'read, change(is_void)',
    setting: 'read',
    shipment: 'read, add, change',
    sms: 'read, add, change',
    staff: 'read(id name state)',
  },};
const RUNS = {
  hall_web: 'audit_add epoch hall_now iso', hall_staff: 'audit_add epoch hall_now iso plain_name', hall_callback: 'epoch hall_now iso',
  hall_render: 'epoch hall_now iso', hall_worker: 'audit_add epoch hall_now iso plain_name',
};
const COUNTS = { hall_web: 'order_number' };

const WORDS = { SELECT: 'read', INSERT: 'add', UPDATE: 'change', DELETE: 'delete' };
const ROLES = Object.keys(MAY);
const ours = (what) => `${what} = ANY ('{${ROLES}}')`;

let db;
before(() => {
  db = hallDatabase();
  db.sql(`INSERT INTO account (phone, name, password_hash) VALUES ('13800000001', '甲', 'x'), ('13800000002', '乙', 'x');
    INSERT INTO project (code, name_zh, name_en, courier_payer, agreements, agreement_version) VALUES ('p-1', '项目', 'project', 'sender', '{}', '1');
    INSERT INTO project_type VALUES ('p-1', 'organisation', 24000, '{1}', 'sm2', '{}');
    INSERT INTO staff (username, name, password_hash, totp_sealed, roles) VALUES ('anna', '丙', 'x', 'x', '{reviewer}'), ('bert', '丁', 'x', 'x', '{finance}');
    INSERT INTO orders (order_no, account_id, project, certificate_type, years, state) VALUES ('00000000000000001', 1, 'p-1', 'organisation', 1, 'pending_review'),
      ('00000000000000002', 2, 'p-1', 'organisation', 1, 'awaiting_identity');
    INSERT INTO identity_check (order_id, revision_no, subject_key, expires_at) VALUES (2, 1, 'x', now());
    INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, out_trade_no) VALUES ('P1', 1, 1, 'bank_transfer', 100, 'awaiting_confirmation', 'T1');
    SELECT audit_add('orders/00000000000000001', 'system', 0, '', '', 'made', 1, NULL, NULL, NULL, '{}')`);
});
after(() => db?.stop());

// ---- the grants ----

test('each process may do what the table says, and nothing else', () => {
  const rows = db.sql(`
    WITH whole AS (SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges WHERE ${ours('grantee')}),
      part AS (SELECT grantee, table_name, privilege_type, string_agg(column_name, ' ' ORDER BY column_name) FROM information_schema.column_privileges c
        WHERE ${ours('grantee')} AND NOT EXISTS (SELECT FROM whole w WHERE (w.grantee, w.table_name, w.privilege_type) = (c.grantee, c.table_name, c.privilege_type))
        GROUP BY 1, 2, 3)
    SELECT *, '' FROM whole UNION ALL SELECT * FROM part`);
  const found = Object.fromEntries(ROLES.map((role) => [role, {}]));
  for (const verb of Object.keys(WORDS))
    for (const [role, table, , columns] of rows.filter((row) => row[2] === verb).sort())
      found[role][table] = [found[role][table], WORDS[verb] + (columns && `(${columns})`)].filter(Boolean).join(', ');
  for (const role of ROLES) assert.deepEqual(found[role], MAY[role], role);
  assert.deepEqual(rows.filter((row) => !WORDS[row[2]]), []);
});

test('functions and sequences too, and nothing is everybody\'s', () => {
  const grouped = (rows) => Object.fromEntries(rows);
  assert.deepEqual(grouped(db.sql(`SELECT grantee, string_agg(routine_name, ' ' ORDER BY routine_name) FROM information_schema.routine_privileges
    WHERE routine_schema = 'public' AND grantee <> 'hall_owner' GROUP BY 1`)), RUNS);
  assert.deepEqual(grouped(db.sql(`SELECT grantee, string_agg(object_name, ' ' ORDER BY object_name) FROM information_schema.usage_privileges
    WHERE object_schema = 'public' AND grantee <> 'hall_owner' GROUP BY 1`)), COUNTS);
  assert.deepEqual(db.sql(`SELECT table_name FROM information_schema.table_privileges WHERE table_schema = 'public' AND grantee = 'PUBLIC'`), []);
  assert.deepEqual(db.sql(`SELECT rolname FROM pg_roles WHERE ${ours('rolname')} AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)`), []);
  assert.deepEqual(db.sql(`SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE ${ours('r.rolname')}`), []);
  allRefused(ROLES.map((role) => [role, /permission denied for schema public/, 'CREATE TABLE mine (n int)']));
});

test('every table says what it is', () => {
  const bare = db.sql(`SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND obj_description(c.oid) IS NULL`);
  assert.deepEqual(bare, []);
});

// ---- what is refused ----

/** All of them, each in a transaction of its own: [[role, why, sql]]. */
function allRefused(tries) {
  for (const role of ['hall_owner', ...ROLES]) {
    const mine = tries.filter(([who]) => who === role);
    const said = mine.length ? db.errors(role, mine.map(([, , sql]) => sql)) : [];
    mine.forEach(([, why, sql], i) => assert.match(said[i], why, `${role}: ${sql}`));
  }
}
const refused = (...one) => allRefused([one]);
const DENIED = /permission denied/;

test('nobody makes a move that is another\'s', () => {
  const move = (role, order, state, why = /order_transition: \w+ may not move/) => [role, why, `UPDATE orders SET state = '${state}' WHERE id = ${order}`];
  allRefused([move('hall_web', 1, 'in_review'), move('hall_web', 2, 'awaiting_payment'), move('hall_staff', 1, 'cancelled'), move('hall_staff', 1, 'issued'),
    move('hall_worker', 1, 'accepted'), move('hall_callback', 1, 'cancelled', DENIED), move('hall_render', 1, 'cancelled', DENIED)]);
});

test('nobody writes what is for others to write, nor reads a secret that is another\'s', () => {
  allRefused([
    ['hall_web', 'UPDATE orders SET account_id = 2 WHERE id = 1'],
    ['hall_web', `UPDATE orders SET lease_staff = 1, lease_until = now() WHERE id = 1`],
    ['hall_web', 'UPDATE orders SET fence = 9 WHERE id = 1'],
    ['hall_web', `INSERT INTO orders (order_no, account_id, project, certificate_type, years, state) VALUES ('9', 1, 'p-1', 'organisation', 1, 'accepted')`],
    ['hall_web', 'UPDATE payment SET received_fen = 100 WHERE id = 1'],
    ['hall_web', `UPDATE payment SET decided_by = 1 WHERE id = 1`],
    ['hall_web', 'UPDATE identity_check SET score = 100 WHERE id = 1'],
    ['hall_web', `UPDATE identity_check SET manual_result = 'passed' WHERE id = 1`],
    ['hall_web', 'SELECT sealed FROM pin'],
    ['hall_web', 'SELECT key_sealed FROM cert_intent'],
    ['hall_web', 'SELECT secret FROM job'],
    ['hall_web', 'SELECT totp_sealed FROM staff'],
    ['hall_staff', `UPDATE orders SET form = '{}' WHERE id = 1`],
    ['hall_staff', `UPDATE orders SET form_secret = 'x' WHERE id = 1`],
    ['hall_staff', 'UPDATE orders SET certificate_fen = 1 WHERE id = 1'],
    ['hall_staff', 'UPDATE payment SET amount_fen = 1 WHERE id = 1'],
    ['hall_staff', `UPDATE payment SET out_trade_no = 'x' WHERE id = 1`],
    ['hall_staff', `UPDATE identity_check SET front_sealed = 'x' WHERE id = 1`],
    ['hall_staff', 'SELECT password_hash FROM account'],
    ['hall_staff', 'SELECT sealed FROM pin'],
    ['hall_staff', 'SELECT key_sealed FROM cert_intent'],
    ['hall_staff', 'SELECT secret FROM job'],
    ['hall_worker', 'SELECT password_hash FROM account'],
    ['hall_worker', 'SELECT totp_sealed FROM staff'],
    ['hall_worker', `UPDATE order_transition SET roles = '{hall_worker}'`],
    ['hall_callback', 'SELECT * FROM orders'],
    ['hall_callback', 'SELECT payload FROM job'],
    ['hall_render', 'SELECT * FROM account'],
    ...ROLES.flatMap((role) => [[role, 'DELETE FROM audit_event'], [role, `UPDATE audit_event SET ip = 'x'`], [role, 'TRUNCATE audit_event'],
      [role, `INSERT INTO audit_event SELECT * FROM audit_event`], [role, 'UPDATE audit_stream SET seq = 0'], [role, 'UPDATE clock SET shift = $$1 hour$$'],
      [role, 'DELETE FROM orders'], [role, 'ALTER TABLE audit_event DISABLE TRIGGER USER']]),
  ].map(([role, sql]) => [role, /permission denied|must be owner/, sql]));
});

test('the owner himself changes no event', () => {
  allRefused([`UPDATE audit_event SET ip = 'x'`, 'DELETE FROM audit_event'].map((sql) => ['hall_owner', /never changed/, sql]));
});

test('a verdict is given at the desk, and a check is judged by others than who takes it in', () => {
  const passed = `UPDATE orders SET review_passed_sha256 = 'x' WHERE id = 1`;
  refused('hall_web', /hall_web gives no verdict/, passed);
  refused('hall_worker', /hall_worker gives no verdict/, passed);
  db.as('hall_staff', passed);
  db.as('hall_web', 'UPDATE orders SET review_passed_sha256 = NULL WHERE id = 1');
  allRefused([`state = 'passed'`, `state = 'failed'`, `front_state = 'accepted'`, `back_state = 'accepted'`, `liveness_state = 'passed'`].map((what) =>
    ['hall_web', /judges no check/, `UPDATE identity_check SET ${what} WHERE id = 1`]));
  refused('hall_web', /judges no check/, `INSERT INTO identity_check (order_id, revision_no, subject_key, state, expires_at) VALUES (1, 1, 'x', 'passed', now())`);
  refused('hall_web', /violates check constraint/, `UPDATE payment SET state = 'paid' WHERE id = 1`);
  db.as('hall_web', `UPDATE identity_check SET front_state = 'checking' WHERE id = 1`);
});

test('the trail takes from each process only what it can have said', () => {
  const say = ({ stream = 'orders/00000000000000001', role, actor, order = 1, move = [null, null, null] }) =>
    `SELECT audit_add('${stream}', '${role}', ${actor}, '127.0.0.1', 'trace', 'said', ${order}, ${move.map((word) => (word ? `'${word}'` : 'NULL'))}, '{}')`;
  const good = [
    ['hall_web', { role: 'applicant', actor: 1 }],
    ['hall_web', { role: 'applicant', actor: 2, order: null, stream: 'accounts/2' }],
    ['hall_web', { role: 'phone', actor: 1, order: 2, stream: 'orders/00000000000000002' }],
    ['hall_staff', { role: 'reviewer', actor: 1 }],
    ['hall_staff', { role: 'staff', actor: 2, order: null, stream: 'staff/2' }],
    ['hall_staff', { role: 'finance', actor: 2, stream: 'staff/2' }],
    ['hall_worker', { role: 'system', actor: 0 }],
    ['hall_worker', { role: 'provider', actor: 0 }],
    ['hall_staff', { role: 'finance', actor: 2, move: ['T20', 'pending_review', 'pending_review'] }],
  ];
  for (const role of ROLES) {
    const mine = good.filter(([who]) => who === role).map(([, what]) => say(what));
    if (mine.length) assert.deepEqual(db.errors(role, mine), mine.map(() => ''));
  }
  assert.deepEqual(db.sql(`SELECT count(*) FROM audit_event WHERE action = 'said'`), [[String(good.length)]]);
  const bad = [
    ['hall_web', { role: 'applicant', actor: 2 }], // another's order
    ['hall_web', { role: 'applicant', actor: 1, stream: 'orders/00000000000000002' }], // another order's chain
    ['hall_web', { role: 'applicant', actor: 1, order: null, stream: 'accounts/2' }],
    ['hall_web', { role: 'applicant', actor: 1, order: null, stream: 'orders/00000000000000001' }],
    ['hall_web', { role: 'applicant', actor: 1, order: null, stream: 'staff/1' }],
    ['hall_web', { role: 'phone', actor: 1 }], // a check of another order
    ['hall_web', { role: 'reviewer', actor: 1 }],
    ['hall_web', { role: 'system', actor: 0 }],
    ['hall_web', { role: 'applicant', actor: 1, move: ['T11', 'pending_review', 'in_review'] }],
    ['hall_web', { role: 'applicant', actor: 1, move: ['T24b', 'pending_review', 'refunding'] }], // the order has not moved
    ['hall_web', { role: 'applicant', actor: 1, move: ['T01', null, 'draft'] }],
    ['hall_staff', { role: 'finance', actor: 1 }], // anna is a reviewer
    ['hall_staff', { role: 'reviewer', actor: 3 }], // nobody
    ['hall_staff', { role: 'reviewer', actor: 1, stream: 'staff/2' }],
    ['hall_staff', { role: 'applicant', actor: 1 }],
    ['hall_staff', { role: 'system', actor: 0 }],
    ['hall_staff', { role: 'staff', actor: 2, move: ['T20', 'pending_review', 'pending_review'] }], // as whom?
    ['hall_staff', { role: 'reviewer', actor: 1, move: ['T12', 'in_review', 'pending_review'], stream: 'orders/00000000000000002' }],
    ['hall_worker', { role: 'reviewer', actor: 1 }],
    ['hall_worker', { role: 'applicant', actor: 1 }],
    ['hall_worker', { role: 'system', actor: 1 }],
    ['hall_worker', { role: 'system', actor: 0, order: null, stream: 'accounts/1' }],
  ];
  const before = db.sql('SELECT count(*) FROM audit_event');
  allRefused(bad.map(([role, what]) => [role, /audit_may: \w+ may not write/, say(what)]));
  allRefused(['hall_callback', 'hall_render'].map((role) => [role, DENIED, say({ role: 'provider', actor: 0 })]));
  assert.deepEqual(db.sql('SELECT count(*) FROM audit_event'), before);
});

test('an order has one number, no open twin, and words that are known', () => {
  db.sql(`UPDATE orders SET subject_key = 'k' WHERE id = 1`);
  allRefused([
    [/unique/, `INSERT INTO orders (order_no, account_id, project, certificate_type, years) VALUES ('00000000000000001', 1, 'p-1', 'organisation', 1)`],
    [/orders_one_open/, `UPDATE orders SET subject_key = 'k' WHERE id = 2`],
    [/years/, 'UPDATE orders SET years = 11 WHERE id = 1'],
    [/pin_channel/, `UPDATE orders SET pin_channel = 'post' WHERE id = 1`],
    [/foreign key/, `UPDATE orders SET project = 'p-2' WHERE id = 1`],
  ].map(([why, sql]) => ['hall_owner', why, sql]));
});
