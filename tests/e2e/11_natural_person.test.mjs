// A natural person's certificate through the pages: on the computer and on the phone, paid by bank
// transfer. The tab is killed at every step, and nothing is lost.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Case, makeForm } from '../api/lib/client.mjs';
import { launch, sound, visit } from './lib/browser.mjs';
import { FakeCamera } from './lib/camera.mjs';
import { passByPhone } from './lib/handset.mjs';
import { act, bank, begin, journey, killed, next, region, register, sessionOf, upload } from './lib/steps.mjs';

let browser, camera, page;
const form = makeForm('natural_person');
const { applicant } = form;
const order = new Case({ type: 'natural_person', method: 'bank_transfer', form });

before(async () => {
  camera = new FakeCamera();
  browser = await launch(camera.words);
  await camera.prepare(browser, applicant);
  page = await visit(browser);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});
after(() => browser?.close());

describe('a certificate of a natural person through the pages', () => {
  const step = journey(it, () => page);

  step('registers and begins', async () => {
    await register(page, { phone: applicant.mobile, name: applicant.name, password: 'correct horse battery 9' });
    order.orderNo = await begin(page, '自然人证书');
    order.client = await sessionOf(page);
    await page.locator('#f-applicant-name').waitFor();
    assert.equal(await page.locator('#f-applicant-name').inputValue(), applicant.name);
    await sound(page, 'person-form-empty');
  });

  step('fills in half of the form, is thrown out, and fills in the rest', async () => {
    await page.locator('#f-applicant-id_number').fill(applicant.id_number);
    await page.locator('#f-applicant-id_valid_to').fill(applicant.id_valid_to);
    await page.locator('#f-organisation-name').fill(form.organisation.name);
    await page.locator('#f-organisation-uscc').fill(form.organisation.uscc);
    await page.getByText('草稿已自动保存').waitFor();
    page = await killed(page, order.orderNo);
    await sound(page, 'person-order-draft');
    await act(page, '编辑');
    await page.locator('#f-applicant-id_number').waitFor();
    assert.equal(await page.locator('#f-applicant-id_number').inputValue(), applicant.id_number);
    assert.equal(await page.locator('#f-organisation-uscc').inputValue(), form.organisation.uscc);
    assert.equal(await page.locator('#f-bank_account-account_name').inputValue(), applicant.name, 'the account is the applicant’s own');
    await bank(page, '工商 沈阳');
    await page.locator('#f-bank_account-account_number').fill(form.bank_account.account_number);
    await region(page, 'delivery', ['辽宁省', '沈阳市', '和平区']);
    await page.locator('#f-delivery-address').fill('和平区测试路8号3楼');
    await page.getByRole('radio', { name: '不开票' }).check();
    await page.getByText('快递费 21.00 元').waitFor();
    await sound(page, 'person-form');
    await next(page, '确认并打印申请表');
    await page.getByText('申请信息已确认').waitFor();
    await sound(page, 'person-print');
  });

  step('prints, uploads one paper, is thrown out, and uploads the other', async () => {
    page = await killed(page, order.orderNo);
    await act(page, '上传资料');
    await upload(page, order, ['application_form']);
    page = await killed(page, order.orderNo);
    await act(page, '上传资料');
    await page.locator('#file-application_form-name').locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    await upload(page, order, ['seal_collection_form']);
    await sound(page, 'person-documents');
    await next(page);
    await page.getByRole('img', { name: '在线认证二维码' }).waitFor();
  });

  step('is checked on the phone, which the computer follows', async () => {
    page = await killed(page, order.orderNo);
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await act(page, '扫码认证');
    const phone = await passByPhone(browser, camera, (await (await started).json()).url);
    await page.getByRole('heading', { name: '请选择支付方式' }).waitFor();
    assert.deepEqual(phone.faults, []);
  });

  step('copies our account, hands in the voucher after being thrown out again', async () => {
    await page.getByLabel(/公对公|转账/).check();
    await page.getByRole('heading', { name: /上传汇款凭证|汇款凭证/ }).first().waitFor();
    await sound(page, 'person-transfer');
    const { beneficiary, amount_fen: amount } = await order.openPayment('bank_transfer');
    const copies = page.getByRole('button', { name: /^复制/ });
    for (const [i, text] of [beneficiary.account_name, beneficiary.account_number, beneficiary.bank, (amount / 100).toFixed(2), beneficiary.memo].entries()) {
      await copies.nth(i).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
    }
    await page.getByText('已复制').first().waitFor();
    await next(page, '提交汇款凭证');
    await page.locator('.summary:focus').waitFor();
    await sound(page, 'person-transfer-errors');
    await page.locator('#bank_reference').fill('20261122000123');
    await upload(page, order, ['payment_voucher']);
    page = await killed(page, order.orderNo);
    await act(page, '支付');
    await page.locator('#bank_reference').waitFor();
    assert.equal(await page.locator('#bank_reference').inputValue(), '20261122000123');
    assert.equal(await page.locator('#payer_name').inputValue(), applicant.name);
    await page.locator('#file-payment_voucher-name').locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    await sound(page, 'person-voucher');
    await next(page, '提交汇款凭证');
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await sound(page, 'person-result');
    assert.equal((await order.order()).state, 'pending_review');
    assert.deepEqual(page.faults, []);
  });
});
