// A PostgreSQL of the test's own, thrown away afterwards: trusting, without fsync, on a unix socket.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const BIN = '/usr/lib/postgresql/15/bin';
const ROLES = ['hall_owner', 'hall_web', 'hall_staff', 'hall_callback', 'hall_render', 'hall_worker'];

// PostgreSQL refuses to run as root.
const command = (name, args) => (process.getuid() === 0
  ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', `${BIN}/${name}`, ...args]]
  : [`${BIN}/${name}`, args]);

export class Cluster {
  constructor() {
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hall-db-'));
    if (process.getuid() === 0) execFileSync('chown', ['postgres', this.dir]);
    const data = `${this.dir}/data`;
    const options = { cwd: this.dir, stdio: 'ignore' };
    execFileSync(...command('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8',
      '--locale=C.UTF-8', '--no-sync']), options);
    execFileSync(...command('pg_ctl', ['-D', data, '-w', '-l', `${data}/log`, '-o',
      `-c listen_addresses='' -c unix_socket_directories=${this.dir} -c fsync=off`, 'start']), options);
    this.sql('postgres', ROLES.map((role) => `CREATE ROLE ${role} LOGIN;`).join(''));
  }

  /** Runs SQL as the superuser; answers rows as arrays of text. */
  sql(database, text) {
    const r = spawnSync('psql', ['-qXAt', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-h', this.dir, '-U', 'postgres',
      '-d', database, '-f', '-'], { input: text, encoding: 'utf8' });
    if (r.status !== 0) throw new Error(r.stderr);
    return r.stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  }

  /** An empty database of hall_owner; answers its connection string for a role. */
  database(name) {
    this.sql('postgres', `CREATE DATABASE ${name} OWNER hall_owner;`);
    this.sql(name, 'ALTER SCHEMA public OWNER TO hall_owner;');
    return (role) => `host=${this.dir} dbname=${name} user=${role}`;
  }

  stop() {
    spawnSync(...command('pg_ctl', ['-D', `${this.dir}/data`, '-m', 'immediate', '-w', 'stop']),
      { cwd: this.dir, stdio: 'ignore' });
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}
