// The staff desk at work: money, bank verification, production, the mail room, figures, the trail,
// administration - as the people there would do it, on a wide screen and on a narrow one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { behaviour, bringTo, creditBank, makeForm, newStaff, ok, psql, sandbox, staff, staffUrl, tokenSerial, trackingNo, until } from '../api/lib/client.mjs';
import { made, madeMany, madeTo } from '../api/lib/made.mjs';
import { readStatement } from '../api/lib/money.mjs';
import { launch, sound, visit } from './lib/browser.mjs';

let browser, transfer;
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

/** No barrier at 390 pixels, where a dialog has least room. */
async function narrow(page, name) {
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, `${name}-390`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** No barrier at 1440 and at 390 pixels. */
async function both(page, name) {
  await sound(page, `${name}-1440`);
  await narrow(page, name);
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const inDialog = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const told = (page, text) => page.locator('.said').getByText(text).waitFor();
const day = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
const rowOf = (page, text) => page.getByRole('row').filter({ hasText: text });

before(async () => {
  transfer = await bringTo('pending_review', { method: 'bank_transfer' });
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
  await narrow(page, 'finance-refuse');
  await inDialog(page, '取消');
  await press(page, '确认到账');
  await sound(page, 'finance-confirm');
  await inDialog(page, '确认到账');
  await told(page, `订单 ${transfer.orderNo} 的汇款已确认到账`);
  assert.equal((await transfer.order()).payment.state, 'paid');
  await sound(page, 'finance-confirmed');
});

test('two people give money back', async () => {
  const page = await at('finance', '/finance?tab=payments');
  await both(page, 'finance-payments');
  await rowOf(page, transfer.orderNo).getByRole('button', { name: /申请退款/ }).click();
  await page.locator('#amount').fill('999.00');
  await inDialog(page, '提交申请');
  await page.getByText('不能超过 261.00 元').waitFor();
  await page.getByText('请填写', { exact: true }).waitFor();
  await narrow(page, 'finance-refund-errors');
  await page.locator('#amount').fill('12.5');
  await page.locator('#reason').fill('多收费用');
  await inDialog(page, '提交申请');
  await told(page, '等待另一名财务员批准');
  await page.getByRole('link', { name: '退款', exact: true }).click();
  await rowOf(page, transfer.orderNo).getByText('等待他人批准').waitFor();
  await both(page, 'finance-refunds');
  const other = await at('finance2', '/finance?tab=refunds&state=requested');
  await rowOf(other, transfer.orderNo).getByRole('button', { name: /^批准/ }).click();
  await sound(other, 'finance-approve');
  await inDialog(other, '批准并退款');
  await told(other, '已批准');
  await rowOf(other, transfer.orderNo).waitFor({ state: 'detached' });
  const [[state]] = await psql(`SELECT f.state FROM refund f JOIN orders o ON o.id = f.order_id WHERE o.order_no = '${transfer.orderNo}'`);
  assert.ok(['created', 'submitted', 'succeeded'].includes(state), state);
});

test('finance corrects an invoice that was refused, and writes down one made elsewhere', async () => {
  const [refused, elsewhere] = [await made(), await made()];
  await behaviour('nuonuo', 'refused', { action: 'requestBillingNew' });
  const failed = (c) => until('the invoice to fail', async () => (await psql(`SELECT 1 FROM invoice i JOIN orders o ON o.id = i.order_id
    WHERE o.order_no = '${c.orderNo}' AND i.state = 'failed'`)).length === 1, 30_000);
  await failed(refused);
  await failed(elsewhere);
  await behaviour('nuonuo', 'normal');
  const page = await at('finance', '/finance?tab=invoices&state=failed');
  await rowOf(page, refused.orderNo).getByText('购方名称与税号不一致').waitFor();
  await both(page, 'finance-invoices');
  await rowOf(page, refused.orderNo).getByRole('button', { name: /^重新开具/ }).click();
  await page.locator('#tax_number').fill('91210102MA0ABCD1XA');
  await inDialog(page, '重新开具');
  await page.locator('#tax_number-error').waitFor();
  await both(page, 'finance-invoice-retry');
  await page.locator('#tax_number').fill('');
  await page.locator('#title').fill('更正后的抬头有限公司');
  await inDialog(page, '重新开具');
  await told(page, '已提交');
  await rowOf(page, elsewhere.orderNo).getByRole('button', { name: /^登记号码/ }).click();
  await page.locator('#number').fill('123');
  await inDialog(page, '登记号码');
  await page.getByText('请填写 20 位数字').waitFor();
  await narrow(page, 'finance-invoice-record');
  await page.locator('#number').fill('26442000000000000009');
  await inDialog(page, '登记号码');
  await told(page, '发票号码已登记');
  await page.locator('#state').selectOption('sent');
  await rowOf(page, elsewhere.orderNo).getByText('26442000000000000009').waitFor();
});

test('what the wallet refused goes to an account whose branch finance finds by keywords', async () => {
  const c = await bringTo('pending_review');
  await behaviour('wechat_pay', 'refund_abnormal');
  await c.cancel();
  await c.reaches('refund_failed', 20_000);
  await behaviour('wechat_pay', 'normal');
  const page = await at('finance', '/finance?tab=refunds&state=failed');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^重新退款/ }).click();
  const { account_name: name, account_number: number } = c.form.bank_account;
  await page.locator('#account_name').fill(name);
  await page.locator('#account_number').fill(number);
  await inDialog(page, '提交申请');
  await page.locator('#bank_code-error').waitFor();
  await page.locator('#bank_code').fill('工商 沈阳');
  await page.locator('#bank_code-list li').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await narrow(page, 'finance-resend');
  await sound(page, 'finance-resend');
  await page.keyboard.press('Enter');
  await page.getByText(/已选择，联行号 \d{12}/).waitFor();
  await inDialog(page, '提交申请');
  await told(page, '等待另一名财务员批准');
});

