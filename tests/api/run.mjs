// One house for all test files: node tests/api/run.mjs [--OPTION…] [FILE…]; options are those of
// node --test. The routes that were called are gathered for 99_coverage.test.mjs, which comes last.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHouse } from '../../scripts/lib/house.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const files = asked.length ? asked : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => `${here}/${name}`);
const top = mkdtempSync(`${tmpdir()}/hall-api-`);
const calls = `${top}/calls`;
writeFileSync(calls, '');

const house = await startHouse({ dir: `${top}/run`, free: true, quiet: true });
const status = await new Promise((resolve) => {
  const env = { ...process.env, HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir,
    ...(files.some((name) => name.endsWith('99_coverage.test.mjs')) ? { CALLS: calls } : {}) };
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...options, ...files], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => resolve(code ?? 1));
});
await house.stop();
if (!process.env.KEEP) rmSync(top, { recursive: true, force: true });
else process.stderr.write(`The run directory stays: ${top}\n`);
process.exit(status);
