// A house of one's own whose processes are killed at moments that a seed decides: FAULT_SEED=n
// repeats them, as far as the machine lets it.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHouse } from '../../../scripts/lib/house.mjs';

export const seed = Number(process.env.FAULT_SEED || randomInt(2 ** 31));
let state = seed;

/** From 0 to less than n (mulberry32). */
export function random(n) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
}
export const pick = (list) => list[random(list.length)];

/** n members of a list, each once. */
export function sample(list, n) {
  const rest = [...list];
  return Array.from({ length: Math.min(n, rest.length) }, () => rest.splice(random(rest.length), 1)[0]);
}

/** A house, and what tests/api/lib knows of it; both belong to this process alone. */
export async function openHouse(conf) {
  const top = mkdtempSync(`${tmpdir()}/hall-fault-`);
  const house = await startHouse({ dir: `${top}/run`, free: true, quiet: true, conf });
  console.log(`# FAULT_SEED=${seed}`);
  Object.assign(process.env, { HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir });
  const close = async () => {
    await house.stop();
    if (!process.env.KEEP) rmSync(top, { recursive: true, force: true });
  };
  return { house, close };
}

const LEASE_S = 65; // job_ms and the worker's spare

/** Nothing sleeps, and whoever has held a job for so long loses it, dead or alive: what minutes would do otherwise. */
export const overtake = (house, seconds) => house.psql(`
  UPDATE job SET due_at = hall_now() WHERE state = 'queued' AND order_id IS NOT NULL AND kind <> 'BANK_WATCH' AND due_at > hall_now() AND lease_until IS NULL;
  UPDATE job SET lease_until = NULL WHERE state = 'queued' AND lease_until < hall_now() + interval '${LEASE_S - seconds} seconds'; NOTIFY job`);

/** Waits until every job is done, besides clocks, those that look after a transfer for days, and one kind. */
export async function workIsDone(house, besides = '') {
  for (const end = performance.now() + 60_000; ; await sleep(1000)) {
    const left = await house.psql(`SELECT kind, state, failure FROM job WHERE state <> 'done' AND kind NOT IN ('BANK_WATCH', '${besides}') AND key NOT LIKE 'clock/%' LIMIT 20`);
    if (left.length === 0) return;
    assert.ok(performance.now() < end, `left over: ${left.join('; ')} (FAULT_SEED=${seed})`);
    await overtake(house, 30);
  }
}

/** Kills one of these processes: the whole of it, or a child that works for it. */
function strike(house, names) {
  const name = pick(names);
  const { pid, below } = house.pids(name);
  const victim = random(2) && below.length ? pick(below) : pid;
  try {
    process.kill(victim, 'SIGKILL');
    return true;
  } catch {
    return false; // it is just being started again
  }
}

/**
 * Kills until `done` answers true, at most `most` times, with up to pauseMs between. Now and then
 * whoever works loses the work to somebody else (`overtake`). Answers how often it struck.
 */
export async function rage(house, names, { most, pauseMs, done, overtake }) {
  let strikes = 0;
  while (strikes < most && !(await done())) {
    await sleep(random(pauseMs));
    if (strike(house, names)) strikes++;
    if (random(3) === 0) await overtake();
  }
  return strikes;
}
