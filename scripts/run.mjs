// scripts/run: starts the house, runs the journey, keeps everything up until Ctrl-C.
//   scripts/run                  start, journey, stay        (ONCE=1: stop with its status)
//   scripts/run up --no-journey  start, print one JSON line, stay until stdin ends or SIGTERM
// Environment: RUN the directory (.run), PORT, STAFF_PORT, SANDBOX_PORT (0 or FREE=1: free ones),
// HOST, HALL_URL, STAFF_URL and PKI_URL where the addresses seen from outside are others,
// TLS_CERTIFICATE and TLS_KEY with PLAIN_PORT beside them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { explain } from './lib/failure.mjs';
import { PROJECT, startHouse } from './lib/house.mjs';

const words = process.argv.slice(2);
const unknown = words.find((word) => !['up', '--no-journey'].includes(word));
const journeyScript = `${PROJECT}/scripts/journey.mjs`;
const withJourney = !words.includes('--no-journey') && existsSync(journeyScript);

let house;
let stopping;

/** Stops once, whoever asks; the second signal of an impatient person changes nothing. */
function stop(status) {
  stopping ??= (async () => {
    await house?.stop();
    process.exit(status);
  })();
  return stopping;
}

function journey() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [journeyScript, house.dir], { stdio: ['ignore', 'inherit', 'inherit'], cwd: PROJECT });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function main() {
  if (unknown) {
    process.stderr.write(`usage: scripts/run [up] [--no-journey]\n`);
    process.exit(2);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(process.env.ONCE ? 1 : 0));
  const began = performance.now();
  house = await startHouse({ dir: process.env.RUN || undefined, quiet: words.includes('--no-journey') });
  const { hallUrl, staffUrl, sandboxUrl, dir } = house;
  if (words.includes('--no-journey')) {
    process.stdout.write(`${JSON.stringify({ hallUrl, staffUrl, sandboxUrl, dir })}\n`);
    process.stdin.resume().on('end', () => stop(0)).on('error', () => stop(0));
    return;
  }
  process.stdout.write(`The hall is up after ${((performance.now() - began) / 1000).toFixed(1)} s.\n  hall     ${hallUrl}\n  staff    ${staffUrl}\n  sandbox  ${sandboxUrl}\n  logins   ${dir}/logins.json\n`);
  const status = withJourney ? await journey() : 0;
  if (process.env.ONCE) await stop(status);
  else if (status !== 0) process.stderr.write('The journey failed; the hall stays up for a look.\n');
  process.stdout.write('Ctrl-C stops it.\n');
}

main().catch(async (error) => {
  process.stderr.write(`${explain(error)}\n`);
  await stop(1);
});