test('finance reads the statement and the books', async () => {
  const page = await at('finance', '/finance?tab=lines');
  await rowOf(page, transfer.orderNo).first().waitFor();
  await sound(page, 'finance-lines');
  await page.getByRole('link', { name: '对账', exact: true }).click();
  await page.getByText('与支付渠道一致').waitFor();
  await both(page, 'finance-books');
  await psql(`INSERT INTO ledger_difference (kind, number, day, method, order_id, ours_fen, theirs_fen) SELECT 'payment', 'e2e', '${day()}', 'wechat_pay', id, 26100, 25100 FROM orders WHERE order_no = '${transfer.orderNo}'`);
  await page.reload();
  await rowOf(page, 'e2e').getByText('−10.00').waitFor();
  await both(page, 'finance-differences');
  await psql(`DELETE FROM ledger_difference WHERE number = 'e2e'`);
});

test('two people settle a bank verification by hand', async () => {
  const form = makeForm();
  form.bank_account.account_number = `${form.bank_account.account_number.slice(0, -4)}0003`;
  const c = await madeTo('bank_verification_failed', { method: 'wechat_pay', form });
  const judge = async (who) => {
    const page = await at(who, '/bank-verifications?state=failed');
    await rowOf(page, c.orderNo).getByRole('button', { name: /登记结果/ }).click();
    return page;
  };
  const page = await judge('finance');
  await rowOf(page, c.orderNo).getByText('账户状态异常').waitFor();
  await inDialog(page, '登记');
  await page.getByText('请填写', { exact: true }).waitFor();
  await narrow(page, 'bank-judge');
  await page.locator('#note').fill('收到开户行证明，编号2026-7');
  await inDialog(page, '登记');
  await told(page, '等待另一名工作人员登记相同结果');
  await both(page, 'bank');
  const other = await judge('finance2');
  await other.getByText('收到开户行证明，编号2026-7').waitFor();
  await sound(other, 'bank-second');
  await other.locator('#note').fill('已核对证明原件');
  await inDialog(other, '登记');
  await told(other, '金融认证结果已生效');
  await c.reaches(['bank_verified', 'issuing', 'issued']);
});

