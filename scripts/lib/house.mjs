// A whole house in one directory: keys, databases, sandbox, the hall's processes and nginx.
// run.mjs keeps one for people, tests start their own with startHouse().
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Failure, program } from './failure.mjs';
import { copyTree, directory, file, install, once } from './files.mjs';
import { clearLeftovers, descendants, ENVIRONMENT, Keeper, startedAt } from './keeper.mjs';
import { Nginx } from './nginx.mjs';
import { become, checkPowers, isRoot } from './people.mjs';
import { port } from './ports.mjs';
import { Postgres } from './postgres.mjs';
import { Providers } from './providers.mjs';
import { POOLS, settings } from './settings.mjs';
import { Redis } from './redis.mjs';
import { tlsOf } from './tls.mjs';

const run = promisify(execFile);
export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROGRAMS = ['hall-ctl', 'hall-fcgi', 'hall-inspect', 'hall-signer', 'hall-worker'];
const NEEDED = [['setpriv', 'util-linux'], ['nginx', 'nginx-light'], ['postgres', 'postgresql-15'], ['psql', 'postgresql-client-15'],
  ['redis-server', 'redis-server'], ['redis-cli', 'redis-tools'], ['openssl', 'openssl']];
const NEEDED_BYTES = 300 << 20;
const READY_MS = 20_000;
const GRACE_MS = 500;

const flag = (name) => /^(1|yes|true)$/i.test(process.env[name] ?? '');

function wantedPort(name, usual, free) {
  const text = process.env[name];
  if (text === undefined || text === '') return free || flag('FREE') ? 0 : usual;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new Failure(`${name}=${text} is no port number.`);
  return Number(text);
}

class House {
  #keepers = new Map();
  #runnerFile;

  /** dir: the run directory; free: free ports; conf: settings laid over those of every process. */
  constructor({ dir = `${PROJECT}/.run`, free = false, conf = {}, quiet = false } = {}) {
    this.dir = resolve(dir);
    this.free = free;
    this.overrides = conf;
    this.quiet = quiet;
  }

  say(text) {
    appendFileSync(`${this.dir}/log/house.log`, `${new Date().toISOString()} ${text}\n`);
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }

  async start() {
    await this.#claim();
    try {
      await this.#choosePorts();
      this.#layOut();
      await this.#startStores();
      await this.#startHall();
      await this.#awaitReady();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** The directory is ours from here on; what a killed runner left there is ended. */
  async #claim() {
    mkdirSync(this.dir, { recursive: true });
    this.dir = realpathSync(this.dir);
    const { bavail, bsize } = statfsSync(this.dir);
    if (bavail * bsize < NEEDED_BYTES) throw new Failure(`The disk is full: ${this.dir} needs ${NEEDED_BYTES >> 20} MB.`);
    const owner = statSync(this.dir).uid;
    if (!isRoot && owner !== process.getuid()) throw new Failure(`${this.dir} belongs to somebody else.`);
    for (const [name, debianPackage] of NEEDED) program(name, debianPackage);
    checkPowers();
    directory(this.dir);
    directory(`${this.dir}/pids`);
    directory(`${this.dir}/log`, { mode: 0o755 });
    const other = await clearLeftovers(this.dir);
    if (other) throw new Failure(`The hall already runs in ${this.dir} (process ${other}).`);
    this.#runnerFile = `${this.dir}/pids/runner`;
    writeFileSync(this.#runnerFile, `${process.pid} ${startedAt(process.pid)}\n`);
    if (!isRoot) this.say('Started without root: all processes share one user, so they are not kept apart from one another.');
  }

  async #choosePorts() {
    const host = process.env.HOST || '127.0.0.1';
    const taken = [];
    const choose = async (name, usual) => {
      taken.push(await port(host, wantedPort(name, usual, this.free), name, taken));
      return taken.at(-1);
    };
    this.host = host;
    this.port = await choose('PORT', 8080);
    this.staffPort = await choose('STAFF_PORT', 8081);
    this.sandboxPort = await choose('SANDBOX_PORT', 8090);
    this.tls = tlsOf(this.dir, host);
    if (this.tls) this.plainPort = await choose('PLAIN_PORT', 8088);
    const scheme = this.tls ? 'https' : 'http';
    this.hallUrl = process.env.HALL_URL || `${scheme}://${host}:${this.port}`;
    this.staffUrl = process.env.STAFF_URL || `${scheme}://${host}:${this.staffPort}`;
    this.sandboxUrl = `http://127.0.0.1:${this.sandboxPort}`;
    this.pkiUrl = process.env.PKI_URL || `http://${host}:${this.plainPort ?? this.port}/pki`;
  }

  #layOut() {
    const { dir } = this;
    directory(`${dir}/conf`);
    directory(`${dir}/keys`);
    directory(`${dir}/tmp`, { mode: 0o1777 });
    directory(`${dir}/sock`);
    directory(`${dir}/bin`);
    directory(`${dir}/ca`, { who: 'signer', mode: 0o711 });
    directory(`${dir}/documents`, { who: 'applicant', group: 'documents', mode: 0o2770 });
    for (const pool of POOLS) directory(`${dir}/sock/${pool}`, { who: pool, group: 'nginx', mode: 0o2750 });
    directory(`${dir}/sock/inspect`, { who: 'inspect', group: 'inspect_clients', mode: 0o2750 });
    rmSync(`${dir}/sock/inspect/inspect.sock`, { force: true }); // a crashed one's; its being there means: ready
    directory(`${dir}/sock/signer`, { who: 'signer', group: 'signer_clients', mode: 0o2750 });
    this.#installPrograms();
    this.#makeKeys();
    for (const part of ['static', 'dist']) if (existsSync(`${PROJECT}/www/${part}`)) copyTree(`${PROJECT}/www/${part}`, `${dir}/www`);
    this.postgres = new Postgres(dir);
    this.redis = new Redis(dir);
    this.nginx = new Nginx(PROJECT, dir, this);
    this.providers = new Providers(PROJECT, this);
    this.providers.prepare();
    if (!existsSync(`${dir}/sandbox/clock`)) file(`${dir}/sandbox/clock`, '0\n', { who: 'sandbox', mode: 0o644 });
    this.postgres.prepare();
    this.redis.prepare();
    this.nginx.prepare();
    for (const [name, values] of Object.entries(settings(this))) {
      const lines = Object.entries({ ...values, ...this.overrides }).map(([key, value]) => `${key} = ${value}\n`);
      file(`${dir}/conf/${name}.conf`, lines.join(''), { who: name });
    }
  }

