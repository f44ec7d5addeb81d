// What the database itself refuses about money, whatever program asks; and who may do what.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { hallDatabase, queries } from './lib.mjs';

let db;
let n = 0;
before(() => {
  db = hallDatabase();
  db.sql(`INSERT INTO account (phone, name, password_hash) VALUES ('13800000001', '测试', 'x');
    INSERT INTO project (code, name_zh, name_en, courier_payer, agreements, agreement_version) VALUES ('p-1', '项目', 'project', 'sender', '{}', '1');
    INSERT INTO project_type VALUES ('p-1', 'organisation', 24000, '{1}', 'sm2', '{}');
    INSERT INTO staff (username, name, password_hash, totp_sealed, roles) VALUES ('anna', '甲', 'x', 'x', '{finance}'), ('bert', '乙', 'x', 'x', '{finance}')`);
});
after(() => db?.stop());

/** An order; answers its id. */
const order = (state = 'awaiting_payment') => {
  n += 1;
  return db.sql(`INSERT INTO orders (order_no, account_id, project, certificate_type, years, state) VALUES ('${String(n).padStart(17, '0')}', 1, 'p-1', 'organisation', 1, '${state}') RETURNING id`)[0][0];
};
/** A payment of 100 fen; answers its id. */
const payment = (o, more = {}) => {
  n += 1;
  const row = { payment_id: `P${n}`, order_id: o, attempt: n, method: 'wechat_pay', amount_fen: 100, state: 'pending', out_trade_no: `T${n}`, ...more };
  return db.sql(`INSERT INTO payment (${Object.keys(row)}) VALUES (${Object.values(row).map((v) => `'${v}'`)}) RETURNING id`)[0][0];
};
const refund = (p, o, more = {}) => {
  n += 1;
  const row = { refund_id: `F${n}`, payment_id: p, order_id: o, out_refund_no: `R${n}`, amount_fen: 60, reason: '测试', ...more };
  return db.sql(`INSERT INTO refund (${Object.keys(row)}) VALUES (${Object.values(row).map((v) => `'${v}'`)}) RETURNING id`)[0][0];
};
const line = (amount_fen = 100) => {
  n += 1;
  return db.sql(`INSERT INTO bank_line (serial, at, amount_fen, payer_name) VALUES ('L${n}', now(), ${amount_fen}, '测试') RETURNING id`)[0][0];
};
const paid = { state: 'paid', received_fen: 100 };
const refuses = (what, work) => assert.throws(work, what);

test('one open online attempt, and any number that are over', () => {
  const o = order();
  payment(o);
  refuses(/payment_one_online/, () => payment(o, { method: 'alipay', state: 'preparing' }));
  payment(o, { state: 'closed' });
  payment(o, { method: 'bank_transfer' });
});

test('one payment covers an order; money that goes back does not count', () => {
  const o = order();
  payment(o, paid);
  refuses(/payment_one_paid/, () => payment(o, { ...paid, method: 'alipay' }));
  refuses(/payment_one_paid/, () => payment(o, { method: 'bank_transfer', state: 'awaiting_confirmation' }));
  for (const purpose of ['late', 'duplicate', 'mismatch']) payment(o, { ...paid, purpose });
});

test('paid is what brought money', () => {
  refuses(/payment_check/, () => payment(order(), { state: 'paid' }));
  refuses(/payment_amount_fen_check/, () => payment(order(), { amount_fen: 0 }));
  refuses(/payment_received_fen_check/, () => payment(order(), { received_fen: -1 }));
  refuses(/payment_state_check/, () => payment(order(), { state: 'lost' }));
});

test('a provider\'s transaction pays once', () => {
  payment(order(), { ...paid, transaction_id: 'X1' });
  refuses(/payment_transaction/, () => payment(order(), { ...paid, transaction_id: 'X1' }));
  payment(order(), { ...paid, transaction_id: 'X1', method: 'alipay' });
});

