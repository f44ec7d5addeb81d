// A private PostgreSQL: made at the first start, reached by a unix socket in the run directory.
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, closeSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure, program } from './failure.mjs';
import { directory, file, once } from './files.mjs';
import { become } from './people.mjs';
import { ENVIRONMENT } from './keeper.mjs';

const run = promisify(execFile);

export const ROLES = ['hall_owner', 'hall_web', 'hall_staff', 'hall_callback', 'hall_render', 'hall_worker'];
const PROCESS_ROLES = ROLES.slice(1);

// PostgreSQL wants absolute paths, but the way to a clone may be closed to its user: a directory
// handed down as a descriptor is reached without that way.
const DATA = '/proc/self/fd/3';
const SOCKETS = '/proc/self/fd/4';
/** The socket's directory as every process sees it that runs in the run directory. */
export const HOST = '/proc/self/cwd/sock/pg';

const SETTINGS = {
  listen_addresses: "''",
  unix_socket_directories: `'${SOCKETS}'`,
  unix_socket_permissions: '0770',
  max_connections: 200,
  shared_buffers: '128MB',
  wal_compression: 'on',
  max_wal_size: '2GB',
  jit: 'off',
  random_page_cost: 1.1,
  password_encryption: "'scram-sha-256'",
  ssl: 'off',
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  // What people enter stays out of the server's log.
  log_statement: "'none'",
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_error_verbosity: "'terse'",
  log_min_error_statement: "'panic'",
  log_line_prefix: "'%m [%p] %u '",
};

export class Postgres {
  constructor(dir) {
    this.dir = dir;
    this.bin = program('postgres', 'postgresql-15').replace(/\/postgres$/, '');
    const secret = () => randomBytes(24).toString('base64url');
    this.passwords = JSON.parse(once(`${dir}/keys/database.json`,
      () => JSON.stringify(Object.fromEntries(['postgres', ...ROLES].map((role) => [role, secret()])), null, 1)));
  }

  /** The libpq connection string of a role, for programs that run in the run directory. */
  dsn(role, more = '') {
    return `host=${HOST} dbname=hall user=${role} password=${this.passwords[role]} application_name=${role}${more}`;
  }

  spec() {
    return { name: 'postgres', who: 'postgres', stopSignal: 'SIGINT', deathSignal: 'INT',
      command: [`${this.bin}/postgres`, '-D', DATA], fds: [`${this.dir}/pg`, `${this.dir}/sock/pg`] };
  }

  /** Makes the cluster unless there is one; a half-made one is made anew. */
  prepare() {
    directory(`${this.dir}/sock/pg`, { who: 'postgres', group: 'database', mode: 0o2750 });
    if (!existsSync(`${this.dir}/pg/hall-made`)) {
      rmSync(`${this.dir}/pg`, { recursive: true, force: true });
      this.fresh = true;
      this.#make();
    }
    file(`${this.dir}/pg/postgresql.auto.conf`, '', { who: 'postgres', mode: 0o600 });
    file(`${this.dir}/pg/hall.conf`, Object.entries(SETTINGS).map(([k, v]) => `${k} = ${v}\n`).join(''),
      { who: 'postgres', mode: 0o600 });
    rmSync(`${this.dir}/sock/pg/.s.PGSQL.5432.lock`, { force: true });
  }

  #make() {
    const { dir } = this;
    directory(`${dir}/pg`, { who: 'postgres', mode: 0o700 });
    file(`${dir}/tmp/pgpass`, this.passwords.postgres, { who: 'postgres' });
    const fds = [`${dir}/pg`, `${dir}/tmp/pgpass`].map((path) => openSync(path, 'r'));
    try {
      execFileSync('/usr/bin/setpriv', [...become('postgres'), `${this.bin}/initdb`, '-D', DATA, '-U', 'postgres',
        '--pwfile=/proc/self/fd/4', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums', '--no-sync'],
      { cwd: dir, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe', ...fds] });
    } catch (error) {
      const why = String(error.stderr).trim().split('\n').slice(-1)[0];
      throw new Failure(/No space left/.test(error.stderr) ? 'The disk is full.' : `PostgreSQL could not be set up: ${why}`);
    } finally {
      fds.forEach(closeSync);
      rmSync(`${dir}/tmp/pgpass`);
    }
    file(`${dir}/pg/postgresql.conf`, "include = 'hall.conf'\n", { who: 'postgres', mode: 0o600 });
    file(`${dir}/pg/pg_hba.conf`, 'local all all scram-sha-256\n', { who: 'postgres', mode: 0o600 });
  }

  async #psql(role, database, sql, { rows = false } = {}) {
    const args = ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-h', HOST, '-U', role, '-d', database];
    if (rows) args.push('-F', '\t');
    const child = run('/usr/bin/psql', [...args, '-f', '-'],
      { cwd: this.dir, env: { ...ENVIRONMENT, PGPASSWORD: this.passwords[role], PGCONNECT_TIMEOUT: '5' }, maxBuffer: 64 << 20 });
    child.child.stdin.end(sql);
    return (await child).stdout;
  }

  /** Rows as arrays of text, for tests and the runner; as the superuser. */
  async rows(sql) {
    const text = await this.#psql('postgres', 'hall', sql, { rows: true });
    return text.split('\n').filter(Boolean).map((line) => line.split('\t'));
  }

  /** Waits until it answers; then makes roles and database at the first start. */
  async ready(keeper) {
    const end = performance.now() + 30_000;
    for (;;) {
      try {
        await this.#psql('postgres', 'postgres', 'SELECT 1');
        break;
      } catch (error) {
        if (performance.now() > end || keeper.restarts > 3)
          throw new Failure(`PostgreSQL does not start: see ${this.dir}/log/postgres.log.`, { cause: error });
        await sleep(50);
      }
    }
    if (existsSync(`${this.dir}/pg/hall-made`)) return;
    const literal = (role) => `'${this.passwords[role]}'`;
    await this.#psql('postgres', 'postgres', [
      ...ROLES.map((role) => `CREATE ROLE ${role} LOGIN PASSWORD ${literal(role)};`),
      // The worker and the owner do long things; who answers people does not.
      ...PROCESS_ROLES.filter((role) => role !== 'hall_worker').map((role) => `ALTER ROLE ${role} SET statement_timeout = '3s';`),
      ...PROCESS_ROLES.map((role) => `ALTER ROLE ${role} SET lock_timeout = '2s';
        ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '10s';`),
      'CREATE DATABASE hall OWNER hall_owner;',
    ].join('\n'));
    await this.#psql('postgres', 'hall', 'REVOKE ALL ON DATABASE hall FROM PUBLIC; ALTER SCHEMA public OWNER TO hall_owner;'
      + PROCESS_ROLES.map((role) => `GRANT CONNECT ON DATABASE hall TO ${role};`).join(''));
    await this.#psql('postgres', 'postgres', 'CHECKPOINT');
    file(`${this.dir}/pg/hall-made`, '', { who: 'postgres' });
  }
}
