// Runs the programs of this directory against a sandbox of their own:
//   node tests/provider/run.mjs [BUILD_DIRECTORY] [PROGRAM...]
// Prints what failed and, last, "N passed, N failed".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SANDBOX = process.env.SANDBOX_SCRIPTS ?? 'scripts/sandbox';
const [build = 'build', ...chosen] = process.argv.slice(2);
const programs = chosen.length ? chosen : ['contract', 'pay', 'services', 'identity', 'invoice'];

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function output(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}

async function startSandbox(dir, port) {
  const child = spawn('node', [`${SANDBOX}/main.mjs`, '--config', join(dir, 'sandbox.json')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the sandbox has ended'))),
  ]);
  return child;
}

/** Runs one program and counts its TAP lines. */
async function run(program, args) {
  const child = spawn(join(build, 'provider', program), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts = { passed: 0, failed: 0, planned: null };
  let shown = 0;
  for await (const line of createInterface(child.stdout)) {
    const plan = /^1\.\.(\d+)$/.exec(line);
    if (plan) counts.planned = Number(plan[1]);
    else if (line.startsWith('ok ')) counts.passed++;
    else if (line.startsWith('not ok ')) counts.failed++;
    if (line.startsWith('not ok ')) shown = 2;
    if (shown-- > 0 || line.startsWith('Bail out!')) console.log(`${line} [${program}]`);
  }
  const code = child.exitCode ?? (await once(child, 'exit'))[0];
  const complete = counts.planned === counts.passed + counts.failed;
  if (!complete || (code !== 0 && counts.failed === 0)) {
    console.log(`${program}: ended early or badly, code ${code}, after ${counts.passed + counts.failed} of ${counts.planned ?? '?'} checks`);
    counts.failed++;
  }
  return counts;
}

const dir = mkdtempSync(join(tmpdir(), 'hall-provider-'));
const total = { passed: 0, failed: 0 };
let sandbox;
try {
  const [port, hall] = [await freePort(), await freePort()];
  await output('node', [`${SANDBOX}/keys.mjs`, dir, '--port', String(port), '--hall', `http://127.0.0.1:${hall}`]);
  const file = join(dir, 'sandbox.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.state = '';
  config.bank.page_size = 3;
  writeFileSync(file, JSON.stringify(config));
  appendFileSync(join(dir, 'hall.conf'), 'sandbox = 1\n');
  sandbox = await startSandbox(dir, port);
  for (const program of programs) {
    const { passed, failed } = await run(program, [join(dir, 'hall.conf'), String(port), String(hall)]);
    total.passed += passed;
    total.failed += failed;
  }
} finally {
  sandbox?.kill();
  rmSync(dir, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;