test('our numbers are ours once', () => {
  const o = order();
  payment(o, { out_trade_no: 'SAME' });
  refuses(/payment_out_trade_no_key/, () => payment(order(), { out_trade_no: 'SAME' }));
  const p = payment(order(), paid);
  refund(p, o, { out_refund_no: 'SAME' });
  refuses(/refund_out_refund_no_key/, () => refund(payment(order(), paid), o, { out_refund_no: 'SAME' }));
});

test('never more goes back than came in', () => {
  const o = order();
  const p = payment(o, paid);
  const first = refund(p, o);
  refuses(/refund_within_payment/, () => refund(p, o, { amount_fen: 41 }));
  refund(p, o, { amount_fen: 40 });
  refuses(/refund_within_payment/, () => refund(p, o, { amount_fen: 1 }));
  refuses(/refund_within_payment/, () => refund(payment(order()), o, { amount_fen: 1 }));
  db.sql(`UPDATE refund SET state = 'failed' WHERE id = ${first}`);
  const again = refund(p, o);
  refuses(/refund_within_payment/, () => db.sql(`UPDATE refund SET state = 'created' WHERE id = ${first}`));
  refuses(/refund_within_payment/, () => db.sql(`UPDATE refund SET amount_fen = 61 WHERE id = ${again}`));
});

test('many refunds at once stay within what came in', async () => {
  const o = order();
  const p = payment(o, paid);
  const { execFile } = await import('node:child_process');
  const [[socket]] = db.sql('SHOW unix_socket_directories');
  const tries = Array.from({ length: 8 }, (_, i) => new Promise((resolve) => {
    execFile('psql', ['-qXAt', '-h', socket, '-U', 'postgres', '-d', 'hall', '-c', `INSERT INTO refund (refund_id, payment_id, order_id, out_refund_no, amount_fen, reason) VALUES ('C${i}', ${p}, ${o}, 'C${i}', 30, 'x')`], (error) => resolve(!error));
  }));
  assert.equal((await Promise.all(tries)).filter(Boolean).length, 3);
});

