// One process that is kept running: started, logged, restarted when it dies, stopped with all its
// children, and found again by the next start when the runner itself was killed.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { become } from './people.mjs';

const SHORT_LIFE_MS = 1000;
const LONGEST_PAUSE_MS = 800; // a killed process is back within a second
const STOP_MS = 12_000;

export const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', TZ: 'UTC', HOME: '/nonexistent' };

/** {parent, group, started} of a process, null when there is none. */
function stat(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' ? null : { parent: Number(fields[1]), group: Number(fields[2]), started: fields[19] };
  } catch {
    return null;
  }
}

export const startedAt = (pid) => stat(pid)?.started ?? null;

const everybody = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);

/** The processes below one, children first. */
export function descendants(pid) {
  const all = everybody();
  const parents = new Map(all.map((p) => [p, stat(p)?.parent]));
  const below = [];
  for (let level = [pid]; level.length;) {
    level = all.filter((p) => level.includes(parents.get(p)));
    below.unshift(...level);
  }
  return below;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

export class Keeper {
  #child = null;
  #stopping = false;
  #pause = 0;
  #bornAt = 0;
  #timer;

  /**
   * spec: {name, command: [program, ...arguments], who, cwd?, fds?: [directories handed down as
   * descriptors 3, 4, ...], stopSignal?, deathSignal?, orphanSignal? for children that do not
   * notice that their parent was killed, env?}
   */
  constructor(dir, spec, say) {
    this.dir = dir;
    this.spec = { stopSignal: 'SIGTERM', who: spec.name, ...spec };
    this.say = say;
    this.restarts = 0;
  }

  get pid() {
    return this.#child?.pid;
  }

  start() {
    const { name, command, who, cwd, fds = [], deathSignal, env } = this.spec;
    const log = openSync(`${this.dir}/log/${name}.log`, 'a', 0o640);
    const handed = fds.map((path) => openSync(path, 'r'));
    this.#bornAt = performance.now();
    this.#child = spawn('/usr/bin/setpriv', [...become(who, { deathSignal }), ...command], {
      cwd: cwd ?? this.dir,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', log, log, ...handed],
      detached: true, // a group of its own: Ctrl-C is for the runner, which stops in order
    });
    for (const fd of [log, ...handed]) closeSync(fd);
    this.#child.on('error', (error) => this.say(`${name}: ${error.message}`));
    this.#child.on('exit', (code, signalName) => this.#ended(code, signalName));
    if (this.pid) writeFileSync(`${this.dir}/pids/${name}`, `${this.pid} ${startedAt(this.pid)}\n`);
    return this;
  }

  #ended(code, signalName) {
    const lived = performance.now() - this.#bornAt;
    const { pid } = this.#child;
    this.#child = null;
    if (this.#stopping) return;
    if (this.spec.orphanSignal) signal(-pid, this.spec.orphanSignal);
    this.restarts++;
    this.say(`${this.spec.name} ended (${signalName ?? `status ${code}`}) and is started again; see log/${this.spec.name}.log`);
    if (lived > SHORT_LIFE_MS) this.#pause = 0;
    this.#timer = setTimeout(() => this.#stopping || this.start(), this.#pause);
    this.#pause = Math.min(this.#pause * 2 || 20, LONGEST_PAUSE_MS);
  }

  /** Sends a signal to the process, or to it and all its children. */
  signal(name, { group = false } = {}) {
    if (!this.pid) return;
    if (group) for (const pid of descendants(this.pid)) signal(pid, name);
    signal(this.pid, name);
  }

  async stop() {
    this.#stopping = true;
    clearTimeout(this.#timer);
    if (this.#child) {
      const pid = this.pid;
      const ended = new Promise((resolve) => this.#child.on('exit', resolve));
      const below = descendants(pid);
      this.signal('SIGCONT', { group: true });
      signal(pid, this.spec.stopSignal);
      const timer = setTimeout(() => signal(-pid, 'SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
      await gone(below, STOP_MS);
    }
    rmSync(`${this.dir}/pids/${this.spec.name}`, { force: true });
  }
}

/** Waits for processes to end, and makes them. */
async function gone(pids, ms) {
  const alive = () => pids.filter((pid) => stat(pid));
  for (const end = performance.now() + ms; alive().length && performance.now() < end;) await sleep(20);
  for (const pid of alive()) signal(pid, 'SIGKILL');
}

function belongs(dir, pid) {
  try {
    const at = readlinkSync(`/proc/${pid}/cwd`);
    return at === dir || at.startsWith(`${dir}/`);
  } catch {
    return false;
  }
}

/** Ends what a runner that was killed has left in dir. Answers whether a runner is still there. */
export async function clearLeftovers(dir) {
  const left = [];
  for (const name of readdirSync(`${dir}/pids`)) {
    const [pid, started] = readFileSync(`${dir}/pids/${name}`, 'utf8').split(/\s/);
    if (name === 'runner' && pid && startedAt(pid) === started) return Number(pid);
    // Each has led a group of its own, whose members outlive it.
    left.push(...everybody().filter((other) => stat(other)?.group === Number(pid) && belongs(dir, other)));
    rmSync(`${dir}/pids/${name}`, { force: true });
  }
  for (const pid of left) signal(pid, 'SIGINT'); // for PostgreSQL SIGTERM means: when all have left
  await gone(left, 5000);
  return 0;
}
