// The house as a whole: what happens to requests while its parts die, stop and come back.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PROJECT, startHouse } from '../../scripts/lib/house.mjs';
import { load, request } from './load.mjs';

const run = promisify(execFile);
const top = mkdtempSync(`${tmpdir()}/house-`); // mode 0700, as a clone's parent often is
const dir = `${top}/run`;
let house;

before(async () => {
  house = await startHouse({ dir, free: true, quiet: true });
});
after(async () => {
  await house?.stop();
  rmSync(top, { recursive: true, force: true });
});

/** Processes whose command line names the run directory's programs or which run in it. */
async function processesOf(where) {
  const { stdout } = await run('/bin/sh', ['-c', 'for p in /proc/[0-9]*; do echo "$(readlink $p/cwd) $p $(tr "\\0" " " < $p/cmdline)"; done'],
    { maxBuffer: 16 << 20 });
  return stdout.split('\n').filter((line) => line.startsWith(where));
}

async function until(what, ms, check) {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(10)) if (await check()) return;
  assert.fail(`${what}: not within ${ms} ms`);
}

const noop = () => `${house.hallUrl}/api/v1/noop`;
const health = () => `${house.hallUrl}/api/v1/health`;
const status = async (url) => (await request(url).catch(() => ({ status: 0 }))).status;

test('it answers under a directory that nobody else may enter', async () => {
  assert.equal(statSync(top).mode & 0o777, 0o700);
  assert.equal(await status(health()), 200);
  assert.equal(await status(`${house.staffUrl}/api/admin/v1/openapi.json`), 200);
  assert.match(readFileSync(`${dir}/env`, 'utf8'), new RegExp(`^HALL_URL=${house.hallUrl}$`, 'm'));
});

test('every process is somebody else, and may not get more', { skip: process.getuid() !== 0 }, () => {
  const uids = house.names().map((name) => {
    const text = readFileSync(`/proc/${house.pids(name).pid}/status`, 'utf8');
    const [, uid] = /^Uid:\t(\d+)/m.exec(text);
    assert.match(text, /^NoNewPrivs:\t1$/m, name);
    assert.match(text, /^CapBnd:\t0+$/m, name);
    return uid;
  });
  assert.ok(!uids.includes('0'));
  assert.equal(new Set(uids).size, uids.length);
});

test('a killed worker costs no GET, and is back within a second', async () => {
  const gets = load(noop());
  await sleep(200);
  for (let i = 0; i < 5; i++) {
    const [victim] = house.pids('applicant').below;
    process.kill(victim, 'SIGKILL');
    await until('another worker', 1000, () => {
      const { below } = house.pids('applicant');
      return below.length === 2 && !below.includes(victim);
    });
    await sleep(300);
  }
  const { sent, bad } = await gets.stop();
  assert.ok(sent > 100);
  assert.deepEqual(bad, []);
});

test('a killed pool costs no GET, and is back within a second', async () => {
  const gets = load(noop());
  await sleep(200);
  const { pid } = house.pids('applicant');
  house.kill('applicant');
  await until('another pool', 1000, () => house.pids('applicant').below.length === 2 && house.pids('applicant').pid !== pid);
  await sleep(5000);
  const { sent, bad } = await gets.stop();
  assert.ok(sent > 100);
  assert.deepEqual(bad, []);
});

