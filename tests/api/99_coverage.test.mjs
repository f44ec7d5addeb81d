// After all other files: every route of both documents was called well by somebody.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { promisify } from 'node:util';
import { PROJECT } from '../../scripts/lib/house.mjs';
import { bankMemo, bringTo, dir, hallUrl, psql, request, staffUrl } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';

const run = promisify(execFile);

test('every route was called, with success', { skip: !process.env.CALLS && 'only when all files run' }, async (t) => {
  const calls = readFileSync(process.env.CALLS, 'utf8').split('\n').filter(Boolean).map((line) => line.split(' '));
  const contracts = [await contractOf(hallUrl, '/api/v1'), await contractOf(staffUrl, '/api/admin/v1')];
  const names = contracts.flatMap((contract) => contract.names());
  const heard = (name, fits) => calls.some(([method, path, status]) => `${method} ${path}` === name && fits(Number(status)));
  const unrefused = names.filter((name) => !heard(name, (status) => status >= 400));
  if (unrefused.length) t.diagnostic(`never refused: ${unrefused.join(', ')}`);
  assert.deepEqual(names.filter((name) => !heard(name, (status) => status < 400)), []);
});

test('every move of the table was made', { skip: !process.env.CALLS && 'only when all files run' }, async () => {
  const missing = await psql(`SELECT move || ' ' || from_state || ' ' || to_state FROM order_transition t WHERE NOT EXISTS (
    SELECT FROM audit_event e WHERE (e.move, e.from_state, e.to_state) = (t.move, t.from_state, t.to_state)) ORDER BY 1`);
  assert.deepEqual(missing.flat(), []);
});

test('both documents of the contract are without a fault', async () => {
  const at = mkdtempSync(`${tmpdir()}/contract-`);
  try {
    for (const [name, url] of [['hall', `${hallUrl}/api/v1/openapi.json`], ['staff', `${staffUrl}/api/admin/v1/openapi.json`]])
      writeFileSync(`${at}/${name}.json`, (await request(url)).body);
    await run(`${PROJECT}/node_modules/.bin/redocly`, ['lint', `${at}/hall.json`, `${at}/staff.json`],
      { cwd: at, env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
  } finally {
    rmSync(at, { recursive: true });
  }
});

test('what must always be true is true, after all that happened', async () => {
  assert.deepEqual(await psql(readFileSync(`${PROJECT}/sql/invariants.sql`, 'utf8')), []);
});

test('PIN, ID number and account number of an order can be read nowhere', async () => {
  const c = await bringTo('issued');
  const { account_number: account } = c.form.bank_account;
  const [, pin] = /PIN码(\w{12})/.exec(await bankMemo(account));
  const secrets = [pin, c.form.handler.id_number, c.form.legal_representative.id_number, account];
  const { postgres: password } = JSON.parse(readFileSync(`${dir}/keys/database.json`, 'utf8'));
  const { stdout: dump } = await run('pg_dump', ['-h', '/proc/self/cwd/sock/pg', '-U', 'postgres', 'hall'],
    { cwd: dir, env: { ...process.env, PGPASSWORD: password }, maxBuffer: 1 << 30 });
  assert.ok(dump.includes(c.orderNo));
  const logs = readdirSync(`${dir}/log`, { withFileTypes: true, recursive: true }).filter((f) => f.isFile())
    .map((f) => readFileSync(`${f.path}/${f.name}`, 'utf8')).join('\n');
  assert.ok(logs.includes('"event":"request"'));
  for (const secret of secrets)
    for (const text of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1)]) {
      assert.ok(!dump.includes(text), `the dump holds ${text}`);
      assert.ok(!logs.includes(text), `a log holds ${text}`);
    }
});
