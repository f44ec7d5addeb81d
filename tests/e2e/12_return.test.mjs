// What goes wrong on the way and is mended through the pages: an order that comes back, 金融认证 that
// fails, an identity that staff check, a refund that finds no way back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { behaviour, bringAll, makeForm, otherAccount, staff } from '../api/lib/client.mjs';
import { launch, signIn, sound, visit } from './lib/browser.mjs';
import { bank, journey, next } from './lib/steps.mjs';

const LICENCE = { target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰' };
const ADDRESS = { target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '收件地址不完整' };
let browser, page, paper, words, failing, byHand, refund;

before(async () => {
  const form = makeForm();
  form.bank_account.account_number = `${form.bank_account.account_number.slice(0, -4)}0001`; // the sandbox's bank says: another name
  [paper, words, failing, byHand, refund] = await bringAll([['pending_review', {}], ['pending_review', {}], ['pending_review', { form }], ['awaiting_identity', {}], ['pending_review', {}]]);
  await paper.sendBack([LICENCE]);
  await words.sendBack([ADDRESS]);
  await failing.approve();
  await behaviour('wechat_pay', 'refund_abnormal');
  await refund.cancel();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await behaviour('wechat_pay', 'normal');
});

/** The tab of this case's owner, on 我的业务单; page.clicks counts what one clicks on from there. */
async function ownerOf(c) {
  page = await visit(browser);
  await signIn(page, c.client);
  await page.goto('/orders');
  await page.getByRole('link', { name: c.orderNo, exact: true }).click();
  await page.getByRole('heading', { name: '办理进度' }).waitFor();
  page.clicks = 0;
  return page;
}
const click = (role, name) => {
  page.clicks += 1;
  return page.getByRole(role, { name }).click();
};
const licence = (order) => page.locator('#file-business_licence').setInputFiles({ name: 'licence.jpg', mimeType: 'image/jpeg', buffer: order });

describe('an order comes back', () => {
  const step = journey(it, () => page);

  step('for a paper: only that one is asked for, and four clicks are enough', async () => {
    await ownerOf(paper);
    await page.getByRole('heading', { name: '未通过审核，共 1 处需要修改' }).waitFor();
    await sound(page, 'return-order');
    await click('link', /去修改/);
    await page.locator('#file-business_licence').waitFor();
    assert.equal(await page.locator('.drop').count(), 1, 'the papers that were right stay closed');
    await sound(page, 'return-paper');
    await next(page);
    await page.getByRole('alert').getByText('请按退回原因重新上传').waitFor();
    await sound(page, 'return-paper-stale');
    page.clicks += 1; // 选择文件
    await licence(await paper.paper('business_licence', { words: ['--dpi', '150'] }));
    await page.getByText('已更换').waitFor();
    await click('button', '下一步');
    await page.getByRole('heading', { name: '修改完成，重新提交' }).waitFor();
    await sound(page, 'return-resubmit');
    await click('button', '重新提交');
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    assert.ok(page.clicks <= 4, `${page.clicks} clicks`);
    assert.equal((await paper.order()).state, 'pending_review');
    assert.deepEqual(page.faults, []);
  });

  step('for a word in the form: only that field is open, what stood there beside it', async () => {
    await ownerOf(words);
    await click('link', /去修改/);
    await page.locator('#f-delivery-address').waitFor();
    assert.equal(await page.locator('.fields input, .fields select').count(), 1);
    await page.getByText(`原内容：${words.form.delivery.address}`).waitFor();
    await page.locator('#f-delivery-address-error').getByText('收件地址不完整').waitFor();
    await page.locator('#f-delivery-address').fill('和平区测试路100号5楼501室');
    await page.getByText('草稿已自动保存').waitFor();
    await sound(page, 'return-form');
    await page.reload();
    await page.getByText(`原内容：${words.form.delivery.address}`).waitFor();
    assert.equal(await page.locator('#f-delivery-address').inputValue(), '和平区测试路100号5楼501室');
    await click('button', '下一步');
    await page.getByRole('heading', { name: '修改完成，重新提交' }).waitFor();
  });

  step('says what another change asks for, and leads there', async () => {
    await next(page, '上一步');
    await page.goto(`/apply/order?no=${words.orderNo}&step=form`);
    await next(page, '修改其他栏目');
    await page.locator('#f-handler-department').fill('另一部门');
    await page.locator('#f-delivery-address').fill('和平区');
    await page.locator('#f-delivery-address').blur();
    await next(page);
    await page.locator('.summary:focus').waitFor();
    await page.locator('#f-delivery-address').fill('和平区测试路');
    await page.getByText('草稿已自动保存').waitFor();
    await page.locator('#f-delivery-address-warning').getByText('可能无法派送').waitFor();
    await sound(page, 'return-form-all');
    await next(page);
    await next(page, '重新提交');
    await page.getByText('还有以下内容需要完成').waitFor();
    await sound(page, 'return-not-yet');
    await page.getByRole('link', { name: '去打印申请表' }).click();
    await page.getByRole('link', { name: /打开并打印|打印/ }).first().waitFor();
    await next(page, '已打印，去上传');
    await page.getByRole('button', { name: '更换其他资料' }).or(page.locator('#file-application_form')).first().waitFor();
    await page.locator('#file-application_form').setInputFiles({ name: 'form.jpg', mimeType: 'image/jpeg', buffer: await words.paper('application_form') });
    await page.locator('#file-application_form-name').locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    await next(page);
    await next(page, '重新提交');
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    assert.equal((await words.order()).form.handler.department, '另一部门');
    assert.deepEqual(page.faults.filter((text) => !/status of 422/.test(text)), []);
  });
});

describe('other things that go wrong', () => {
  const step = journey(it, () => page);

  step('金融认证 fails, and is repeated with another account', async () => {
    await failing.reaches('bank_verification_failed', 20_000);
    await ownerOf(failing);
    await page.getByText('户名不符').first().waitFor();
    await sound(page, 'bank-failed');
    await click('link', '金融认证');
    await next(page, '提交');
    await page.locator('.summary:focus').waitFor();
    await sound(page, 'bank-again');
    await bank(page, '工商 沈阳');
    await page.locator('#f-bank_account-account_number').fill(otherAccount(failing.form).account_number);
    await next(page, '提交');
    await failing.reaches(['bank_verified', 'issuing', 'issued'], 20_000);
    await page.getByText('已制证').first().waitFor({ timeout: 20_000 });
    await sound(page, 'bank-verified');
    assert.deepEqual(page.faults, []);
  });

  step('an identity is checked by staff, which the page follows', async () => {
    await ownerOf(byHand);
    await click('link', '扫码认证');
    await page.getByRole('img', { name: '在线认证二维码' }).waitFor();
    await next(page, '不使用人脸，选择其他核验方式');
    await sound(page, 'identity-other');
    await next(page, '申请人工核验');
    await page.getByText('已申请人工核验').waitFor();
    await sound(page, 'identity-manual');
    for (const who of ['reviewer', 'reviewer2']) {
      const reply = await (await staff(who)).post(`${byHand.adminPath}/identity-check/result`, { result: 'passed', note: '电话回访，确认本人' });
      assert.ok(reply.status < 300);
    }
    await page.getByRole('heading', { name: '请选择支付方式' }).waitFor();
    assert.deepEqual(page.faults, []);
  });

  step('a refund finds no way back: the applicant names an account', async () => {
    await refund.reaches('refund_failed', 20_000);
    await ownerOf(refund);
    await sound(page, 'refund-failed');
    await click('link', '补填收款账户');
    await page.locator('#f-bank_account-account_number').fill(refund.form.bank_account.account_number);
    await page.locator('#f-bank_account-account_name').fill('别人');
    await next(page, '提交');
    await page.locator('.summary:focus').waitFor();
    await sound(page, 'refund-account');
    await page.locator('#f-bank_account-account_name').fill(refund.form.bank_account.account_name);
    await next(page, '提交');
    await page.getByText('收款账户已提交').waitFor();
    await sound(page, 'refund-named');
    assert.deepEqual(page.faults.filter((text) => !/status of 422/.test(text)), []);
  });
});