test('issuance is stopped and started, and what failed is tried again', async () => {
  const page = await at('production', '/issuance');
  await press(page, '暂停制证');
  await sound(page, 'issuance-stop');
  await page.locator('#reason').fill('签名机维护');
  await inDialog(page, '暂停制证');
  await told(page, '制证已暂停');
  await page.getByText('原因：签名机维护').waitFor();
  const [c, waits] = await madeMany([{}, {}]);
  const row = `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
  await psql(`UPDATE payment SET received_fen = received_fen - 1 WHERE order_id = ${row}`);
  await page.locator('#state').selectOption('queued');
  await rowOf(page, waits.orderNo).waitFor();
  await both(page, 'issuance-stopped');
  await press(page, '恢复制证');
  await page.locator('#reason').fill('维护完成');
  await inDialog(page, '恢复制证');
  await told(page, '制证已恢复');
  await until('the failure', async () => (await psql(`SELECT state FROM orders WHERE id = ${row}`))[0][0] === 'issuance_failed', 20_000);
  await page.locator('#state').selectOption('failed');
  await rowOf(page, c.orderNo).getByText('款项未到账或不足').waitFor();
  await both(page, 'issuance-failed');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^退回修改/ }).click();
  await page.locator('#add').selectOption('organisation_name_differs');
  await page.locator('#reason-0').waitFor();
  await narrow(page, 'issuance-return');
  await inDialog(page, '取消');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^无法制证/ }).click();
  await sound(page, 'issuance-refuse');
  await inDialog(page, '取消');
  await psql(`UPDATE payment SET received_fen = amount_fen WHERE order_id = ${row}`);
  await rowOf(page, c.orderNo).getByRole('button', { name: /^重新制证/ }).click();
  await page.locator('#cause').fill('款项已补足');
  await inDialog(page, '重新制证');
  await told(page, '已重新排队');
  await until('the certificate', async () => (await psql(`SELECT state FROM orders WHERE id = ${row}`))[0][0] === 'issued', 20_000);
});

test('two people revoke a certificate; stuck work is pushed on', async () => {
  const c = await madeTo('issued');
  const revoke = async (who, button) => {
    const page = await at(who, '/issuance?tab=certificates');
    await rowOf(page, c.orderNo).getByRole('button', { name: /^吊销/ }).click();
    return page;
  };
  const page = await revoke('production');
  await page.locator('#reason').selectOption('key_compromise');
  await narrow(page, 'certificates-revoke');
  await inDialog(page, '吊销');
  await told(page, '等待另一名工作人员确认');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^吊销/ }).click();
  await page.getByText('您已提出，等待另一名工作人员确认').waitFor();
  assert.equal(await page.getByRole('button', { name: '同意并执行' }).count(), 0);
  await inDialog(page, '取消');
  const other = await revoke('administrator');
  await other.getByText('已提出吊销：密钥泄露').waitFor();
  await sound(other, 'certificates-second');
  await inDialog(other, '同意并执行');
  await told(other, '证书已吊销');
  await rowOf(other, c.orderNo).getByText('已吊销').waitFor();
  await both(other, 'certificates');
  const [[job]] = await psql(`INSERT INTO job (kind, key, state, attempts, failure, due_at) VALUES ('RESCUE', 'e2e/stuck', 'parked', 8, '多次尝试均未成功', hall_now() + interval '1 day') RETURNING id`);
  await page.goto('/issuance?tab=stuck');
  await rowOf(page, '找回遗漏任务').waitFor();
  await both(page, 'stuck');
  await rowOf(page, '找回遗漏任务').getByRole('button', { name: /^重试/ }).click();
  await sound(page, 'stuck-retry');
  await inDialog(page, '重试');
  await told(page, '任务已重新排队');
  await psql(`DELETE FROM job WHERE id = ${job}`);
});

test('the mail room binds waybill and token with a scanner alone, and sends again what came back', async () => {
  const [first, c] = [await madeTo('issued'), await madeTo('issued')];
  const waybill = trackingNo();
  const used = tokenSerial();
  ok(await (await staff('production')).post(`${first.adminPath}/shipment`, { carrier: 'sf', tracking_no: trackingNo(), token_serial: used }));
  const page = await at('production', '/parcels');
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  const scan = async (text) => { await page.keyboard.type(text); await page.keyboard.press('Enter'); };
  await page.getByText('扫描绑定').waitFor();
  await page.locator('#find').focus();
  await scan(c.orderNo);
  await until('the order', async () => (await focused()) === 'tracking_no');
  await page.getByRole('heading', { name: c.orderNo }).waitFor();
  await scan('JD123');
  await page.getByText('不是顺丰速运的运单号').waitFor();
  await both(page, 'mail-wrong');
  await until('the waybill again', async () => (await focused()) === 'tracking_no');
  await scan(waybill.toLowerCase());
  await until('the token', async () => (await focused()) === 'token_serial');
  await scan(used);
  await until('the question', async () => (await focused()) === '确认寄出');
  await sound(page, 'mail-ask');
  await page.keyboard.press('Enter');
  await page.getByText('该介质已随其他订单寄出').waitFor();
  await until('the token again', async () => (await focused()) === 'token_serial');
  await sound(page, 'mail-taken');
  await scan(tokenSerial());
  await until('the question', async () => (await focused()) === '确认寄出');
  await page.keyboard.press('Enter');
  await told(page, `订单 ${c.orderNo} 已寄出，运单号 ${waybill}`);
  await until('the next order', async () => (await focused()) === 'tracking_no' || (await page.getByText('没有待寄出的订单').count()) > 0);
  await sound(page, 'mail-sent');

  await page.getByRole('link', { name: '在途', exact: true }).click();
  await rowOf(page, c.orderNo).getByText(waybill).waitFor();
  await both(page, 'mail-moving');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^登记异常/ }).click();
  await page.locator('#reason').selectOption('parcel_returned');
  await page.locator('#note').fill('收件人搬迁');
  await sound(page, 'mail-trouble');
  await inDialog(page, '登记');
  await told(page, '已登记为快递异常');
  const owner = await c.client.put(`${c.path}/delivery-address`, c.form.delivery);
  ok(owner);
  await page.getByRole('link', { name: '异常', exact: true }).click();
  await rowOf(page, c.orderNo).getByText('地址已确认').waitFor();
  await both(page, 'mail-exception');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^补制/ }).click();
  await sound(page, 'mail-reissue');
  await inDialog(page, '取消');
  await rowOf(page, c.orderNo).getByRole('button', { name: /^重新寄出/ }).click();
  await sound(page, 'mail-resend');
  await inDialog(page, '封签完好，重新寄出');
  await told(page, '已回到待寄出');
  const auditor = await at('auditor', '/parcels');
  await auditor.getByText('收件信息仅制证员可见').waitFor();
  assert.equal(await auditor.getByText(c.form.delivery.address).count(), 0);
});

/** Rows of a CSV file as a spreadsheet reads them. */
function readCsv(text) {
  const rows = [];
  for (const line of text.trimEnd().split('\r\n')) rows.push([...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare));
  return rows;
}
async function csvOf(page, act) {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  const text = readFileSync(await file.path(), 'utf8');
  assert.equal(text[0], '\ufeff', 'Excel knows it by its mark');
  return { name: file.suggestedFilename(), rows: readCsv(text.slice(1)) };
}

test('figures are shown, charted, and taken away as a table', async () => {
  const page = await at('administrator', '/statistics');
  await page.getByRole('img', { name: '每日提交量（件）' }).waitFor();
  await both(page, 'statistics');
  const { name, rows } = await csvOf(page, () => page.getByRole('button', { name: '导出 CSV 每日提交量（件）' }).click());
  assert.match(name, /^每日统计-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(rows[0].slice(0, 4), ['日期', '工作日', '受理', '通过']);
  assert.equal(rows.length, 31);
  const [[submitted, fen]] = await psql(`SELECT (SELECT count(*) FROM orders WHERE submitted_at <= hall_now()), (SELECT sum(received_fen) FROM payment WHERE paid_at IS NOT NULL)`);
  assert.equal(rows.slice(1).reduce((sum, row) => sum + Number(row[2]), 0), Number(submitted));
  assert.equal(Math.round(rows.slice(1).reduce((sum, row) => sum + 100 * Number(row[8]), 0)), Number(fen));
  await press(page, '近 7 天');
  await page.waitForURL(/from=/);
  await page.getByText('数据表').first().click();
  await sound(page, 'statistics-week');
});

test('the trail is searched and verified', async () => {
  const page = await at('auditor', '/audit');
  await rowOf(page, '登录').first().waitFor();
  await press(page, '立即核验');
  await page.getByText(/全部完整：共核验 \d+ 条记录/).waitFor();
  await both(page, 'audit');
  await page.locator('#order_no').fill(transfer.orderNo);
  await press(page, '查询');
  await page.waitForURL(new RegExp(transfer.orderNo));
  await rowOf(page, '创建业务单').waitFor();
  await sound(page, 'audit-order');
  await psql(`ALTER TABLE audit_event DISABLE TRIGGER USER; UPDATE audit_event SET detail = '{"note": "=1+1"}' WHERE stream = 'orders/${transfer.orderNo}' AND seq = 1; ALTER TABLE audit_event ENABLE TRIGGER USER`);
  try {
    await press(page, '立即核验');
    await page.getByText(`event 1 of orders/${transfer.orderNo} was changed`).waitFor();
    await sound(page, 'audit-broken');
    await page.reload();
    await rowOf(page, '创建业务单').waitFor();
    const { rows } = await csvOf(page, () => press(page, '导出本页 CSV'));
    assert.ok(rows.some((row) => row[5] === transfer.orderNo));
    assert.ok(!rows.flat().some((cell) => /^[=+@-]./.test(cell)), 'no formula');
  } finally {
    await psql(`ALTER TABLE audit_event DISABLE TRIGGER USER; UPDATE audit_event SET detail = '{}' WHERE stream = 'orders/${transfer.orderNo}' AND seq = 1; ALTER TABLE audit_event ENABLE TRIGGER USER`);
  }
  await page.locator('#order_no').fill('20200101000000000');
  await press(page, '查询');
  await page.getByText('没有符合条件的记录').waitFor();
});

test('an administrator adds somebody, and gives codes anew', async () => {
  const page = await at('administrator', '/staff');
  await both(page, 'staff');
  await page.getByRole('button', { name: '新增人员' }).click();
  await inDialog(page, '新增人员');
  await page.getByText('请至少选择一个角色').waitFor();
  await sound(page, 'staff-errors');
  const username = `e2e${Date.now() % 1e8}`;
  await page.locator('#username').fill(username);
  await page.locator('#name').fill('测试新人');
  await press(page, '随机生成');
  await page.getByLabel('审核员').check();
  await narrow(page, 'staff-add');
  await inDialog(page, '新增人员');
  await told(page, '已新增 测试新人');
  await rowOf(page, username).getByText('待首次登录绑定').waitFor();
  await rowOf(page, username).getByRole('button', { name: /^修改/ }).click();
  await page.getByLabel('财务员').check();
  await sound(page, 'staff-edit');
  await inDialog(page, '保存');
  await rowOf(page, username).getByText('审核员、财务员').waitFor();
  await rowOf(page, username).getByRole('button', { name: /^重新绑定/ }).click();
  await sound(page, 'staff-codes');
  await inDialog(page, '重新绑定验证码');
  await told(page, '重新绑定动态验证码');
  await rowOf(page, username).getByRole('button', { name: /^停用/ }).click();
  await inDialog(page, '停用');
  await rowOf(page, username).getByText('停用', { exact: true }).first().waitFor();
});

test('an administrator changes fees, an agreement, reasons and a courier fee', async () => {
  const page = await at('administrator', '/projects?project=ccgp-liaoning-collect');
  await page.locator('#fee-organisation').fill('260.5');
  await both(page, 'projects');
  await press(page, '保存');
  await page.getByRole('dialog').getByText('机构证书每年费用：240.00 → 260.50').waitFor();
  await sound(page, 'projects-ask');
  await inDialog(page, '保存');
  await told(page, '已保存');
  const [[fee]] = await psql(`SELECT fee_per_year_fen FROM project_type WHERE project = 'ccgp-liaoning-collect' AND certificate_type = 'organisation'`);
  assert.equal(fee, '26050');
  await page.locator('#fee-organisation').fill('abc');
  await press(page, '保存');
  await page.getByText('请填写金额，如 240.00').waitFor();
  await sound(page, 'projects-errors');

  await page.goto('/projects?project=ccgp-liaoning-collect&tab=texts');
  await page.locator('#body').fill(`${await page.locator('#body').inputValue()}\n\n补充条款（测试）。`);
  await both(page, 'projects-texts');
  await press(page, '发布新版本');
  await sound(page, 'projects-publish');
  await inDialog(page, '发布新版本');
  await told(page, '已发布');
  await page.getByText(/现行版本 \d{4}-\d\d-\d\d/).waitFor();

  await page.goto('/projects?project=ccgp-liaoning-collect&tab=reasons');
  await page.getByLabel('申请表有涂改').uncheck();
  await both(page, 'projects-reasons');
  await press(page, '保存');
  await inDialog(page, '保存');
  await told(page, '已保存');
  assert.equal((await psql(`SELECT 'form_altered' = ANY (return_reasons) FROM project WHERE code = 'ccgp-liaoning-collect'`))[0][0], 'f');

  await page.getByRole('link', { name: '快递资费', exact: true }).click();
  await rowOf(page, '青海省').getByRole('button', { name: /登记新资费/ }).click();
  await page.locator('#fee').fill('33');
  await narrow(page, 'projects-tariff');
  await inDialog(page, '登记新资费');
  await told(page, '青海省的新资费已登记');
  await rowOf(page, '青海省').getByText('待生效').waitFor();
  await both(page, 'projects-tariffs');
  await press(page, '登记首个资费');
  await inDialog(page, '登记资费');
  await page.locator('#province-error').waitFor();
  await narrow(page, 'projects-tariff-first');
  await page.locator('#province').selectOption({ index: 1 });
  const name = await page.locator('#province option:checked').innerText();
  await page.locator('#fee').fill('48');
  await page.locator('#valid_from').fill(day());
  await inDialog(page, '登记资费');
  await told(page, `${name}的新资费已登记`);
  await rowOf(page, name).getByText('现行').waitFor();
  const auditor = await at('auditor', '/projects');
  await auditor.getByText('修改须由管理员进行').waitFor();
  await sound(auditor, 'projects-read');
});

const ROLES = ['reviewer', 'finance', 'production', 'auditor', 'administrator'];
const EVERYWHERE = ['/', '/reviews', '/reviews?tab=mine', '/identity-checks', '/orders', '/orders?q=nobody', '/finance', '/finance?tab=payments', '/finance?tab=refunds', '/finance?tab=refunds&state=withdrawn', '/finance?tab=lines', '/finance?tab=books',
  '/bank-verifications', '/issuance', '/issuance?tab=certificates', '/issuance?tab=stuck', '/parcels', '/parcels?tab=under-way', '/parcels?tab=exception', '/statistics', '/statistics?from=2026-01-01&to=2026-01-02',
  '/audit', '/audit?order_no=20200101000000000', '/staff', '/projects', '/projects?tab=texts', '/projects?tab=reasons', '/projects?tab=tariffs', '/nowhere'];

test('every page fits in English, in the largest letters, on the narrowest screen, also where there is nothing', async () => {
  const page = await visit(browser, { baseURL: staffUrl, width: 320, height: 640 });
  const { cookies } = await newStaff(...ROLES);
  await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: staffUrl })));
  await page.addInitScript(() => { for (const [name, value] of [['desk', '1'], ['size', 'largest'], ['language', 'en'], ['contrast', 'high']]) localStorage.setItem(`hall-${name}`, value); });
  for (const path of [...EVERYWHERE, `/orders/order?no=${transfer.orderNo}`]) {
    await page.goto(path);
    await sound(page, `narrow${path.replaceAll(/\W+/g, '-')}`);
  }
  pages.set('everybody', page);
});

test('a page says when the hall does not answer, and when it answers again', async () => {
  const page = await at('administrator', '/');
  await page.route('**/api/admin/v1/orders?*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'unavailable', title: '暂时无法办理', detail: '系统繁忙，请稍后再试' }) }));
  await page.goto('/orders');
  await page.getByText('系统繁忙，请稍后再试').waitFor();
  await both(page, 'orders-unavailable');
  await page.unroute('**/api/admin/v1/orders?*');
  await press(page, '重试');
  await rowOf(page, transfer.orderNo).waitFor();
  page.faults = page.faults.filter((text) => !/status of 503/.test(text));
});

test('nothing went wrong on any page', () => {
  // A refusal (a token that is taken) is an answer; the browser calls it an error.
  for (const [who, page] of pages) assert.deepEqual(page.faults.filter((text) => !/status of (?:404|422)/.test(text)), [], who);
});
