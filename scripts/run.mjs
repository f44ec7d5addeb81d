// scripts/run: starts the house, runs the journey, keeps everything up until Ctrl-C.
//   scripts/run                  start, journey, stay        (ONCE=1: stop with its status)
//   scripts/run up --no-journey  start, print one JSON line, stay until stdin ends or SIGTERM
// Environment: RUN the directory (.run), PORT, STAFF_PORT, SANDBOX_PORT (0 or FREE=1: free ones),
// HOST, HALL_URL, STAFF_URL and PKI_URL where the addresses seen from outside are others,
// TLS=1 for HTTPS with a certificate made here, or TLS_CERTIFICATE and TLS_KEY; PLAIN_PORT beside them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { explain } from './lib/failure.mjs';
import { PROJECT, startHouse } from './lib/house.mjs';

const words = process.argv.slice(2);
const unknown = words.find((word) => !['up', '--no-journey'].includes(word));

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
    const child = spawn(process.execPath, [`${PROJECT}/scripts/journey.mjs`, house.dir], { stdio: ['ignore', 'inherit', 'inherit'], cwd: PROJECT });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const ROLES = { applicant: '申请人', reviewer: '审核员', finance: '财务', production: '制证', auditor: '审计员', administrator: '管理员' };
const width = (text) => [...text].reduce((n, c) => n + (c.codePointAt(0) > 0x2e80 ? 2 : 1), 0);

/** Where to go, and whom to sign in as: people of this sandbox, made at its first start. */
function tellAddresses() {
  const rows = [['角色 role', '用户 user', '密码 password', '动态码密钥 TOTP secret'],
    ...JSON.parse(readFileSync(`${house.dir}/logins.json`, 'utf8')).map((l) =>
      [`${ROLES[l.role]} ${l.role}`, l.username ?? l.phone, l.password, l.totp_secret ?? ''])];
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => width(row[i]))));
  const line = (row) => `  ${row.map((cell, i) => cell + ' '.repeat(widths[i] - width(cell))).join('  ')}`.trimEnd();
  process.stdout.write(`
  网上营业厅 hall     ${house.hallUrl}
  工作台 staff        ${house.staffUrl}
  沙箱 sandbox        ${house.sandboxUrl}   短信、支付、银行回单 messages, payments, bank statement

${rows.map(line).join('\n')}
  （见 also in ${house.dir}/logins.json）

`);
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
  process.stdout.write(`The hall is up after ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
  const status = await journey();
  if (process.env.ONCE) return stop(status);
  if (status !== 0) process.stderr.write('The journey failed; the hall stays up for a look.\n');
  tellAddresses();
  process.stdout.write('Ctrl-C stops it.\n');
}

main().catch(async (error) => {
  process.stderr.write(`${explain(error)}\n`);
  await stop(1);
});
