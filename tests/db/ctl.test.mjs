// hall-ctl against a database of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Cluster } from './cluster.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CTL = path.resolve(ROOT, process.env.B ?? 'build', 'hall-ctl');

let cluster;
let dir;
before(() => {
  cluster = new Cluster();
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hall-ctl-'));
});
after(() => {
  cluster?.stop();
  if (dir) fs.rmSync(dir, { recursive: true });
});

/** A place to work in: a directory with keys and settings, and an empty database. */
function place(name, settings = {}) {
  const home = path.join(dir, name);
  fs.mkdirSync(home);
  const dsn = cluster.database(name);
  const put = (more) => fs.writeFileSync(`${home}/conf`, Object.entries({
    database: dsn('hall_owner'), data_keys: 'keys/data.keys', clock_file: 'clock',
    sandbox: 1, ...settings, ...more }).map(([k, v]) => `${k} = ${v}\n`).join(''));
  put();
  const ctl = (...args) => {
    const r = spawnSync(CTL, ['conf', ...args], { cwd: home, encoding: 'utf8' });
    return { status: r.status, out: r.stdout, err: r.stderr };
  };
  const good = (...args) => {
    const r = ctl(...args);
    assert.equal(r.status, 0, r.err);
    return r.out;
  };
  const refused = (why, ...args) => {
    const r = ctl(...args);
    assert.equal(r.status, 1, r.out);
    assert.match(r.err, why);
  };
  return { home, dsn, put, ctl, good, refused, sql: (text) => cluster.sql(name, text) };
}

/** A copy of sql/ that a test may spoil. */
function copySql(p) {
  fs.cpSync(`${ROOT}/sql`, `${p.home}/sql`, { recursive: true });
  return `${p.home}/sql`;
}

