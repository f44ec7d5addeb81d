// The house that the tests talk to: the one that HALL_URL, STAFF_URL, SANDBOX_URL and RUN_DIR name,
// or one of our own, started once per process and stopped at its end.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { PROJECT, startHouse } from '../../../scripts/lib/house.mjs';
import { Postgres } from '../../../scripts/lib/postgres.mjs';
import { Redis } from '../../../scripts/lib/redis.mjs';
import { request } from './http.mjs';

const run = promisify(execFile);

async function open() {
  const { HALL_URL: hallUrl, STAFF_URL: staffUrl, SANDBOX_URL: sandboxUrl, RUN_DIR: dir } = process.env;
  if (hallUrl && staffUrl && sandboxUrl && dir) return { hallUrl, staffUrl, sandboxUrl, dir };
  const top = mkdtempSync(`${tmpdir()}/hall-api-`);
  const house = await startHouse({ dir: `${top}/run`, free: true, quiet: true });
  after(async () => {
    await house.stop();
    rmSync(top, { recursive: true, force: true });
  });
  return { hallUrl: house.hallUrl, staffUrl: house.staffUrl, sandboxUrl: house.sandboxUrl, dir: house.dir };
}

/** {hallUrl, staffUrl, sandboxUrl, dir} */
export const house = await open();
export const { hallUrl, staffUrl, sandboxUrl, dir } = house;

/** The programs under test: BUILD or build/. */
export const tool = (name) => `${process.env.BUILD || `${PROJECT}/build`}/tools/${name}`;

export const logins = JSON.parse(readFileSync(`${dir}/logins.json`, 'utf8'));

const postgres = new Postgres(dir);

/** Rows of a query as the superuser, each an array of text. For what the API does not show. */
export const psql = (sql) => postgres.rows(sql);

const kept = new Redis(dir);

/** A command to Redis, for what would take an hour to lapse; the answer as text. */
export const redis = (...words) => kept.command(...words);

/** Runs hall-ctl with the owner's settings; answers what it printed. */
export async function ctl(...words) {
  return (await run('bin/hall-ctl', ['conf/ctl.conf', ...words], { cwd: dir })).stdout;
}

let shift = 0;

/** Moves the clocks of hall and sandbox: seconds from the real time, 0 to end it. */
export async function moveClock(seconds) {
  await ctl('clock', seconds === 0 ? '0' : `${seconds > 0 ? '+' : '-'}${Math.abs(seconds)}s`);
  const { status } = await request(`${sandboxUrl}/sandbox/clock`, { method: 'PUT', body: JSON.stringify({ offset_seconds: seconds }) });
  if (status !== 200) throw new Error(`the sandbox's clock: ${status}`);
  shift = seconds;
}

/** Milliseconds since 1970 as the hall sees them. */
export const hallNow = () => Date.now() + shift * 1000;
