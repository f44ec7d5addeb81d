// The staff desk at work: money, bank verification, production, the mail room, figures, the trail,
// administration - as the people there would do it, on a wide screen and on a narrow one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bringAll, creditBank, ok, psql, staff, staffUrl } from '../api/lib/client.mjs';
import { readStatement } from '../api/lib/money.mjs';
import { launch, sound, visit } from './lib/browser.mjs';

let browser, transfer, wallet;
const pages = new Map();

/** The desk of somebody who is signed in; one page a person. */
async function at(who, path) {
  if (!pages.has(who)) {
    const page = await visit(browser, { baseURL: staffUrl, width: 1440 });
    const { cookies } = await staff(who);
    await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: staffUrl })));
    await page.addInitScript(() => localStorage.setItem('hall-desk', '1'));
    pages.set(who, page);
  }
  const page = pages.get(who);
  await page.goto(path);
  await page.locator('main h1').waitFor();
  return page;
}

/** No barrier at 1440 and at 390 pixels. */
async function both(page, name) {
  await sound(page, `${name}-1440`);
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, `${name}-390`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const inDialog = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const told = (page, text) => page.locator('.said').getByText(text).waitFor();
const rowOf = (page, text) => page.getByRole('row').filter({ hasText: text });

before(async () => {
  [transfer, wallet] = await bringAll([['pending_review', { method: 'bank_transfer' }], ['pending_review', { method: 'wechat_pay' }]], 2);
  const account = transfer.form.bank_account;
  await creditBank({ payer_name: account.account_name, payer_account: account.account_number, amount_fen: 26100, memo: transfer.orderNo });
  await readStatement();
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

test('finance compares a voucher with the statement and confirms it', async () => {
  const page = await at('finance', '/finance');
  await page.getByRole('button', { name: new RegExp(transfer.orderNo) }).click();
  await page.getByText('付款人一致').waitFor();
  await press(page, '查看凭证');
  await page.getByRole('img', { name: /的汇款凭证/ }).waitFor();
  await both(page, 'finance-voucher');
  await press(page, '未到账，退回');
  await inDialog(page, '退回凭证');
  await page.getByText('请选择原因').waitFor();
  await both(page, 'finance-refuse');
  await inDialog(page, '取消');
  await press(page, '确认到账');
  await both(page, 'finance-confirm');
  await inDialog(page, '确认到账');
  await told(page, `订单 ${transfer.orderNo} 的汇款已确认到账`);
  assert.equal((await transfer.order()).payment.state, 'paid');
  await both(page, 'finance-confirmed');
});

test('two people give money back', async () => {
  const page = await at('finance', '/finance?tab=payments');
  await both(page, 'finance-payments');
  await rowOf(page, wallet.orderNo).getByRole('button', { name: /申请退款/ }).click();
  await page.locator('#amount').fill('999.00');
  await inDialog(page, '提交申请');
  await page.getByText('不能超过 261.00 元').waitFor();
  await page.getByText('请填写', { exact: true }).waitFor();
  await both(page, 'finance-refund-errors');
  await page.locator('#amount').fill('12.5');
  await page.locator('#reason').fill('多收费用');
  await inDialog(page, '提交申请');
  await told(page, '等待另一名财务员批准');
  await page.getByRole('link', { name: '退款', exact: true }).click();
  await rowOf(page, wallet.orderNo).getByText('等待他人批准').waitFor();
  await both(page, 'finance-refunds');
  const other = await at('finance2', '/finance?tab=refunds&state=requested');
  await rowOf(other, wallet.orderNo).getByRole('button', { name: /^批准/ }).click();
  await both(other, 'finance-approve');
  await inDialog(other, '批准并退款');
  await told(other, '已批准');
  await other.getByText('没有退款记录').waitFor();
  const [[state]] = await psql(`SELECT f.state FROM refund f JOIN orders o ON o.id = f.order_id WHERE o.order_no = '${wallet.orderNo}'`);
  assert.ok(['created', 'submitted', 'succeeded'].includes(state), state);
});

test('finance reads the statement and the books', async () => {
  const page = await at('finance', '/finance?tab=lines');
  await rowOf(page, transfer.orderNo).first().waitFor();
  await both(page, 'finance-lines');
  await page.getByRole('link', { name: '对账', exact: true }).click();
  await page.getByText('与支付渠道一致').waitFor();
  await both(page, 'finance-books');
});

test('nothing went wrong on any page', () => {
  for (const [who, page] of pages) assert.deepEqual(page.faults, [], who);
});
