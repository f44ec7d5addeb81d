// scripts/deps against a pretended machine: commands of our own in PATH.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const DEPS = fileURLToPath(new URL('../../scripts/deps', import.meta.url));
// what the script may use of the real machine
const REAL = ['bash', 'sed', 'tr', 'grep', 'head', 'cat', 'mktemp', 'rm', 'sha256sum', 'dirname',
  'env', 'tee', 'cut', 'cp', 'getent', 'touch', 'mkdir'];

function machine(t, { uid = 0, installed = [], commands = {}, lock = null, packages = ['gcc', 'nodejs', 'npm'] }) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'deps-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const bin = path.join(dir, 'bin');
  fs.mkdirSync(path.join(dir, 'hall/scripts'), { recursive: true });
  fs.mkdirSync(bin);
  fs.copyFileSync(DEPS, path.join(dir, 'hall/scripts/deps'));
  fs.writeFileSync(path.join(dir, 'hall/scripts/packages.txt'), `# build\n${packages.join('\n')} # a word\n\n`);
  if (lock) fs.writeFileSync(path.join(dir, 'hall/package-lock.json'), lock);
  const put = (name, body) => fs.writeFileSync(path.join(bin, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  for (const name of REAL) {
    const real = spawnSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    fs.symlinkSync(real, path.join(bin, name));
  }
  put('id', `echo ${uid}`);
  put('stat', 'echo root');
  put('dpkg-query', `for p in ${installed.join(' ')}; do echo "installed $p"; done`);
  put('apt-get', `echo "$@" >>${dir}/apt`);
  for (const [name, body] of Object.entries(commands)) put(name, body.replaceAll('DIR', dir));
  const read = (name) => (fs.existsSync(path.join(dir, name)) ? fs.readFileSync(path.join(dir, name), 'utf8') : '');
  const run = () => {
    const r = spawnSync(path.join(bin, 'bash'), [path.join(dir, 'hall/scripts/deps')],
      { env: { PATH: bin, HOME: dir }, encoding: 'utf8' });
    return { status: r.status, out: r.stdout, err: r.stderr, lines: r.stderr.trim().split('\n').length };
  };
  return { dir, put, read, run };
}

const NODE = { node: 'case $1 in -p) echo 18;; *) echo v18.20.4;; esac' };
const NPM = { npm: 'echo "$@" >>DIR/npm; mkdir -p node_modules' };

test('nothing missing: nothing is done, nothing is said', (t) => {
  const m = machine(t, { installed: ['gcc', 'nodejs', 'npm'], commands: { ...NODE, ...NPM } });
  const r = m.run();
  assert.deepEqual([r.status, r.out, r.err, m.read('apt'), m.read('npm')], [0, '', '', '', '']);
});

test('nodejs that brings npm along needs no package npm', (t) => {
  const m = machine(t, { installed: ['gcc', 'nodejs'], commands: { ...NODE, ...NPM } });
  assert.equal(m.run().status, 0);
  assert.equal(m.read('apt'), '');
});

test('plain Debian: npm is installed after nodejs', (t) => {
  const m = machine(t, { commands: { 'apt-get': 'echo "$@" >>DIR/apt' } });
  assert.equal(m.run().status, 0);
  const calls = m.read('apt').trim().split('\n');
  assert.match(calls[0], /install -y --no-install-recommends gcc nodejs$/u);
  assert.match(calls[1], /install -y --no-install-recommends npm$/u);
  assert.equal(calls.length, 2);
});

test('nodejs of another source brings npm: the package npm is not asked for', (t) => {
  const m = machine(t, { commands: { 'apt-get': 'echo "$@" >>DIR/apt; cp DIR/new/* DIR/bin/' } });
  fs.mkdirSync(path.join(m.dir, 'new'));
  for (const name of ['node', 'npm']) {
    fs.writeFileSync(path.join(m.dir, 'new', name), '#!/bin/bash\n', { mode: 0o755 });
  }
  assert.equal(m.run().status, 0);
  assert.equal(m.read('apt').trim().split('\n').length, 1);
});

test('without root: one sentence that names the packages', (t) => {
  const m = machine(t, { uid: 1000, installed: ['nodejs', 'npm'], commands: { ...NODE, ...NPM } });
  const r = m.run();
  assert.equal(r.status, 1);
  assert.equal(r.err, 'scripts/deps: only root can install gcc; run: sudo scripts/deps\n');
  assert.equal(m.read('apt'), '');
});

test('sudo that asks for no password is used', (t) => {
  const m = machine(t, {
    uid: 1000, installed: ['nodejs', 'npm'],
    commands: { ...NODE, ...NPM, sudo: 'shift; [ "$1" = true ] && exit 0; echo sudo >>DIR/sudo; "$@"' } });
  assert.equal(m.run().status, 0);
  assert.equal(m.read('sudo'), 'sudo\n');
  assert.match(m.read('apt'), /install .* gcc/u);
});

test('no network: said in one sentence', (t) => {
  const m = machine(t, {
    installed: ['nodejs', 'npm'],
    commands: { ...NODE, ...NPM, 'apt-get': 'case "$*" in *update*) echo "E: Failed to fetch x  Temporary failure resolving y"; exit 100;; esac; echo "E: Unable to locate package gcc"; exit 100' } });
  const r = m.run();
  assert.equal(r.status, 1);
  assert.match(r.err, /no network: gcc could not be fetched/u);
  assert.equal(r.lines, 2);
});

test('an unknown package: named in one sentence', (t) => {
  const m = machine(t, {
    installed: ['nodejs', 'npm'], packages: ['gcc', 'libnothing-dev', 'nodejs', 'npm'],
    commands: { ...NODE, ...NPM, 'apt-get': 'case "$*" in *update*) exit 0;; esac; echo "E: Unable to locate package libnothing-dev"; exit 100' } });
  const r = m.run();
  assert.equal(r.status, 1);
  assert.match(r.err, /Debian does not know the package libnothing-dev:/u);
});

test('stale lists are fetched once and the installation repeated', (t) => {
  const m = machine(t, {
    installed: ['nodejs', 'npm'],
    commands: { ...NODE, ...NPM, 'apt-get': 'echo "$@" >>DIR/apt; case "$*" in *update*) touch DIR/fresh; exit 0;; esac; [ -e DIR/fresh ] || { echo "E: Unable to locate package gcc"; exit 100; }' } });
  assert.equal(m.run().status, 0);
  assert.deepEqual(m.read('apt').trim().split('\n').map((l) => /install|update$/u.exec(l)[0]), ['install', 'update', 'install']);
});

test('npm ci runs once for each package-lock.json', (t) => {
  const m = machine(t, { installed: ['gcc', 'nodejs', 'npm'], commands: { ...NODE, ...NPM }, lock: '{"a":1}\n' });
  assert.equal(m.run().status, 0);
  assert.equal(m.run().status, 0);
  assert.equal(m.read('npm').trim().split('\n').length, 1);
  assert.match(m.read('npm'), /^ci /u);
  fs.writeFileSync(path.join(m.dir, 'hall/package-lock.json'), '{"a":2}\n');
  assert.equal(m.run().status, 0);
  assert.equal(m.read('npm').trim().split('\n').length, 2);
});

test('npm ci that fails is tried again the next time', (t) => {
  const m = machine(t, {
    installed: ['gcc', 'nodejs', 'npm'], lock: '{}\n',
    commands: { ...NODE, npm: 'mkdir -p node_modules; echo "npm error code ENOTFOUND"; exit 1' } });
  const r = m.run();
  assert.equal(r.status, 1);
  assert.match(r.err, /no network: the npm packages could not be fetched/u);
  m.put('npm', `echo again >${m.dir}/npm; mkdir -p node_modules`);
  assert.equal(m.run().status, 0);
  assert.equal(m.read('npm'), 'again\n');
});

test('root does not take over the working copy of somebody else', (t) => {
  const m = machine(t, {
    installed: ['gcc', 'nodejs', 'npm'], lock: '{}\n',
    commands: { ...NODE, ...NPM, stat: 'echo nobody', runuser: 'echo "$2" >>DIR/as; shift 3; "$@"' } });
  assert.equal(m.run().status, 0);
  assert.equal(m.read('as'), 'nobody\nnobody\n');
  assert.match(m.read('npm'), /^ci /u);
});

test('an old Node.js is refused by name', (t) => {
  const m = machine(t, {
    installed: ['gcc', 'nodejs', 'npm'], lock: '{}\n',
    commands: { ...NPM, node: 'case $1 in -p) echo 12;; *) echo v12.22.12;; esac' } });
  const r = m.run();
  assert.equal(r.status, 1);
  assert.match(r.err, /Node\.js 18 or newer is needed, and this is v12\.22\.12\./u);
});

test('no Debian: said so', (t) => {
  const m = machine(t, { installed: [] });
  fs.rmSync(path.join(m.dir, 'bin/apt-get'));
  const r = m.run();
  assert.equal(r.status, 1);
  assert.match(r.err, /needs Debian 12: apt-get was not found/u);
});
