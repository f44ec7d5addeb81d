// After all other files: every route of both documents was called well by somebody.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { PROJECT } from '../../scripts/lib/house.mjs';
import { bankMemo, behaviour, bringTo, dir, hallUrl, psql, request, sandbox, staffUrl, until } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';
import { readStatement } from './lib/money.mjs';

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

/** {number: fen} of rows [number, fen]. */
const sums = (rows) => Object.fromEntries(rows.map(([number, fen]) => [number, Number(fen)]).sort());

test('our books and those of the wallets and the bank hold the same money', async () => {
  await behaviour('all', 'normal');
  await readStatement();
  await psql(`UPDATE job SET due_at = hall_now() WHERE state = 'queued' AND lease_until IS NULL AND kind IN ('REFUND', 'BANK_SEND', 'PAY_QUERY', 'PAY_CLOSE'); NOTIFY job`);
  // Where two people said what a transfer came to, the bank may say otherwise.
  const byHand = new Set((await psql('SELECT reference FROM bank_verification WHERE second_staff IS NOT NULL')).flat());
  const ours = async () => ({
    // What tests made up (T and the order's number), nobody has paid.
    received: sums(await psql(`SELECT y.out_trade_no, y.received_fen FROM payment y JOIN orders o ON o.id = y.order_id
      WHERE y.method <> 'bank_transfer' AND y.received_fen > 0 AND y.transaction_id <> 'T' || o.order_no`)),
    // A number of twenty digits is the bank's: the wallet could not give it back.
    refunded: sums(await psql(`SELECT f.out_refund_no, f.amount_fen FROM refund f JOIN payment y ON y.id = f.payment_id
      WHERE f.state = 'succeeded' AND y.method <> 'bank_transfer' AND length(f.out_refund_no) <> 20`)),
    sent: sums(await psql(`SELECT b.reference, 1 FROM bank_verification b JOIN orders o ON o.id = b.order_id
      WHERE b.state = 'ok' AND b.kind = 'transfer' AND b.second_staff IS NULL AND b.reference <> 'T' || o.order_no
      UNION ALL SELECT f.out_refund_no, f.amount_fen FROM refund f JOIN payment y ON y.id = f.payment_id
      WHERE f.state = 'succeeded' AND (y.method = 'bank_transfer' OR length(f.out_refund_no) = 20)`)),
  });
  const theirs = async () => {
    const { wechatpay, alipay, bank } = await sandbox('GET', '/ledger');
    return {
      received: sums([wechatpay, alipay].flatMap(({ orders }) => orders.map((o) => [o.out_trade_no, o.amount_fen]))),
      refunded: sums([wechatpay, alipay].flatMap(({ refunds }) => refunds.filter((r) => r.status === 'SUCCESS').map((r) => [r.out_refund_no, r.amount_fen]))),
      sent: sums(bank.transfers.filter((t) => t.state === 'paid' && !byHand.has(t.reference)).map((t) => [t.reference, t.amount_fen])),
    };
  };
  await until('the books to agree', async () => isDeepStrictEqual(await ours(), await theirs()), 20_000).catch(() => {});
  assert.deepEqual(await ours(), await theirs());
  const lines = new Set((await psql('SELECT serial, amount_fen FROM bank_line')).map((row) => row.join(' ')));
  // 0.01 yuan is a bank verification that came back: nobody pays with it.
  const credits = (await sandbox('GET', '/bank-lines')).items.filter((line) => line.loanCode === 'C' && line.amount > 1);
  assert.ok(credits.length > 0);
  assert.deepEqual(credits.map((line) => `${line.serial} ${line.amount}`).filter((line) => !lines.has(line)), []);
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
