// What tests of money share.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ok, staff } from './client.mjs';
import { psql } from './house.mjs';
import { sandbox, until } from './sandbox.mjs';

export const key = () => ({ key: randomUUID() });

/** A new attempt, or the open one. */
export const begin = async (c, method) => ok(await c.client.post(`${c.path}/payments`, { method }, key()), 201);

export const paymentOf = async (c, id) => ok(await c.client.get(`${c.path}/payments/${id}`));

/** The code of an attempt, waited for. */
export const codeOf = (c, id, ms) => until('a payment code', async () => (await paymentOf(c, id)).code_url, ms);

export const becomes = (c, id, state, ms = 15_000) => until(`the payment to be ${state}`, async () => {
  const payment = await paymentOf(c, id);
  return payment.state === state && payment;
}, ms);

/** Refunds that reached the payer, n of them. */
export const paidBack = (c, n = 1, ms = 20_000) => until(`${n} refunds to succeed`, async () => {
  const done = (await c.order()).refunds.filter((r) => r.state === 'succeeded');
  return done.length >= n && done;
}, ms);

/** One row of a query about the order as {column: value}; `of` is SQL with o and y for order and payment. */
export const column = async (what, id) =>
  (await psql(`SELECT ${what} FROM payment y JOIN orders o ON o.id = y.order_id WHERE y.payment_id = '${id}'`))[0]?.[0];

export const tradeNo = (id) => column('y.out_trade_no', id);

/** Lets a job that sleeps, or a clock of the worker, run now. */
export async function hurry(key) {
  const [[before]] = await psql(`SELECT fence FROM job WHERE key = '${key}'`);
  await psql(`UPDATE job SET due_at = hall_now() WHERE key = '${key}' AND state = 'queued'; NOTIFY job`);
  await until(`${key} to run`, async () => (await psql(`SELECT 1 FROM job WHERE key = '${key}' AND fence > ${before} AND lease_until IS NULL`)).length === 1, 20_000);
}

/** Takes in the bank's statement now. */
export const readStatement = () => hurry('clock/BANK_STATEMENT');

/** Everything that callbacks brought is applied. */
export const applied = () => until('callbacks to be applied', async () =>
  (await psql('SELECT count(*) FROM callback_inbox WHERE applied_at IS NULL'))[0][0] === '0', 20_000);

/** A call of the finance desk. */
export const finance = async (method, path, json, who = 'finance') =>
  (await staff(who)).call(method, `/api/admin/v1${path}`, { json });

/** Our books and the wallets' say the same of everything that was paid or given back. */
export async function booksAgree(trades) {
  for (const trade of trades) {
    const [theirs] = (await sandbox('GET', `/payments?out_trade_no=${trade}`)).items;
    const [[received, returned]] = await psql(`SELECT y.received_fen, coalesce((SELECT sum(f.amount_fen) FROM refund f
      WHERE f.payment_id = y.id AND f.state = 'succeeded'), 0) FROM payment y WHERE y.out_trade_no = '${trade}'`);
    assert.deepEqual([Number(received), Number(returned)], [theirs.paid_at ? theirs.amount_fen : 0, theirs.refunded_fen], trade);
  }
}
