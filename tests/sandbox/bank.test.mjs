import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { bankClient } from './clients.mjs';
import { makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, bank;
let count = 0;
const reference = () => `SZ${String(++count).padStart(10, '0')}A1`;
const GOOD = '6222020000001111';

before(async () => {
  world = await startAll(keys);
  bank = bankClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  Object.assign(world.config.bank, { settle_seconds: 0, page_size: 200 });
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

const states = ({ z }) => [z.reqSts, z.rtnFlg];

test('a transfer is paid; the payee reads the memo, our statement has the line', async () => {
  const ref = reference();
  const paid = await bank.pay(ref, GOOD, { nusAge: 'PIN:1234567890 深圳CA' });
  assert.ok(paid.trusted);
  assert.deepEqual(
    [paid.head.resultcode, paid.z.errCod, ...states(paid)],
    ['SUC0000', 'SUC0000', 'FIN', 'S'],
  );
  const found = await bank.query(ref);
  assert.ok(found.trusted);
  assert.deepEqual(
    [found.z.yurRef, found.z.trsAmt, found.z.reqNbr, ...states(found)],
    [ref, '0.01', paid.z.reqNbr, 'FIN', 'S'],
  );
  const [line] = await world.items(`/sandbox/bank-statement?account_number=${GOOD}`);
  assert.deepEqual([line.amount_fen, line.memo, line.returned_at], [1, 'PIN:1234567890 深圳CA', null]);
  assert.deepEqual(await world.items('/sandbox/bank-statement?account_number=6222020000002222'), []);
  const { lines } = await bank.statement();
  assert.deepEqual(
    [lines[0].loanCode, lines[0].transAmount, lines[0].yurRef, lines[0].remarkTextClt],
    ['D', '-0.01', ref, 'PIN:1234567890 深圳CA'],
  );
});

test('what is not signed or sealed as it must be is refused by the gateway', async () => {
  const ask = (options) =>
    bank.call('BB1PAYQR', { bb1payqrx1: [{ busCod: 'N02030', yurRef: 'X' }] }, options);
  const refused = async (options, code) =>
    assert.match((await ask(options)).gateway, new RegExp(`^CDCServer:${code}`));
  await refused({ spoil: (t) => t.replace('"yurRef":"X"', '"yurRef":"Y"') }, 'DCERR05');
  await refused({ spoil: (t) => t.replace(/"sigdat":"[^"]+"/, '"sigdat":""') }, 'DCERR05');
  await refused({ spoil: (t) => t.replace('{"request"', '{ "request"') }, 'DCERR05');
  await refused({ form: { UID: 'N000000000' } }, 'DCERR02');
  await refused({ form: { ALG: 'RSA' } }, 'DCERR03');
  await refused({ form: { DATA: 'AAAA' } }, 'DCERR04');
  await refused({ form: { FUNCODE: 'BB1PAYOP' } }, 'DCERR06');
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 86400 });
  await refused({}, 'DCERR07');
});

test('the reference guards against doubles: same content same answer, other content refused', async () => {
  const ref = reference();
  const [first, again] = [await bank.pay(ref, GOOD), await bank.pay(ref, GOOD)];
  assert.equal(again.z.reqNbr, first.z.reqNbr);
  assert.equal((await bank.pay(ref, GOOD, { nusAge: 'PIN:0000000000' })).z.errCod, 'DCDUP01');
  assert.equal((await bank.pay(ref, '6222020000002222')).z.errCod, 'DCDUP01');
  assert.equal((await world.items('/sandbox/bank-statement')).length, 1);
  assert.equal((await world.get('/sandbox/ledger')).bank.paid_fen, 1);
});

test('fields out of their rules are refused', async () => {
  const wrong = [
    { dbtAcc: '1' },
    { crtNam: '' },
    { crtNam: '𠮷' },
    { ccyNbr: '01' },
    { trsAmt: '0.001' },
    { trsAmt: '0.00' },
    { bnkFlg: 'X' },
    { brdNbr: '123' },
    { nusAge: '' },
    { nusAge: '测'.repeat(32) },
    { nusAge: 'a&b' },
    { nusAge: '😀' },
    { yurRef: 'x'.repeat(31) },
    { yurRef: 'a b' },
  ];
  for (const more of wrong)
    assert.equal((await bank.pay(reference(), GOOD, more)).z.errCod, 'DCPAR01', JSON.stringify(more));
  assert.equal((await bank.call('NOTHING', {})).head.resultcode, 'DCPG008');
  assert.equal((await bank.query('x'.repeat(31))).head.resultcode, 'DCPAR01');
  assert.deepEqual((await bank.query(reference())).content.bb1payqrz1, []);
});

test('the last digits of the account decide', async () => {
  const cases = {
    '0001': ['FIN', 'F', '户名'],
    '0002': ['FIN', 'F', '不存在'],
    '0003': ['FIN', 'F', '状态'],
    '0004': ['BNK', '', ''],
    9005: ['FIN', 'F', '开户行'],
    9007: ['WRF', '', ''],
    9008: ['FIN', 'F', '系统'],
  };
  for (const [tail, [status, flag, words]] of Object.entries(cases)) {
    const ref = reference();
    await bank.pay(ref, `622202000000${tail}`);
    const { z } = await bank.query(ref);
    assert.deepEqual([z.reqSts, z.rtnFlg], [status, flag], tail);
    assert.ok(z.rtnNar.includes(words));
  }
  assert.deepEqual(await world.items('/sandbox/bank-statement'), []);
});

test('an account of the register is compared, whatever its digits', async () => {
  const account_number = '6222020000000001';
  await world.post('/sandbox/accounts', {
    account_number,
    name: '沈阳测试科技有限公司',
    bank_code: '102221000011',
  });
  const flag = async (more) => (await bank.pay(reference(), account_number, more)).z.rtnFlg;
  assert.equal(await flag(), 'S');
  assert.equal(await flag({ crtNam: '沈阳别的有限公司' }), 'F');
  assert.equal(await flag({ brdNbr: '102221000012' }), 'F');
  await world.post('/sandbox/accounts', { account_number, name: '沈阳测试科技有限公司', state: 'frozen' });
  assert.equal(await flag(), 'F');
});

test('modes: each reason, refusals, approval, slow settlement', async () => {
  for (const mode of [
    'name_mismatch',
    'no_account',
    'account_status',
    'wrong_branch',
    'bank_system',
    'other',
  ]) {
    await world.behave('bank', mode, { times: 1 });
    assert.deepEqual(states(await bank.pay(reference(), GOOD)), ['FIN', 'F'], mode);
  }
  for (const [mode, code] of [
    ['refused', 'DCREF01'],
    ['no_balance', 'DCBAL01'],
  ]) {
    await world.behave('bank', mode, { times: 1 });
    const ref = reference();
    assert.equal((await bank.pay(ref, GOOD)).z.errCod, code);
    assert.deepEqual((await bank.query(ref)).content.bb1payqrz1, []);
  }
  for (const [mode, status] of [
    ['approval', 'AUT'],
    ['in_process', 'BNK'],
    ['suspicious', 'WRF'],
  ]) {
    await world.behave('bank', mode, { times: 1 });
    const ref = reference();
    assert.deepEqual(states(await bank.pay(ref, GOOD)), [status, '']);
    assert.equal((await world.post(`/sandbox/transfers/${ref}`, { state: 'paid' })).status, 200);
    assert.deepEqual(states(await bank.query(ref)), ['FIN', 'S']);
    assert.equal((await world.post(`/sandbox/transfers/${ref}`, { state: 'failed' })).status, 409);
  }
  await world.behave('bank', 'slow_settlement', { times: 1, seconds: 5 });
  const slow = reference();
  assert.deepEqual(states(await bank.pay(slow, GOOD)), ['BNK', '']);
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 6 });
  await until(
    async () => (await world.items('/sandbox/transfers')).find((t) => t.reference === slow).state === 'paid',
  );
});

test('a paid transfer comes back: by mode, by digits, at a word', async () => {
  await world.control('PUT', '/sandbox/clock', { speed: 100 });
  await world.behave('bank', 'returned', { times: 1, seconds: 10 });
  const [first, second, third] = [reference(), reference(), reference()];
  assert.deepEqual(states(await bank.pay(first, GOOD)), ['FIN', 'S']);
  assert.deepEqual(states(await bank.pay(second, '6222020000009006')), ['FIN', 'S']);
  await bank.pay(third, GOOD);
  assert.equal(
    (await world.post(`/sandbox/transfers/${third}`, { state: 'returned', reason: 'account_status' })).status,
    200,
  );
  await until(async () => (await world.items('/sandbox/transfers')).every((t) => t.state === 'returned'));
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
  assert.deepEqual(states(await bank.query(first)), ['FIN', 'B']);
  assert.ok((await bank.query(third)).z.rtnNar.includes('状态'));
  const list = (await bank.returned()).content.bb1payqbz1;
  assert.deepEqual(list.map((r) => r.yurRef).sort(), [first, second, third].sort());
  assert.ok(
    (await world.items(`/sandbox/bank-statement?account_number=${GOOD}`)).every((l) => l.returned_at),
  );
  const { lines } = await bank.statement(undefined, { loanCode: 'C' });
  assert.equal(lines.length, 3);
});

test('queries that mislead: no such reference, back in process', async () => {
  const ref = reference();
  await bank.pay(ref, GOOD);
  await world.behave('bank', 'not_found', { times: 2 });
  assert.deepEqual((await bank.query(ref)).content.bb1payqrz1, []);
  assert.deepEqual((await bank.query(ref)).content.bb1payqrz1, []);
  await world.behave('bank', 'backwards', { times: 1 });
  assert.deepEqual(states(await bank.query(ref)), ['BNK', '']);
  assert.deepEqual(states(await bank.query(ref)), ['FIN', 'S']);
});

test('credits from outside, and a statement of several pages', async () => {
  world.config.bank.page_size = 3;
  for (let i = 1; i <= 8; i++)
    await world.post('/sandbox/bank-credits', {
      payer_name: '沈阳测试科技有限公司',
      payer_account: GOOD,
      amount_fen: 24000 + i,
      memo: `SZ${i}`,
    });
  const seen = [];
  let answer;
  let points;
  for (let page = 0; page < 5 && answer?.control.ctnFlag !== 'N'; page++) {
    answer = await bank.statement(points, answer && { queryAcctNbr: answer.control.queryAcctNbr });
    points = answer.points;
    seen.push(...answer.lines);
  }
  assert.deepEqual(
    seen.map((l) => l.remarkTextClt),
    ['SZ1', 'SZ2', 'SZ3', 'SZ4', 'SZ5', 'SZ6', 'SZ7', 'SZ8'],
  );
  assert.equal(seen[0].transAmount, '240.01');
  assert.equal(new Set(seen.map((l) => l.transSequenceIdn)).size, 8);
  assert.equal(seen[7].acctOnlineBal, '1001920.36');
  await world.behave('bank', 'statement_missing', { times: 1 });
  world.config.bank.page_size = 200;
  assert.equal((await bank.statement()).lines.length, 7);
  await world.behave('bank', 'statement_extra', { times: 1 });
  assert.equal((await bank.statement()).lines.length, 9);
  assert.equal((await bank.statement(undefined, {}, '20200101')).lines.length, 0);
  assert.equal((await world.post('/sandbox/bank-credits', { payer_name: 'x' })).status, 422);
});