  #installPrograms() {
    const build = process.env.BUILD || `${PROJECT}/build`;
    const programs = existsSync(build) ? readdirSync(build).filter((name) => /^hall-[a-z]+$/.test(name)) : [];
    if (PROGRAMS.some((name) => !programs.includes(name))) throw new Failure('The hall is not built: run make.');
    for (const name of programs) install(`${build}/${name}`, `${this.dir}/bin/${name}`, 0o755);
    copyTree(`${PROJECT}/scripts/sandbox`, `${this.dir}/sandbox/scripts`);
  }

  #makeKeys() {
    const line = () => `k1 ${randomBytes(32).toString('hex')}\n`;
    once(`${this.dir}/keys/data.keys`, line, { group: 'data_keys', mode: 0o440 });
    once(`${this.dir}/keys/pin.keys`, line, { who: 'worker' });
    once(`${this.dir}/keys/ca.passphrase`, () => `${randomBytes(24).toString('base64url')}\n`, { who: 'signer' });
  }

  keep(spec) {
    const keeper = new Keeper(this.dir, spec, (text) => this.say(text));
    this.#keepers.set(spec.name, keeper);
    return keeper.start();
  }

  async #startStores() {
    const postgres = this.keep(this.postgres.spec());
    const redis = this.keep(this.redis.spec());
    this.keep(this.providers.spec());
    await Promise.all([this.postgres.ready(postgres), this.redis.ready(redis), this.#makeAuthorities()]);
    await this.ctl('migrate', `${PROJECT}/sql`);
    await this.ctl('seed-logins', 'logins.json');
  }

  /** Runs hall-ctl with the owner's settings; answers what it printed. */
  async ctl(...words) {
    try {
      return (await run('bin/hall-ctl', ['conf/ctl.conf', ...words], { cwd: this.dir, env: ENVIRONMENT })).stdout;
    } catch (error) {
      throw new Failure(`hall-ctl ${words[0]}: ${String(error.stderr || error.message).trim()}`);
    }
  }

  /** The sandbox's certificate authorities; real ones are made by hand, in a ceremony. */
  async #makeAuthorities() {
    const { dir } = this;
    if (!existsSync(`${dir}/ca/public`)) {
      const words = [...become('signer'), 'bin/hall-ctl', 'conf/signer.conf', 'ca', 'init', 'ca'];
      await run('/usr/bin/setpriv', words, { cwd: dir, env: ENVIRONMENT })
        .catch((error) => { throw new Failure(`hall-ctl ca init: ${error.stderr.trim()}`); });
    }
    directory(`${dir}/ca/public`, { who: 'worker' }); // who puts new lists there
  }

  async #startHall() {
    this.keep({ name: 'signer', command: ['bin/hall-signer', 'conf/signer.conf'] });
    this.keep({ name: 'inspect', command: ['bin/hall-inspect', 'conf/inspect.conf'] });
    for (const pool of POOLS) this.keep({ name: pool, stopSignal: 'SIGINT', command: ['bin/hall-fcgi', `conf/${pool}.conf`] });
    this.keep({ name: 'worker', command: ['bin/hall-worker', 'conf/worker.conf'] });
    this.keep(this.nginx.spec());
  }

  async #awaitReady() {
    const end = performance.now() + READY_MS;
    const waitFor = async (what, test) => {
      while (!(await test())) {
        for (const keeper of this.#keepers.values())
          if (keeper.restarts > 5) throw new Failure(`${keeper.spec.name} does not start: see ${this.dir}/log/${keeper.spec.name}.log.`);
        if (performance.now() > end) throw new Failure(`${what} does not answer: see ${this.dir}/log.`);
        await sleep(25);
      }
    };
    const answers = (port, path, { get } = this.tls ? https : http) => () => new Promise((done) => {
      const asked = get({ host: this.host, port, path, headers: { host: 'localhost' }, rejectUnauthorized: false, agent: false },
        (response) => done(response.resume().statusCode === 200));
      asked.on('error', () => done(false));
    });
    const listens = (path) => () => new Promise((done) => {
      const socket = connect(path, () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
    await Promise.all([
      ...POOLS.map((pool) => waitFor(`The pool ${pool}`, listens(`${this.dir}/sock/${pool}/fcgi.sock`))),
      // hall-inspect has no stream to connect to: its socket is there when it is.
      waitFor('The inspector', () => existsSync(`${this.dir}/sock/inspect/inspect.sock`)),
      waitFor('The signer', listens(`${this.dir}/sock/signer/signer.sock`)),
      waitFor('The hall', answers(this.port, '/api/v1/health')),
      waitFor('The sandbox', answers(this.sandboxPort, '/', http)),
      waitFor('The staff desk', answers(this.staffPort, '/api/admin/v1/openapi.json')),
    ]);
    file(`${this.dir}/env`, Object.entries({ HALL_URL: this.hallUrl, STAFF_URL: this.staffUrl, SANDBOX_URL: this.sandboxUrl,
      RUN_DIR: this.dir }).map(([key, value]) => `${key}=${value}\n`).join(''), { mode: 0o644 });
  }

  #keeper(name) {
    const keeper = this.#keepers.get(name);
    if (!keeper) throw new Error(`no process ${name}; there are ${[...this.#keepers.keys()].join(' ')}`);
    return keeper;
  }

  /** Names of the processes kept. */
  names() {
    return [...this.#keepers.keys()];
  }

  /** {pid, below: [pids of its children]} */
  pids(name) {
    const { pid } = this.#keeper(name);
    return { pid, below: pid ? descendants(pid) : [] };
  }

  kill(name, signal = 'SIGKILL') {
    this.#keeper(name).signal(signal);
  }

  /** Stops a process and its children in their tracks, and lets them go on. */
  pause(name) {
    this.#keeper(name).signal('SIGSTOP', { group: true });
  }

  resume(name) {
    this.#keeper(name).signal('SIGCONT', { group: true });
  }

  /** Rows of a query as the superuser, each an array of text. */
  psql(sql) {
    return this.postgres.rows(sql);
  }

  log(name) {
    return readFileSync(`${this.dir}/log/${name}.log`, 'utf8');
  }

  /** Ends everything, who is asked first and who answers last. */
  async stop() {
    const end = (names) => Promise.all(names.map((name) => this.#keepers.get(name)?.stop()));
    const nginx = end(['nginx']); // takes no more, and ends when the last has its answer
    await Promise.race([nginx, sleep(GRACE_MS)]);
    await end([...POOLS, 'worker']);
    await nginx;
    await end(['sandbox', 'signer', 'inspect', 'redis', 'postgres']);
    this.#keepers.clear();
    if (this.#runnerFile) file(this.#runnerFile, '');
  }
}

/** A running house. options: {dir, free, conf, quiet}; see the class. */
export function startHouse(options) {
  return new House(options).start();
}
