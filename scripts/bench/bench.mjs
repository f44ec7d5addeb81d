// `make bench`: how fast the hall answers through nginx, as ratios to the bare FastCGI answer of the
// same run. Rounds are interleaved and medians taken, because a shared machine drifts.
//   node scripts/bench/bench.mjs [--rounds 4] [--seconds 3] [--connections 64]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startHouse } from '../lib/house.mjs';

const run = promisify(execFile);
const option = (name, value) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? value : Number(process.argv[i + 1]);
};
const rounds = option('rounds', 4), seconds = option('seconds', 3), connections = option('connections', 64);

const dir = mkdtempSync(join(tmpdir(), 'hall-bench-'));
const house = await startHouse({ dir: join(dir, 'run'), free: true });

function script(name, { method = 'GET', headers = {}, body = '', paths = [] }) {
  const path = join(dir, `${name}.lua`);
  const quote = (text) => JSON.stringify(text);

  writeFileSync(path, [
    `wrk.method = ${quote(method)}`,
    ...Object.entries(headers).map(([key, value]) => `wrk.headers[${quote(key)}] = ${quote(value)}`),
    `wrk.body = [==[${body}]==]`,
    ...(paths.length === 0 ? [] : [`local paths = {${paths.map(quote).join(',')}}`, 'local i, n = 0, 0',
      'setup = function(thread) thread:set("own", n); n = n + 1 end', // each thread takes every second one
      'request = function() i = (i + 2) % #paths; return wrk.format(nil, paths[i + own + 1]) end']),
    'done = function(summary, latency)',
    '  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.status',
    '  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad))',
    'end', ''].join('\n'));
  return path;
}

async function measure(url, lua) {
  const { stdout } = await run('wrk', ['-t2', `-c${connections}`, `-d${seconds}s`, '-s', lua, url]);
  const [, requests, micros, p50, p99, bad] = stdout.match(/RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/).map(Number);
  return { rps: requests / (micros / 1e6), p50: p50 / 1000, p99: p99 / 1000, bad };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  Object.assign(process.env, { HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir });
  const { applicant, Case } = await import('../../tests/api/lib/client.mjs');
  const client = await applicant();
  const order = new Case({ client });

  await order.begin();
  await order.fill();
  /* Savers of one form would refuse one another: each request takes the next of many orders. */
  const others = [];
  for (let i = 0; i < 400; i++) {
    const other = new Case({ client });
    await other.begin();
    others.push(other.orderNo);
  }

  const api = `${house.hallUrl}/api/v1`;
  const cookie = { Cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  const cases = [
    { name: 'bare FastCGI answer', url: `${api}/noop` },
    { name: 'session check', url: `${api}/session`, headers: cookie, aim: 0.85 },
    { name: 'order detail', url: `${api}/orders/${order.orderNo}`, headers: cookie, aim: 0.5 },
    { name: 'order list (20)', url: `${api}/orders`, headers: cookie },
    { name: 'form save', url: house.hallUrl, paths: others.map((no) => `/api/v1/orders/${no}/form?draft=true`), method: 'PUT',
      headers: { ...cookie, 'Content-Type': 'application/json', 'If-Match': '*' }, body: JSON.stringify(order.form) },
  ].map((c, i) => ({ ...c, lua: script(`case${i}`, c), runs: [] }));

  for (let round = 0; round < rounds; round++)
    for (const c of cases) c.runs.push(await measure(c.url, c.lua));

  const bare = median(cases[0].runs.map(({ rps }) => rps));
  console.log(`${connections} connections, ${rounds} interleaved rounds of ${seconds} s, medians`);
  console.log(`${'case'.padEnd(22)}${'requests/s'.padStart(12)}${'ratio'.padStart(8)}${'aim'.padStart(7)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'failed'.padStart(8)}`);
  for (const c of cases) {
    const of = (key) => median(c.runs.map((r) => r[key]));
    console.log(`${c.name.padEnd(22)}${of('rps').toFixed(0).padStart(12)}${(of('rps') / bare).toFixed(2).padStart(8)}`
      + `${(c.aim ? `≥${c.aim}` : '').padStart(7)}${of('p50').toFixed(1).padStart(9)}${of('p99').toFixed(1).padStart(9)}`
      + `${String(c.runs.reduce((sum, r) => sum + r.bad, 0)).padStart(8)}`);
  }
} finally {
  await house.stop();
  rmSync(dir, { recursive: true, force: true });
}
