// The staff desk by keyboard alone, from each one's login: finance confirms a voucher, a reviewer approves,
// production stops, starts and tries again, the mail room scans and sends. One order goes through all hands.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { bringTo, Client, creditBank, ok, personName, psql, staff, staffUrl, tokenSerial, totp, trackingNo, until } from '../api/lib/client.mjs';
import { madeMany } from '../api/lib/made.mjs';
import { readStatement } from '../api/lib/money.mjs';
import { launch, sound, visit } from './lib/browser.mjs';
import { Hands } from './lib/hands.mjs';
import { journey } from './lib/steps.mjs';

let browser, page, hands, order;

/** Somebody new at the desk who has a secret for codes, and has not signed in yet. */
async function hired(role) {
  const person = { username: `t${randomUUID().slice(0, 8)}`, password: `pass-${randomUUID()}`, name: personName() };
  ok(await (await staff('administrator')).post('/api/admin/v1/staff', { ...person, roles: [role] }), 201);
  const { totp_secret: secret } = ok(await new Client(staffUrl).post('/api/admin/v1/enrolment', { username: person.username, password: person.password }));
  return { ...person, secret };
}

/** Signs in and opens this entry of the menu. */
async function comes(role, entry) {
  const { username, password, secret } = await hired(role);
  await page?.context().close();
  page = await visit(browser, { baseURL: staffUrl, width: 1440 });
  hands = new Hands(page);
  await page.goto('/');
  await page.locator('#username').waitFor();
  await hands.toId('username');
  await hands.type(username);
  await hands.toId('password');
  await hands.type(password);
  await hands.toId('totp');
  await hands.type(totp(secret));
  await hands.press('Enter');
  await hands.use('link', entry, { exact: false });
  await page.locator('main h1').waitFor();
  await page.locator('main .loading').waitFor({ state: 'detached' });
}

/** In the dialog: words into the field of this id, and on. */
async function says(id, text, button) {
  await page.getByRole('dialog').waitFor();
  await hands.toId(id, { most: 8 });
  await hands.type(text);
  await hands.use('button', button, { most: 4 });
}
const told = async (text) => {
  await page.locator('.said').getByText(text).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await hands.holds(text);
};
const back = (name) => until(`the focus to be back on ${name}`, async () => (await hands.focused()).text.startsWith(name), 3000);

before(async () => {
  order = await bringTo('pending_review', { method: 'bank_transfer' });
  const { account_name: name, account_number: account } = order.form.bank_account;
  await creditBank({ payer_name: name, payer_account: account, amount_fen: 26100, memo: order.orderNo });
  await readStatement();
  await psql(`UPDATE orders SET submitted_at = submitted_at + interval '1 day' WHERE state = 'pending_review' AND order_no <> '${order.orderNo}'`); // what others left comes later
  await psql(`UPDATE orders SET second_review = false WHERE order_no = '${order.orderNo}'`);
  browser = await launch();
});
after(() => browser?.close());

describe('the desk by keyboard', () => {
  const step = journey(it, () => page);

  step('finance compares a voucher with the statement and confirms it', async () => {
    await comes('finance', '财务');
    await hands.use('button', new RegExp(order.orderNo));
    await page.getByText('付款人一致').waitFor();
    await hands.round();
    await hands.use('button', '查看凭证');
    await page.getByRole('img', { name: /的汇款凭证/ }).waitFor();
    await hands.holds('the voucher is shown');
    await hands.use('button', '未到账，退回', { key: 'Shift+Tab' });
    await hands.use('button', '退回凭证', { most: 8 });
    await page.getByText('请选择原因').waitFor();
    await page.locator('#reason:focus').waitFor();
    await hands.press('Escape');
    await back('未到账，退回');
    await hands.use('button', '确认到账', { key: 'Shift+Tab', most: 1 });
    await hands.use('button', '取消', { most: 8 });
    await back('确认到账');
    await hands.press('Enter');
    await page.getByRole('dialog').waitFor();
    await hands.use('button', '确认到账', { most: 8 });
    await told(`订单 ${order.orderNo} 的汇款已确认到账`);
    assert.equal((await order.order()).payment.state, 'paid');
    assert.deepEqual(page.faults, []);
  });

  step('a reviewer takes the order and approves it', async () => {
    await comes('reviewer', '待审核');
    await hands.press('n');
    await page.getByRole('heading', { level: 1, name: `审核 ${order.orderNo}` }).waitFor();
    await page.getByRole('region', { name: '审核结论' }).waitFor();
    await until('the papers', () => page.evaluate(() => [...document.querySelectorAll('.thumb img')].filter((i) => i.complete && i.naturalWidth > 100).length >= 3));
    await hands.round();
    await hands.press('?');
    await page.getByRole('heading', { name: '键盘快捷键' }).waitFor();
    await hands.press('Escape', 'a');
    await hands.use('button', '仅通过', { key: 'Shift+Tab', most: 1 });
    await page.getByText(`${order.orderNo} 已通过`).waitFor();
    await hands.holds('the approval');
    assert.deepEqual(page.faults, []);
  });

  step('production stops and starts issuance, and tries again what failed', async () => {
    await order.reaches('issued', 20_000);
    await comes('production', '制证');
    await hands.use('button', '暂停制证');
    await says('reason', '签名机维护', '暂停制证');
    await told('制证已暂停');
    const [c] = await madeMany([{}]);
    const row = `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
    await psql(`UPDATE payment SET received_fen = received_fen - 1 WHERE order_id = ${row}`);
    await hands.use('button', '恢复制证');
    await says('reason', '维护完成', '恢复制证');
    await told('制证已恢复');
    const state = async () => (await psql(`SELECT state FROM orders WHERE id = ${row}`))[0][0];
    await until('the failure', async () => (await state()) === 'issuance_failed', 20_000);
    await hands.toId('state');
    await hands.choose('等待制证');
    await hands.holds('another list');
    await hands.choose('制证失败', 'ArrowUp');
    await hands.use('button', `重新制证 ${c.orderNo}`);
    await says('cause', '款项已补足', '取消');
    await back('重新制证');
    await psql(`UPDATE payment SET received_fen = amount_fen WHERE order_id = ${row}`);
    await hands.press('Enter');
    await says('cause', '。', '重新制证');
    await told('已重新排队');
    await until('the certificate', async () => (await state()) === 'issued', 20_000);
    assert.deepEqual(page.faults, []);
  });

  step('the mail room finds the order, scans waybill and token, and sends', async () => {
    await comes('production', '寄递');
    await page.locator('#tracking_no:focus').waitFor();
    const waybill = trackingNo();
    await hands.toId('find', { key: 'Shift+Tab' });
    await hands.scan(order.orderNo);
    await page.getByRole('heading', { name: order.orderNo }).waitFor();
    await page.locator('#tracking_no:focus').waitFor();
    await hands.scan(waybill.toLowerCase());
    await hands.scan(tokenSerial()); // a scanner waits for nobody
    await back('确认寄出');
    await hands.press('Escape');
    await page.locator('#token_serial:focus').waitFor();
    await hands.press('Enter');
    await back('确认寄出');
    await hands.press('Enter');
    await told(`订单 ${order.orderNo} 已寄出，运单号 ${waybill}`);
    assert.equal((await order.order()).state, 'shipped');
    await hands.round();
    await sound(page, 'keyboard-mail');
    assert.deepEqual(page.faults, []);
  });
});