test('of two changes below an order at once, its sum knows both', async () => {
  const o = order();
  const p = payment(o);
  const { execFile } = await import('node:child_process');
  const [[socket]] = db.sql('SHOW unix_socket_directories');
  const run = (text) => new Promise((resolve) => {
    execFile('psql', ['-qXAt', '-h', socket, '-U', 'postgres', '-d', 'hall', '-c', text], (error) => resolve(!error));
  });
  const first = run(`BEGIN; UPDATE payment SET state = 'paid', received_fen = 100 WHERE id = ${p}; SELECT pg_sleep(1); COMMIT`);
  while (!db.sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`).length);
  const second = run(`INSERT INTO document (order_id, kind, sha256, size, content_type, revision_no, checks, blocking) VALUES (${o}, 'supplement', repeat('0', 64), 1, 'image/jpeg', 1, '[]', false)`);
  assert.deepEqual(await Promise.all([first, second]), [true, true]);
  assert.deepEqual(db.sql(`SELECT below::jsonb -> 'payment' ->> 'state', jsonb_array_length(below::jsonb -> 'detail_zh') FROM orders WHERE id = ${o}`), [['paid', '1']]);
});

test('two people, or nobody', () => {
  const o = order();
  const p = payment(o, paid);
  refuses(/refund_check/, () => refund(p, o, { requested_by: 1, approved_by: 1 }));
  refund(p, o, { requested_by: 1, approved_by: 2 });
});

test('a bank line is spent once', () => {
  const l = line(250);
  const match = (p, fen) => db.sql(`INSERT INTO bank_match VALUES (${l}, ${p}, ${fen}, 1)`);
  match(payment(order()), 100);
  match(payment(order()), 100);
  refuses(/bank_match_within_line/, () => match(payment(order()), 51));
  match(payment(order()), 50);
  refuses(/bank_match_within_line/, () => match(payment(order()), 1));
  refuses(/bank_line_serial_key/, () => db.sql(`INSERT INTO bank_line (serial, at, amount_fen, payer_name) SELECT serial, at, 1, 'x' FROM bank_line WHERE id = ${l}`));
});

test('a callback is stored once', () => {
  const add = () => db.sql("INSERT INTO callback_inbox (provider, event_id, event) VALUES ('alipay', 'E1', '{}')");
  add();
  refuses(/callback_inbox_provider_event_id_key/, add);
});

test('names are compared as people read them', () => {
  const same = (a, b) => db.sql(`SELECT plain_name('${a}') = plain_name('${b}')`)[0][0] === 't';
  assert.ok(same('测试（沈阳）有限公司', '测试(沈阳) 有限公司'));
  assert.ok(same('ＡＢＣ公司', 'abc公司'));
  assert.ok(!same('测试有限公司', '测试有限责任公司'));
});

// ---- who may do what ----

test('the applicants\' pool changes only what applicants change', () => {
  const columns = (table) => db.sql(`SELECT attname FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped
    AND has_column_privilege('hall_web', attrelid, attnum, 'UPDATE') ORDER BY attname`).map(([name]) => name);
  assert.deepEqual(columns('payment'), ['bank_reference', 'closing', 'payer_name', 'state', 'transferred_on', 'typed_fen', 'voucher_sha256']);
  assert.deepEqual(columns('refund'), ['account_sealed', 'finished_at', 'state']);
  const o = order();
  const p = payment(o, paid);
  refuses(/permission denied/, () => db.as('hall_web', `UPDATE payment SET received_fen = 1 WHERE id = ${p}`));
  refuses(/permission denied/, () => db.as('hall_web', `INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, received_fen, out_trade_no) VALUES ('X', ${o}, 90, 'alipay', 1, 'paid', 1, 'X')`));
  refuses(/payment_check/, () => db.as('hall_web', `INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, out_trade_no) VALUES ('X', ${o}, 90, 'alipay', 1, 'paid', 'X')`));
  refuses(/permission denied/, () => db.as('hall_web', `INSERT INTO bank_verification (order_id, attempt, reference, state, account_sealed, account_tail) VALUES (${o}, 1, 'X', 'ok', 'x', '1')`));
  db.as('hall_web', `INSERT INTO bank_verification (order_id, attempt, reference, account_sealed, account_tail) VALUES (${o}, 1, 'X', 'x', '1')`);
  refuses(/permission denied/, () => db.as('hall_callback', `UPDATE callback_inbox SET verdict = 'paid'`));
  refuses(/permission denied/, () => db.as('hall_callback', 'SELECT 1 FROM payment'));
  refuses(/permission denied/, () => db.as('hall_staff', "INSERT INTO bank_line (serial, at, amount_fen, payer_name) VALUES ('X', now(), 1, 'x')"));
});

// What each process runs, by file; the others it may not run.
const RUNS = {
  hall_web: { payment: /^(?!payment_(code|received|shut|reclose|in_the_way|facts)$|order_unlease$)/, refund: /^refund_(numbers|add|by_key|get|failed_of_order|withdraw_requested|account|sums)$/, submit: /./ },
  hall_staff: { payment: /^payment_(get|find|open|of_order|facts|state)$|^order_(unlease|close_reason)$/, refund: /./, bank_line: /^(?!bank_line_add$|bank_match_later$)/, submit: /^(?!submit_write$)/, ledger: /^ledger_(days|differences|unmatched)$/ },
  hall_callback: { inbox: /^inbox_add$/, job: /^job_add$/ },
  hall_worker: { payment: /^(?!payment_add$)/, refund: /./, inbox: /./, bank_line: /^bank_(line_add|match_later)$/, submit: /./, ledger: /^(?!ledger_(days|differences|unmatched)$)/, job: /./ },
};

test('every process may run its statements', () => {
  for (const [role, files] of Object.entries(RUNS)) {
    for (const [file, fits] of Object.entries(files)) {
      for (const [name, { text, params }] of Object.entries(queries(file))) {
        if (!fits.test(name)) continue;
        const values = params ? `(${Array(params).fill('NULL')})` : '';
        try {
          db.as(role, `BEGIN; PREPARE q AS ${text}; EXPLAIN EXECUTE q${values}; ROLLBACK`);
        } catch (error) {
          assert.fail(`${role}: ${name}: ${error.message}`);
        }
      }
    }
  }
});
