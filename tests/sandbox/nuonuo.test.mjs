import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { nuonuoClient } from './clients.mjs';
import { exchange, makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, nuonuo;

before(async () => {
  world = await startAll(keys, (config) => (config.nuonuo.step_seconds = 0));
  nuonuo = nuonuoClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  world.config.nuonuo.step_seconds = 0;
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

const code = async (answer) => (await answer).said.code;
const result = async (number) => (await nuonuo.query(number)).said.result[0];

test('an invoice goes 20, 21, 2 by the clock, and has its file', async () => {
  world.config.nuonuo.step_seconds = 100;
  assert.equal(await code(nuonuo.issue('N1')), 'E0000');
  const status = async (offset_seconds) => {
    await world.control('PUT', '/sandbox/clock', { offset_seconds });
    return (await result('N1')).status;
  };
  assert.deepEqual([await status(0), await status(150)], ['20', '21']);
  assert.equal(await status(250), '2');
  const done = await result('N1');
  assert.match(done.allElectronicInvoiceNumber, /^\d{20}$/);
  assert.deepEqual([done.exTaxAmount, done.taxAmount], ['226.42', '13.58']);
  assert.equal((await result('N1')).allElectronicInvoiceNumber, done.allElectronicInvoiceNumber);
  const file = await exchange(done.pdfUrl);
  assert.equal(file.headers['content-type'], 'application/pdf');
  assert.ok(file.text.startsWith('%PDF-1.4\n') && file.text.endsWith('%%EOF\n'));
  assert.equal((await exchange(done.pdfUrl.replace(/.\.pdf/, '.pdf'))).status, 404);
});

test('a number is taken once; an unknown one is E9500', async () => {
  assert.equal(await code(nuonuo.query('N2')), 'E9500');
  assert.equal(await code(nuonuo.issue('N2')), 'E0000');
  assert.equal(await code(nuonuo.issue('N2')), 'E9106');
  await world.behave('invoice', 'not_stored_yet', { times: 1 });
  assert.equal(await code(nuonuo.query('N2')), 'E9500');
  assert.equal((await result('N2')).status, '2');
  await world.behave('nuonuo', 'duplicate', { times: 1 });
  assert.equal(await code(nuonuo.issue('N3')), 'E9106');
  assert.equal((await world.items('/sandbox/invoices')).length, 2);
});

test('what is not signed as it must be is refused', async () => {
  const asked = (options, data = { orderNos: ['X'] }) => code(nuonuo.call('queryInvoiceResult', data, options));
  assert.equal(await asked({ spoil: (s) => 'A' + s.slice(1).replace(/[A-Z]/, 'b') }), '070305');
  assert.equal(await asked({ query: { appkey: '00000000' } }), '070304');
  assert.equal(await asked({ query: { timestamp: String(Math.floor(Date.now() / 1000) - 3600) } }), '070306');
  assert.equal(await asked({ query: { senid: 'short' } }), '070101');
  assert.equal(await asked({ headers: { accessToken: 'other' } }), '070307');
  assert.equal(await asked({ headers: { userTax: '91440300MA5OTHER00' } }), '070304');
  const senid = 'a'.repeat(32);
  assert.equal(await asked({ query: { senid } }), 'E9500');
  assert.equal(await asked({ query: { senid } }), '070306', 'a senid comes once');
  assert.equal(await code(nuonuo.call('nothing', {})), '070101');
  assert.equal(await code(nuonuo.call('queryInvoiceResult', '[]')), 'E9101');
});

test('the arithmetic and the fields of an order', async () => {
  const person = { naturalPersonFlag: '1', buyerTaxNum: undefined };
  for (const [more, line, words] of [
    [{ orderNo: 'N'.repeat(21) }, {}, 'orderNo'],
    [{ invoiceLine: 'bs', buyerTaxNum: undefined }, {}, '税号为空'],
    [{ ...person, invoiceLine: 'bs' }, {}, '自然人'],
    [{ buyerTaxNum: '123' }, {}, '税号有误'],
    [{ pushMode: '0' }, {}, '邮箱'],
    [{ salerTaxNum: 'X' }, {}, '销方'],
    [{ clerk: '' }, {}, '开票员'],
    [{}, { goodsCode: '304' }, '19位'],
    [{}, { tax: '13.59' }, '之和'],
    [{}, { taxExcludedAmount: '226.30', tax: '13.70' }, '误差'],
    [{}, { price: '239.00' }, '单价'],
    [{}, { taxRate: '0.6' }, '税率'],
    [{ invoiceDetail: [] }, {}, '明细'],
  ]) {
    const { said } = await nuonuo.issue('N4', more, line);
    assert.equal(said.code, 'E9101', words);
    assert.ok(said.describe.includes(words), said.describe);
  }
  assert.equal(await code(nuonuo.issue('N4', person)), 'E0000');
});

test('failures: 22, and 24 until it is sealed again', async () => {
  await world.behave('nuonuo', 'issue_failed', { times: 1 });
  await nuonuo.issue('N5');
  const failed = await result('N5');
  assert.deepEqual([failed.status, failed.failCause.slice(0, 4)], ['22', '开票失败']);
  await world.behave('nuonuo', 'seal_failed', { times: 1 });
  await nuonuo.issue('N6');
  assert.equal((await result('N6')).status, '24');
  assert.equal(await code(nuonuo.call('reInvoice', { orderno: 'N5' })), 'E9101');
  assert.equal(await code(nuonuo.call('reInvoice', { orderno: 'N6' })), 'E0000');
  assert.equal((await result('N6')).status, '2');
});

test('a red invoice: confirmation, buyer, result', async () => {
  await nuonuo.issue('N7');
  const blue = (await result('N7')).allElectronicInvoiceNumber;
  assert.equal(await code(nuonuo.confirm('R1', '26'.padEnd(20, '0'))), 'E9101');
  assert.equal(await code(nuonuo.confirm('R1', blue)), 'E0000');
  assert.equal(await code(nuonuo.confirm('R1', blue)), 'E9106');
  assert.equal(await code(nuonuo.confirm('R2', blue)), 'E9101', 'one at a time');
  await world.behave('nuonuo', 'waits_for_buyer', { times: 1 });
  assert.equal((await nuonuo.confirmed('R1')).said.result.list[0].billStatus, '02');
  const { billNo, billStatus } = (await nuonuo.confirmed('R1')).said.result.list[0];
  assert.equal(billStatus, '01');
  assert.equal(await code(nuonuo.red('R1', '1')), 'E9101');
  assert.equal(await code(nuonuo.red('R1', billNo)), 'E0000');
  const red = await result('R1');
  assert.deepEqual([red.status, red.exTaxAmount, red.taxAmount], ['2', '-226.42', '-13.58']);
});

test('a reset forgets what was issued', async () => {
  await nuonuo.issue('N8');
  await until(async () => (await result('N8')).status === '2');
  await world.post('/sandbox/reset');
  assert.equal(await code(nuonuo.query('N8')), 'E9500');
});
