// Who each process is. Every one has a number of its own, without an entry in passwd, and belongs
// to the groups of what it may reach. Started without root, all are whoever started them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Failure } from './failure.mjs';

const OWN = {
  applicant: 61001, staff: 61002, callback: 61003, render: 61004, worker: 61005, signer: 61006,
  inspect: 61007, redis: 61008, sandbox: 61009, watch: 61010, nginx: 61012, ctl: 61013,
};
const SHARED = { redis_clients: 61021, database: 61022, inspect_clients: 61023, signer_clients: 61024,
  data_keys: 61025, documents: 61026 };
const MEMBERS = {
  applicant: ['redis_clients', 'database', 'inspect_clients', 'data_keys', 'documents'],
  watch: ['redis_clients', 'database', 'data_keys'],
  staff: ['redis_clients', 'database', 'inspect_clients', 'data_keys', 'documents'],
  callback: ['redis_clients', 'database'],
  render: ['redis_clients', 'database', 'data_keys'],
  worker: ['redis_clients', 'database', 'inspect_clients', 'signer_clients', 'data_keys', 'documents'],
  ctl: ['redis_clients', 'database', 'signer_clients', 'data_keys'],
};

export const isRoot = process.getuid() === 0;

/** initdb wants a user with a name: the one that the package makes. */
function postgres() {
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!line) throw new Failure('There is no user postgres: the package postgresql-15 makes it.');
  return { uid: Number(line[1]), gid: Number(line[2]), groups: [] };
}

/** {uid, gid, groups} of a process. */
export function person(name) {
  if (!isRoot) return { uid: process.getuid(), gid: process.getgid(), groups: [] };
  if (name === 'postgres') return postgres();
  const id = OWN[name];
  if (!id) throw new Error(`nobody is called ${name}`);
  return { uid: id, gid: id, groups: (MEMBERS[name] ?? []).map((group) => SHARED[group]) };
}

/** The number of a group: a shared one, or the one that a process has alone. */
export const group = (name) => (isRoot ? SHARED[name] ?? OWN[name] : process.getgid());

/** The words that go before a command: who runs it, and that it ends with us. */
export function become(name, { deathSignal = 'TERM' } = {}) {
  const words = ['--pdeathsig', deathSignal, '--no-new-privs'];
  if (isRoot) {
    const { uid, gid, groups } = person(name);
    words.push('--reuid', uid, '--regid', gid, ...(groups.length ? ['--groups', groups.join()] : ['--clear-groups']),
      '--inh-caps', '-all', '--bounding-set', '-all');
  }
  return words.map(String);
}

/** Fails in one sentence where root here is not root enough. */
export function checkPowers() {
  const { status } = spawnSync('/usr/bin/setpriv', [...become('nginx'), '/bin/true'], { stdio: 'ignore' });
  if (status !== 0) throw new Failure('This root may not become other users (CAP_SETUID, CAP_SETGID and CAP_SETPCAP are needed): start as an ordinary user instead.');
}
