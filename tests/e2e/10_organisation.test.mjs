// An organisation's certificate through the pages: registration to issue, as a person would click. The
// tab is killed at the steps where 11 does not do it: upload, online check, online payment, result.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { backOf, Case, frontOf, makeForm, payQr, Phone, psql, smsCode } from '../api/lib/client.mjs';
import { launch, sound, visit } from './lib/browser.mjs';
import { act, killed, sessionOf } from './lib/steps.mjs';

let browser, page;
const form = makeForm();
const account = { phone: form.handler.mobile, password: 'correct horse battery 9', name: form.handler.name };
const order = new Case({ form });

const next = (name = '下一步') => page.getByRole('button', { name, exact: true }).click();
const region = async (group, names) => {
  for (const [i, name] of names.entries()) await page.locator(`#f-${group}-region${i ? `-${i}` : ''}`).selectOption({ label: name });
};

/** A step that needs those before it. */
let broken = false;
const step = (name, act) => it(name, async (context) => {
  if (broken) return context.skip('an earlier step failed');
  broken = true;
  await act().catch(async (error) => { throw new Error(`${error.message}\nThe page said:\n${await page.locator('main').innerText()}\n${page.faults}`, { cause: error }); });
  broken = false;
});

before(async () => {
  browser = await launch();
  page = await visit(browser);
});
after(() => browser?.close());