test('a pool that is told to end finishes what it has, POSTs too', async () => {
  const gets = load(noop());
  const posts = load(noop(), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' }, status: 405 });
  await sleep(300);
  house.kill('applicant', 'SIGTERM'); // its successor is started while its workers still serve
  await sleep(6000);
  for (const { sent, bad } of [await gets.stop(), await posts.stop()]) {
    assert.ok(sent > 100);
    assert.deepEqual(bad, []);
  }
});

test('while PostgreSQL stands still the answer is 503 within 5 s, and then 200 within 2 s', async () => {
  house.pause('postgres');
  const began = performance.now();
  const answer = await request(health());
  assert.equal(answer.status, 503);
  assert.ok(performance.now() - began < 5000);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.ok(Number(answer.headers['retry-after']) >= 1);
  assert.equal(await status(noop()), 200);
  house.resume('postgres');
  await until('health', 2000, async () => (await status(health())) === 200);
});

test('connections to the database that are cut cost no GET', async () => {
  const gets = load(health());
  for (let i = 0; i < 5; i++) {
    await sleep(300);
    await house.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'hall_%'");
  }
  const { sent, bad } = await gets.stop();
  assert.ok(sent > 100);
  assert.deepEqual(bad, []);
});

test('killed stores come back with what they held', async () => {
  await house.psql('CREATE SCHEMA test; CREATE TABLE test.kept (n int); INSERT INTO test.kept VALUES (7)');
  for (const name of ['postgres', 'redis']) {
    house.kill(name);
    await until(`${name} again`, 10_000, async () => (await status(health())) === 200);
  }
  assert.deepEqual(await house.psql('SELECT n FROM test.kept'), [['7']]);
  await house.psql('DROP SCHEMA test CASCADE');
});

test('nginx is back within a second, and none of its workers are left over', async () => {
  const { pid, below } = house.pids('nginx');
  house.kill('nginx');
  await until('another nginx', 1000, async () => (house.pids('nginx').pid ?? pid) !== pid && house.pids('nginx').below.length > 0
    && (await status(noop())) === 200);
  await until('the old workers', 2000, () => below.every((old) => !existsSync(`/proc/${old}`)));
  assert.equal(await status(noop()), 200);
});

test('a second runner is told that one is there already', async () => {
  await assert.rejects(startHouse({ dir, free: true, quiet: true }), /already runs/);
  assert.equal(await status(noop()), 200);
});

test('a taken port is named in one sentence', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  const error = await run(`${PROJECT}/scripts/run`, ['up', '--no-journey'], { env: { ...process.env, RUN: `${top}/other`, PORT: String(port), FREE: '1' } })
    .catch((e) => e);
  server.close();
  assert.equal(error.code, 1);
  assert.match(error.stderr, new RegExp(`^Port ${port} is taken: .*\\n$`));
});

test('two houses do not know of each other', async () => {
  const other = await startHouse({ dir: `${top}/other`, free: true, quiet: true });
  try {
    assert.equal(await status(`${other.hallUrl}/api/v1/health`), 200);
    assert.equal(await status(health()), 200);
    assert.notEqual(other.hallUrl, house.hallUrl);
  } finally {
    await other.stop();
  }
  assert.deepEqual(await processesOf(`${top}/other`), []);
  assert.equal(await status(health()), 200);
});

test('stopped and started again it finds its data, quickly', async () => {
  await house.psql('CREATE SCHEMA test; CREATE TABLE test.kept (n int)');
  await house.stop();
  assert.deepEqual(await processesOf(dir), []);
  const began = performance.now();
  house = await startHouse({ dir, free: true, quiet: true });
  const took = performance.now() - began;
  assert.deepEqual(await house.psql('SELECT count(*) FROM test.kept'), [['0']]);
  await house.psql('DROP SCHEMA test CASCADE');
  assert.ok(took < 10_000, `${took} ms`);
});

test('what a killed runner leaves is ended by itself, and the next start finds nothing in its way', async () => {
  const start = () => spawn(`${PROJECT}/scripts/run`, ['up', '--no-journey'], {
    env: { ...process.env, RUN: `${top}/other`, FREE: '1' }, stdio: ['pipe', 'pipe', 'inherit'] });
  const line = (child) => new Promise((resolve) => child.stdout.once('data', (text) => resolve(JSON.parse(text))));
  const first = start();
  await line(first);
  first.kill('SIGKILL');
  const second = start();
  const { hallUrl } = await line(second);
  assert.equal(await status(`${hallUrl}/api/v1/health`), 200);
  second.stdin.end();
  const code = await new Promise((resolve) => second.on('exit', resolve));
  assert.equal(code, 0);
  await until('all gone', 5000, async () => (await processesOf(`${top}/other`)).length === 0);
});
