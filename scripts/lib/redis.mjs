// A private Redis behind a unix socket, with a user of its own for every process: which keys it may
// touch, and no command that could read or change the whole.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure, program } from './failure.mjs';
import { directory, file, once } from './files.mjs';
import { ENVIRONMENT } from './keeper.mjs';

const run = promisify(execFile);

/** Which keys each process may touch; the worker has no business here. */
const KEYS = {
  applicant: ['session:*', 'session-of:*', 'phone:*', 'phone-of:*', 'code-*', 'limit-*', 'handover:*', 'handover-of:*'],
  staff: ['staff:*', 'staff-of:*', 'limit-*'],
  watch: ['session:*', 'phone:*'],
  render: ['session:*'],
  callback: [],
  ctl: ['*'],
};
const REDIS_USERS = Object.keys(KEYS);
const COMMANDS = '-@all +@connection +@string +@set +@keyspace +@transaction +time '
  + '-@dangerous -keys -scan -randomkey -client';

export class Redis {
  constructor(dir) {
    this.dir = dir;
    this.passwords = JSON.parse(once(`${dir}/keys/redis.json`, () => JSON.stringify(
      Object.fromEntries(REDIS_USERS.map((user) => [user, randomBytes(24).toString('base64url')])), null, 1)));
  }

  spec() {
    // As with PostgreSQL: an absolute path may be closed, a descriptor is open.
    return { name: 'redis', who: 'redis', cwd: `${this.dir}/redis`, fds: [`${this.dir}/conf/redis.conf`],
      command: [program('redis-server', 'redis-server'), '/proc/self/fd/3'] };
  }

  prepare() {
    const { dir } = this;
    directory(`${dir}/redis`, { who: 'redis', mode: 0o700 });
    directory(`${dir}/sock/redis`, { who: 'redis', group: 'redis_clients', mode: 0o2750 });
    file(`${dir}/conf/redis.acl`, [
      'user default off',
      ...REDIS_USERS.map((user) => {
        const hash = createHash('sha256').update(this.passwords[user]).digest('hex');
        return [`user ${user} on #${hash}`, ...KEYS[user].map((key) => `~${key}`), COMMANDS].join(' ');
      }),
    ].join('\n') + '\n', { who: 'redis' });
    file(`${dir}/conf/redis.conf`, `port 0
unixsocket ../sock/redis/redis.sock
unixsocketperm 770
aclfile ../conf/redis.acl
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory 256mb
maxmemory-policy volatile-ttl
timeout 0
tcp-keepalive 0
enable-debug-command no
`, { who: 'redis' });
  }

  async command(...words) {
    const { stdout } = await run('/usr/bin/redis-cli', ['-s', 'sock/redis/redis.sock', '--user', 'ctl', ...words],
      { cwd: this.dir, env: { ...ENVIRONMENT, REDISCLI_AUTH: this.passwords.ctl } });
    return stdout.trim();
  }

  async ready(keeper) {
    for (const end = performance.now() + 15_000; ;) {
      if (await this.command('PING').catch(() => '') === 'PONG') return;
      if (performance.now() > end || keeper.restarts > 3) throw new Failure(`Redis does not start: see ${this.dir}/log/redis.log.`);
      await sleep(50);
    }
  }
}