test('usage is told, and nothing else done', () => {
  const p = place('usage');
  for (const args of [[], ['nonsense'], ['keys'], ['staff'], ['staff', 'nonsense'], ['migrate'], ['clock', '1', '2']]) {
    const r = p.ctl(...args);
    assert.equal(r.status, 2);
    assert.match(r.err, /^usage: hall-ctl/);
  }
  assert.match(p.good('sample-config'), /#database = /);
});

test('keys are made once, with a mode that keeps others out', () => {
  const p = place('keys');
  assert.match(p.good('keys', 'keys'), /made keys\/data\.keys\nmade keys\/pin\.keys/);
  const first = fs.readFileSync(`${p.home}/keys/data.keys`, 'utf8');
  assert.match(first, /^[a-z0-9]{8} [0-9a-f]{64}\n$/);
  assert.equal(fs.statSync(`${p.home}/keys/data.keys`).mode & 0o777, 0o600);
  assert.equal(fs.statSync(`${p.home}/keys`).mode & 0o777, 0o700);
  assert.match(p.good('keys', 'keys'), /kept keys\/data\.keys\nkept keys\/pin\.keys/);
  assert.equal(fs.readFileSync(`${p.home}/keys/data.keys`, 'utf8'), first);
  p.good('keys', 'add', 'keys/data.keys');
  const second = fs.readFileSync(`${p.home}/keys/data.keys`, 'utf8');
  assert.ok(second.endsWith(first) && second.split('\n').length === 3);
  assert.equal(fs.statSync(`${p.home}/keys/data.keys`).mode & 0o777, 0o600);
  assert.deepEqual(fs.readdirSync(`${p.home}/keys`).sort(), ['data.keys', 'pin.keys']);
});

test('migrations run once, in order, and again without effect', () => {
  const p = place('migrate');
  const files = fs.readdirSync(`${ROOT}/sql/schema`).filter((f) => f.endsWith('.sql')).sort();
  const out = p.good('migrate', `${ROOT}/sql`);
  assert.deepEqual(out.match(/(?<=^applied ).*$/gm), files);
  assert.deepEqual(p.sql('SELECT name FROM schema_version ORDER BY name').flat(), files);
  const [[rows]] = p.sql(`SELECT (SELECT count(*) FROM region) + (SELECT count(*) FROM bank_branch)
    + (SELECT count(*) FROM courier_tariff) + (SELECT count(*) FROM project_type)`);
  assert.ok(Number(rows) > 3000);
  assert.doesNotMatch(p.good('migrate', `${ROOT}/sql`), /applied/);
  assert.deepEqual(p.sql(`SELECT (SELECT count(*) FROM region) + (SELECT count(*) FROM bank_branch)
    + (SELECT count(*) FROM courier_tariff) + (SELECT count(*) FROM project_type)`), [[rows]]);
  assert.equal(p.sql('SELECT has_table_privilege(\'hall_web\', \'orders\', \'SELECT\')')[0][0], 't');
  const moves = Object.fromEntries(p.sql(`SELECT move || ' ' || from_state || ' ' || to_state, roles FROM order_transition`));
  assert.equal(moves['T03 draft awaiting_documents'], '{hall_web}');
  assert.equal(moves['T35 issuing issued'], '{hall_worker}');
  assert.equal(moves['T42 issued shipped'], '{hall_staff}');
});

test('a move that the domain forgot is nobody\'s any more', () => {
  const p = place('forgot');
  p.good('migrate', `${ROOT}/sql`);
  p.sql(`INSERT INTO order_transition VALUES ('T99', 'draft', 'issued', '{hall_web}')`);
  p.good('migrate', `${ROOT}/sql`);
  assert.deepEqual(p.sql(`SELECT roles FROM order_transition WHERE move = 'T99'`), [['{}']]);
});

test('what was applied may not change, vanish or be overtaken', () => {
  const p = place('forward');
  const sql = copySql(p);
  const version = fs.readFileSync(`${sql}/schema/020_account.sql`, 'utf8');
  p.good('migrate', sql);
  fs.writeFileSync(`${sql}/schema/020_account.sql`, `${version}\n-- a word\n`);
  p.refused(/020_account\.sql: was applied, but changed since/, 'migrate', sql);
  fs.rmSync(`${sql}/schema/020_account.sql`);
  p.refused(/020_account\.sql: was applied, but the file is gone/, 'migrate', sql);
  fs.writeFileSync(`${sql}/schema/020_account.sql`, version);
  fs.writeFileSync(`${sql}/schema/015_late.sql`, 'SELECT 1;');
  p.refused(/015_late\.sql: comes before 020_account\.sql/, 'migrate', sql);
  fs.rmSync(`${sql}/schema/015_late.sql`);
  p.good('migrate', sql);
});

test('a file that fails leaves nothing, and can be mended', () => {
  const p = place('fails');
  const sql = copySql(p);
  fs.writeFileSync(`${sql}/schema/990_new.sql`, 'CREATE TABLE first (a int); CREATE TABLE second (a nonsense);');
  p.refused(/990_new\.sql: .*nonsense/, 'migrate', sql);
  assert.deepEqual(p.sql(`SELECT to_regclass('first') IS NULL, count(*) FROM schema_version WHERE name = '990_new.sql'`),
    [['t', '0']]);
  fs.writeFileSync(`${sql}/schema/990_new.sql`, 'CREATE TABLE first (a int); CREATE TABLE second (a int);');
  assert.match(p.good('migrate', sql), /^applied 990_new\.sql$/m);
});

test('seed files with other columns and edited agreements are refused; staff\'s fees are kept', () => {
  const p = place('seed');
  const sql = copySql(p);
  p.good('migrate', sql);
  p.sql(`UPDATE project_type SET fee_per_year_fen = 12345; UPDATE region SET name = 'x'; DELETE FROM holiday;`);
  p.good('migrate', sql);
  assert.deepEqual(p.sql(`SELECT min(fee_per_year_fen), (SELECT count(*) FROM region WHERE name = 'x'),
    (SELECT count(*) > 0 FROM holiday) FROM project_type`), [['12345', '0', 't']]);
  fs.appendFileSync(`${sql}/seed/agreement/face.en.md`, '\nOne more thing.\n');
  p.refused(/face\.en\.md: version \S+ was published with another text/, 'migrate', sql);
  fs.writeFileSync(`${sql}/seed/holiday.tsv`, 'name\tkind\tdate\n');
  p.refused(/holiday\.tsv: has not the columns date\tkind\tname/, 'migrate', sql);
});

test('staff are added with a password and a second factor that nobody sees again', () => {
  const p = place('staff');
  p.good('keys', 'keys');
  p.good('migrate', `${ROOT}/sql`);
  const out = p.good('staff', 'add', 'zhang.san', '--name', '张三', '--role', 'reviewer', '--role', 'auditor');
  const [, password] = out.match(/^password +(\S{16})$/m);
  const [, secret] = out.match(/^totp secret +([A-Z2-7]{32})$/m);
  const [[name, roles, hash, sealed]] = p.sql('SELECT name, roles, password_hash, encode(totp_sealed, \'hex\') FROM staff');
  assert.deepEqual([name, roles], ['张三', '{reviewer,auditor}']);
  assert.match(hash, /^\$scrypt\$ln=15,r=8,p=1\$/);
  assert.ok(sealed.length / 2 === 53 + 20);
  assert.ok(!`${hash}${sealed}`.includes(password) && !sealed.includes(secret));
  p.refused(/staff_username_key/, 'staff', 'add', 'zhang.san', '--name', 'x', '--role', 'auditor');
  p.refused(/staff_username_check/, 'staff', 'add', 'Zhang San', '--name', 'x', '--role', 'auditor');
  p.refused(/staff_roles_check/, 'staff', 'add', 'li.si', '--name', 'x', '--role', 'king');
  p.refused(/is no role/, 'staff', 'add', 'li.si', '--name', 'x', '--role', 'auditor,king');
  p.refused(/--name and --role are needed/, 'staff', 'add', 'li.si', '--role', 'auditor', '--role', 'auditor');
  assert.deepEqual(p.sql('SELECT count(*) FROM staff'), [['1']]);
  p.good('staff', 'reset', 'zhang.san');
  const [[again, epoch]] = p.sql('SELECT password_hash, epoch FROM staff');
  assert.ok(again !== hash && epoch === '2');
  p.refused(/no member of staff li\.si/, 'staff', 'reset', 'li.si');
  assert.deepEqual(p.sql('SELECT action FROM audit_event ORDER BY at').flat(), ['staff_added', 'staff_reset']);
});

test('a sandbox has logins, made once', () => {
  const p = place('logins');
  p.good('keys', 'keys');
  p.good('migrate', `${ROOT}/sql`);
  assert.match(p.good('seed-logins', 'logins.json'), /made/);
  assert.equal(fs.statSync(`${p.home}/logins.json`).mode & 0o777, 0o600);
  const first = fs.readFileSync(`${p.home}/logins.json`, 'utf8');
  const logins = JSON.parse(first);
  assert.deepEqual(logins.map((l) => l.username ?? l.role), ['applicant', 'reviewer', 'reviewer2', 'finance', 'finance2',
    'production', 'production2', 'auditor', 'administrator']);
  assert.deepEqual(p.sql('SELECT phone FROM account').flat(), [logins[0].phone]);
  assert.match(p.good('seed-logins', 'logins.json'), /kept/);
  assert.equal(fs.readFileSync(`${p.home}/logins.json`, 'utf8'), first);
  fs.rmSync(`${p.home}/logins.json`);
  p.good('seed-logins', 'logins.json');
  assert.notEqual(fs.readFileSync(`${p.home}/logins.json`, 'utf8'), first);
  assert.deepEqual(p.sql('SELECT count(*) FROM staff'), [['8']]);
  p.put({ sandbox: 0 });
  p.refused(/is for a sandbox/, 'seed-logins', 'other.json');
  p.refused(/is for a sandbox/, 'clock', '+3d');
  assert.ok(!fs.existsSync(`${p.home}/other.json`));
});

test('the clock of a sandbox is moved in place', () => {
  const p = place('clock');
  p.good('migrate', `${ROOT}/sql`);
  const shift = () => [Number(fs.readFileSync(`${p.home}/clock`, 'utf8')),
    Number(p.sql('SELECT extract(epoch FROM shift)::bigint FROM clock')[0][0])];
  p.good('clock', '+3d');
  assert.deepEqual(shift(), [259200, 259200]);
  const { ino } = fs.statSync(`${p.home}/clock`);
  p.good('clock', '-90m');
  assert.deepEqual(shift(), [-5400, -5400]);
  for (const bad of ['3d', '+d', '+3w', '', '+-3d', '+99999999999d']) p.refused(/is no shift/, 'clock', bad);
  p.good('clock', '0');
  assert.deepEqual(shift(), [0, 0]);
  assert.equal(fs.statSync(`${p.home}/clock`).ino, ino);
});

test('the trail is verified, and every way of changing it seen', () => {
  const p = place('audit');
  p.good('migrate', `${ROOT}/sql`);
  const fill = () => p.sql(`ALTER TABLE audit_event DISABLE TRIGGER ALL; ALTER TABLE audit_checkpoint DISABLE TRIGGER ALL;
    TRUNCATE audit_event, audit_stream, audit_checkpoint;
    SELECT audit_add(s, 'system', i, '', 'trace', 'look', NULL, NULL, NULL, NULL, '{"什么": [1.50, null, "a\\\\u0041"]}')
      FROM generate_series(1, 400) AS i, unnest(ARRAY['accounts/1', 'staff/2', 'system']) AS s;`);
  fill();
  assert.match(p.good('audit-verify'), /^1200 events, all whole$/m);
  const spoil = (sql, why) => {
    fill();
    p.sql(sql);
    p.refused(why, 'audit-verify');
  };
  for (const change of [`actor_id = 9`, `detail = '{}'`, `at = at + interval '1 microsecond'`, `actor_role = 'staff'`,
    `ip = '::1'`, `trace = ''`, `action = 'looked'`])
    spoil(`UPDATE audit_event SET ${change} WHERE stream = 'staff/2' AND seq = 200`, /event 200 of staff\/2 was changed/);
  spoil(`DELETE FROM audit_event WHERE stream = 'staff/2' AND seq = 1`, /event 1 of staff\/2 is missing/);
  spoil(`DELETE FROM audit_event WHERE stream = 'system' AND seq = 399`, /event 399 of system is missing/);
  spoil(`DELETE FROM audit_event WHERE stream = 'system' AND seq = 400`, /event 400 of system is the head, but/);
  spoil(`DELETE FROM audit_event WHERE stream = 'system'`, /event 400 of system is the head, but/);
  spoil(`DELETE FROM audit_stream WHERE stream = 'system'`, /of system is the head, but/);
  spoil(`UPDATE audit_stream SET seq = 399 WHERE stream = 'system'`, /event 399 of system is the head, but/);
  // Somebody who writes the whole chain anew is caught by the checkpoint.
  spoil(`INSERT INTO audit_checkpoint (heads, prev_hash, hash)
           SELECT jsonb_build_object(stream, jsonb_build_array(seq, encode(hash, 'hex'))), '', sha256('x')
             FROM audit_stream WHERE stream = 'system';
         DELETE FROM audit_event WHERE stream = 'system'; DELETE FROM audit_stream WHERE stream = 'system';
         SELECT audit_add('system', 'system', 1, '', 'trace', 'nothing', NULL, NULL, NULL, NULL, '{}')
           FROM generate_series(1, 400);`, /checkpoint \d+ does not agree with the trail system/);
});

test('settings are checked with what they name', () => {
  const p = place('checks');
  p.refused(/keys\/data\.keys/, 'check-config');
  p.good('keys', 'keys');
  assert.match(p.ctl('check-config').out, /^database +\w+: .*does not exist/m);
  p.good('migrate', `${ROOT}/sql`);
  assert.match(p.good('check-config'), /^keys +good\ndatabase +good\nredis +not set\nproviders +not set\nsigner +not set/m);
  p.put({ redis: 'nowhere' });
  assert.match(p.ctl('check-config').out, /^redis +redis: connecting/m);
  assert.equal(p.ctl('check-config').status, 1);
  p.put({ pool: 'callback', wechatpay_base_url: 'http://example.com' });
  assert.match(p.ctl('check-config').out, /^providers +wechatpay_\w+ /m);
  assert.equal(p.ctl('check-config').status, 1);
  p.put({ databse: 'x' });
  p.refused(/conf:\d+: databse is not a setting/, 'check-config');
});

test('two migrations do not run at once', () => {
  const p = place('twice');
  p.good('migrate', `${ROOT}/sql`);
  const holder = spawnSync('bash', ['-c', `psql -qXAt '${p.dsn('hall_owner')}' -c "SELECT pg_advisory_lock(hashtext('hall-ctl migrate'))" \
    -c '\\! ${CTL} conf migrate ${ROOT}/sql 2>&1'`], { cwd: p.home, encoding: 'utf8' });
  assert.match(holder.stdout, /another migration is running/);
});

test("the signer's journal is read to its end", () => {
  const p = place('journal', { journal: 'journal' });
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const lines = [];
  for (let seq = 1, prev = '0'.repeat(64); seq <= 3; seq++) {
    const text = [seq, 1700000000 + seq, 'statement', 'ab12', sha256(`s${seq}`), '-', '-', '-', '-', sha256('tbs'), '-', 'cd', prev].join(' ');
    prev = sha256(text);
    lines.push(`${text} ${prev}\n`);
  }
  p.refused(/journal: No such file/, 'journal-verify');
  fs.writeFileSync(`${p.home}/journal`, lines.join(''));
  const told = p.good('journal-verify');
  assert.match(told, /^3 entries, all whole: 0 certificates, 0 voids, 0 lists, 3 statements$/m);
  assert.ok(told.includes(lines[2].slice(-65, -1)));
  fs.writeFileSync(`${p.home}/journal`, lines.join('') + lines[2].slice(0, 20));
  assert.match(p.good('journal-verify'), /20 bytes/);
  fs.writeFileSync(`${p.home}/journal`, lines[0] + lines[2]);
  p.refused(/line 2: it does not follow/, 'journal-verify');
  fs.writeFileSync(`${p.home}/journal`, lines.join('').replace('1700000002', '1700000003'));
  p.refused(/line 2: it cannot be read or its hash is wrong/, 'journal-verify');
  p.put({ journal: '' });
  p.refused(/signer's settings/, 'journal-verify');
});

test('CAs are made once, checked, and the lists of their roots renewed', () => {
  const p = place('ca', { ca_dir: 'ca', ca_passphrase_file: 'pass' });
  p.refused(/pass: No such file/, 'ca', 'init', 'ca');
  fs.writeFileSync(`${p.home}/pass`, 'a long enough passphrase\n', { mode: 0o600 });
  p.good('ca', 'init', 'ca');
  p.refused(/there is a CA already/, 'ca', 'init', 'ca');
  assert.equal(p.good('ca', 'check').match(/ good\b/g).length, 7);
  const serial = spawnSync('openssl', ['x509', '-in', `${p.home}/ca/public/p256-issuing.crt`, '-noout', '-serial'],
    { encoding: 'utf8' }).stdout.trim().replace('serial=', '');
  assert.match(p.good('ca', 'root-crl', 'p256', serial, 'key_compromise', '2026-01-02'), /with 1 entries/);
  assert.match(spawnSync('openssl', ['crl', '-in', `${p.home}/ca/public/p256-root.crl`, '-noout', '-text'], { encoding: 'utf8' })
    .stdout, new RegExp(`Serial Number: ${serial}`));
  p.refused(/is no CA/, 'ca', 'root-crl', 'rsa');
  p.refused(/is no reason/, 'ca', 'root-crl', 'p256', serial, 'boredom', '2026-01-02');
  p.refused(/for each/, 'ca', 'root-crl', 'p256', serial, 'key_compromise');
  fs.rmSync(`${p.home}/ca/public/sm2-issuing.crt`);
  assert.equal(p.ctl('ca', 'check').status, 1);
});