describe('an organisation certificate through the pages', () => {
  step('registers with an SMS code', async () => {
    await page.goto('/register?next=/apply');
    await sound(page, 'register');
    await page.locator('#phone').fill(account.phone);
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('验证码已发送到').waitFor();
    await page.locator('#sms_code').fill(await smsCode(account.phone));
    await page.locator('#name').fill(account.name);
    await page.locator('#password').fill(account.password);
    await page.getByRole('button', { name: '注册并登录' }).click();
    await page.waitForURL('**/apply');
    await sound(page, 'apply');
  });

  step('chooses the project and accepts the agreements', async () => {
    await page.getByRole('link', { name: '证书新办 辽宁政府采购', exact: true }).click();
    await next();
    assert.equal(await page.evaluate(() => document.activeElement.className), 'summary', 'the summary has the focus');
    await sound(page, 'choose-errors');
    await page.getByLabel('机构证书', { exact: true }).check();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await sound(page, 'choose');
    await next();
    await page.waitForURL('**/apply/order?no=*');
    order.orderNo = new URL(page.url()).searchParams.get('no');
    order.client = await sessionOf(page);
  });

  step('names every empty field, and what is wrong beside it', async () => {
    await page.getByRole('button', { name: '确认并打印申请表' }).click();
    await page.getByRole('alert').getByText(/有 \d+ 项需要修改/).waitFor();
    await sound(page, 'form-errors');
    await page.locator('#f-organisation-uscc').fill('91210102MA0ABCD1XA');
    await page.locator('#f-organisation-uscc').blur();
    await page.locator('#f-organisation-uscc-error').getByText('校验位错误').waitFor();
  });

  step('keeps a draft of what is typed', async () => {
    const o = form.organisation, person = form.handler, legal = form.legal_representative;
    await page.locator('#f-organisation-name').fill(o.name);
    await page.locator('#f-organisation-uscc').fill(o.uscc);
    await page.locator('#f-organisation-valid_to').locator('..').getByRole('checkbox').check();
    await region('organisation', ['辽宁省', '沈阳市', '和平区']);
    await page.locator('#f-organisation-address').fill('和平区测试街2号');
    await page.locator('#f-handler-id_number').fill(person.id_number);
    await page.locator('#f-handler-id_valid_to').fill(person.id_valid_to);
    await page.locator('#f-handler-email').fill(person.email);
    await page.locator('#f-legal_representative-name').fill(legal.name);
    await page.locator('#f-legal_representative-id_number').fill(legal.id_number);
    await page.locator('#f-bank_account-bank_code').fill('工商 沈阳');
    await page.locator('.combo [role=option]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('#f-bank_account-account_number').fill(form.bank_account.account_number);
    await page.getByText('草稿已自动保存').waitFor();
    await page.getByText('快递费 21.00 元').waitFor();
    await sound(page, 'form');
    await page.reload();
    await page.locator('#f-organisation-name').waitFor();
    assert.equal(await page.locator('#f-organisation-uscc').inputValue(), o.uscc);
    assert.equal(await page.locator('#f-bank_account-account_name').inputValue(), o.name, 'typed once, meant twice');
    assert.equal(await page.locator('#f-bank_account-account_number').inputValue(), form.bank_account.account_number);
    assert.equal(await page.locator('#f-delivery-recipient').inputValue(), account.name);
    await page.getByRole('button', { name: '确认并打印申请表' }).click();
    await page.getByText('申请信息已确认').waitFor();
    await page.getByRole('button', { name: /^预览/ }).first().click();
    await page.locator('iframe.preview').waitFor();
    await sound(page, 'print-preview');
    await page.getByRole('button', { name: /^收起预览/ }).click();
    await sound(page, 'print');
  });

  step('uploads what was printed, signed and stamped', async () => {
    await next('已打印，去上传');
    await page.locator('#file-application_form').setInputFiles({ name: 'scan.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') });
    await page.getByText('不是 JPG 或 PDF').waitFor();
    const uploaded = (kind) => page.locator(`#file-${kind}-name`).locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    for (const kind of order.kinds) {
      await page.locator(`#file-${kind}`).setInputFiles({ name: `${kind}.jpg`, mimeType: 'image/jpeg', buffer: await order.paper(kind) });
      await uploaded(kind);
    }
    page = await killed(page, order.orderNo);
    await act(page, '上传资料');
    for (const kind of order.kinds) await uploaded(kind);
    assert.ok(await page.locator('.thumb img').first().evaluate((img) => img.decode().then(() => img.naturalWidth > 0)), 'in small');
    await sound(page, 'documents');
    await next();
    await page.getByRole('img', { name: '在线认证二维码' }).waitFor();
    await sound(page, 'identity');
  });

  step('follows the phone and goes on to payment', async () => {
    page = await killed(page, order.orderNo);
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await act(page, '扫码认证');
    const phone = new Phone(order, await (await started).json());
    await page.getByRole('img', { name: '在线认证二维码' }).waitFor();
    await phone.open();
    await page.getByText('请在手机上继续操作').waitFor();
    await phone.put('front', await frontOf(form.handler));
    await phone.judged('front');
    await phone.put('back', await backOf({ valid_until: form.handler.id_valid_to }));
    await phone.judged('back');
    await phone.live();
    await page.getByRole('heading', { name: '请选择支付方式' }).waitFor();
    await sound(page, 'payment');
  });

  step('pays with the other method after a look at the first', async () => {
    await page.getByLabel(/支付宝支付/).check();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    const answer = page.waitForResponse(async (r) => /\/payments\/[^/]+(\?|$)/.test(r.url()) && r.status() === 200 && (await r.json()).code_url && (await r.json()).method === 'wechat_pay');
    await page.getByLabel(/微信支付/).check();
    const { code_url: code } = await (await answer).json();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    await sound(page, 'pay-wechat');
    page = await killed(page, order.orderNo);
    await act(page, '支付');
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    assert.deepEqual(await psql(`SELECT DISTINCT code_url FROM payment y JOIN orders o ON o.id = y.order_id WHERE order_no = '${order.orderNo}' AND y.state = 'pending'`), [[code]], 'the same code, not another');
    await payQr(code);
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await sound(page, 'result');
  });

  step('shows what happens on the order, and what its owner may do', async () => {
    await page.getByRole('link', { name: '查看办理进度' }).click();
    await page.getByRole('heading', { name: '办理进度' }).waitFor();
    page = await killed(page, order.orderNo);
    await sound(page, 'order');
    await order.sendBack([{ target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰' }]);
    await page.getByRole('heading', { name: '未通过审核，共 1 处需要修改' }).waitFor();
    await sound(page, 'returned');
  });

  step('corrects and hands in again', async () => {
    await page.getByRole('link', { name: /去修改/ }).click();
    await page.locator('#file-business_licence').setInputFiles({ name: 'licence.jpg', mimeType: 'image/jpeg', buffer: await order.paper('business_licence', { words: ['--dpi', '150'] }) });
    await next();
    await page.getByRole('button', { name: '重新提交' }).click();
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
  });

  step('receives the certificate', async () => {
    await page.goto('/orders');
    await page.getByRole('link', { name: order.orderNo, exact: true }).waitFor();
    await sound(page, 'orders');
    await page.getByRole('link', { name: order.orderNo, exact: true }).click();
    await order.approve();
    await page.getByText('已制证，待寄出').first().waitFor({ timeout: 30_000 });
    await order.ship();
    await order.deliver();
    await page.getByRole('link', { name: /激活确认/ }).click();
    await sound(page, 'delivery');
    await page.getByRole('button', { name: '已收到，可以使用' }).click();
    await page.getByText('业务已办结').waitFor();
    const invoice = page.getByRole('link', { name: '下载发票' });
    await invoice.waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), invoice.click()]);
    assert.equal(file.suggestedFilename(), `${order.orderNo}-invoice.pdf`);
    await sound(page, 'completed');
    assert.deepEqual(page.faults, []);
  });
});
