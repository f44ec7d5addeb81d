// Thousands who wait for news of an order, through nginx.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHouse } from '../../scripts/lib/house.mjs';
import { request } from './load.mjs';

const WAITING = 3000;
const MOST_KIB = 60 << 10;

const top = mkdtempSync(`${tmpdir()}/house-`);
const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity });
let house, order, headers;

before(async () => {
  house = await startHouse({ dir: `${top}/run`, free: true, quiet: true });
  Object.assign(process.env, { HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir });
  const { bringTo } = await import('../api/lib/client.mjs');
  order = await bringTo('awaiting_documents');
  headers = { cookie: [...order.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
});
after(async () => {
  await house?.stop();
  rmSync(top, { recursive: true, force: true });
});

const look = (query, more = {}) => request(`${house.hallUrl}/api/v1/orders/${order.orderNo}${query}`, { headers: { ...headers, ...more }, agent, timeout: 60_000 });
const etag = async () => (await look('')).headers.etag;
/** Any change of the order, as its next event makes it. */
const change = () => house.psql(`UPDATE orders SET updated_at = updated_at + interval '1 second' WHERE order_no = '${order.orderNo}'`);
const residentKiB = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

test('who asks what has not changed waits as long as he said', async () => {
  const tag = await etag();
  const began = performance.now();
  assert.equal((await look('?wait=1', { 'if-none-match': tag })).status, 304);
  const took = performance.now() - began;
  assert.ok(took > 900 && took < 2000, `${took} ms`);
});

test('without a tag, or with an old one, the answer comes at once', async () => {
  for (const more of [{}, { 'if-none-match': '"0"' }]) {
    const began = performance.now();
    assert.equal((await look('?wait=20', more)).status, 200);
    assert.ok(performance.now() - began < 500);
  }
});

test(`${WAITING} wait in less than ${MOST_KIB >> 10} MB, and no other pool notices`, async () => {
  const tag = await etag();
  const waits = Array.from({ length: WAITING }, () => look('?wait=25', { 'if-none-match': tag }));
  let answered = 0;
  for (const wait of waits) wait.then(() => answered++, () => answered++);
  await sleep(5000);
  assert.equal(answered, 0);
  const memory = house.pids('watch').below.map(residentKiB);
  assert.ok(Math.max(...memory) < MOST_KIB, `${memory} KiB`);
  const began = performance.now();
  assert.equal((await request(`${house.hallUrl}/api/v1/noop`)).status, 200);
  assert.ok(performance.now() - began < 500);

  const changed = performance.now();
  await change();
  await Promise.race(waits);
  const first = performance.now() - changed;
  const answers = await Promise.all(waits);
  const last = performance.now() - changed;
  assert.ok(answers.every(({ status }) => status === 200 || status === 304), [...new Set(answers.map(({ status }) => status))].join());
  assert.ok(first < 1000, `first after ${first} ms`);
  assert.ok(last < 10_000, `last after ${last} ms`);
  console.log(`# ${WAITING} waiters: ${memory} KiB, first answer after ${first.toFixed(0)} ms, last after ${last.toFixed(0)} ms`);
});

test('news that fall into a loss of the database are not lost', async () => {
  const tag = await etag();
  const wait = look('?wait=20', { 'if-none-match': tag });
  await sleep(300);
  await house.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hall_web'");
  const began = performance.now();
  await change();
  assert.equal((await wait).status, 200);
  assert.ok(performance.now() - began < 3000);
});

test('a killed watcher costs a wait nothing but time', async () => {
  const tag = await etag();
  const wait = look('?wait=5', { 'if-none-match': tag });
  await sleep(300);
  for (const pid of house.pids('watch').below) process.kill(pid, 'SIGKILL');
  assert.equal((await wait).status, 304);
});
