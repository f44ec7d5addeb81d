// A natural person's whole way by keyboard alone: registration, the form, the phone page without a
// camera, payment, an order that comes back, 金融认证 that fails. Nothing here points or clicks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { backOf, Case, clip, frontOf, makeForm, payQr } from '../api/lib/client.mjs';
import { card } from '../api/lib/data.mjs';
import { launch, sound, visit } from './lib/browser.mjs';
import { Hands, register } from './lib/hands.mjs';
import { handset, title } from './lib/handset.mjs';
import { journey, sessionOf } from './lib/steps.mjs';

const FORM = { target: 'documents/application_form', code: 'form_unclear', text: '申请表扫描不清晰' };
const ADDRESS = { target: 'form', pointer: '/delivery/address', code: 'delivery_unclear', text: '收件地址不完整' };
let browser, page, hands, phone;
const form = makeForm('natural_person');
const { applicant } = form;
const order = new Case({ type: 'natural_person', form });

/** A card whose holder has another name, as the sandbox's bank says of numbers that end so. */
function wrongCard() {
  for (;;) {
    const number = `${card().slice(0, -4)}0001`;
    const sum = [...number].reverse().reduce((s, d, i) => s + (i % 2 ? (d * 2) % 10 + Math.floor((d * 2) / 10) : Number(d)), 0);
    if (sum % 10 === 0) return number;
  }
}

before(async () => {
  form.bank_account.account_number = wrongCard();
  browser = await launch(['--use-fake-device-for-media-stream']); // a phone has a camera, which it may be told not to show
  page = await visit(browser);
  hands = new Hands(page);
});
after(() => browser?.close());

describe('a natural person by keyboard', () => {
  const step = journey(it, () => phone ?? page);

  step('comes to the hall and registers', async () => {
    await register(hands, { phone: applicant.mobile, name: applicant.name, password: 'correct horse battery 9' });
  });

  step('chooses the project and begins', async () => {
    await hands.use('link', '证书新办 辽宁政府采购');
    await page.locator('#next').waitFor();
    await hands.begun();
    const fields = await page.locator('form input[type=checkbox]').count() + 2;
    await hands.toId('type');
    await hands.through('next', fields, async (at) => {
      if (at.id === 'type') await hands.press('Space', 'ArrowDown'); // the second kind
      else if (at.type === 'checkbox') await hands.press('Space');
    });
    assert.ok(await page.getByLabel('自然人证书', { exact: true }).isChecked());
    await hands.press('Enter');
    await page.waitForURL('**/apply/order?no=*');
    order.orderNo = new URL(page.url()).searchParams.get('no');
    order.client = await sessionOf(page);
  });

  step('fills in the form in the order of its fields', async () => {
    await page.locator('#f-applicant-name').waitFor();
    await hands.begun();
    const typed = {
      'f-applicant-id_number': applicant.id_number, 'f-organisation-name': form.organisation.name, 'f-organisation-uscc': form.organisation.uscc,
      'f-bank_account-account_number': form.bank_account.account_number, 'f-delivery-address': '测试路1号', 'f-applicant-email': applicant.email,
    };
    const chosen = { 'f-delivery-region': '辽宁省', 'f-delivery-region-1': '沈阳市', 'f-delivery-region-2': '和平区' };
    const fields = await page.locator('form .field').count();
    await hands.through('next', fields, async (at) => {
      if (typed[at.id]) await hands.type(typed[at.id]);
      else if (chosen[at.id]) await hands.choose(chosen[at.id]);
      else if (at.id === 'f-applicant-id_valid_to') await page.keyboard.type('12312040'); // Debian's browser asks in this order
      else if (at.id === 'f-bank_account-bank_code') {
        await hands.type('工商 沈阳');
        await page.locator('.combo [role=option]').first().waitFor();
        await hands.press('ArrowDown', 'Enter');
      }
    });
    await hands.press('Enter');
    await page.getByText('申请信息已确认').waitFor();
    assert.equal((await order.order()).form.applicant.id_valid_to, '2040-12-31');
    await hands.begun();
  });

  step('looks at what is printed, and uploads it', async () => {
    await hands.use('button', /^预览.*申请表/);
    await page.locator('iframe.preview').waitFor();
    await hands.press('Enter');
    await page.locator('iframe.preview').waitFor({ state: 'detached' });
    await hands.use('button', '已打印，去上传', { most: 15 });
    await page.locator('#file-application_form').waitFor();
    await hands.begun();
    for (const kind of order.kinds) {
      const scan = await order.paper(kind);
      await hands.toId(`file-${kind}`);
      await hands.file(`${kind}.jpg`, 'image/jpeg', scan);
      await page.locator(`#file-${kind}-name`).locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
      await page.locator(`#file-${kind}:focus`).waitFor(); // whoever waits for the verdict stays where it is
    }
  });

  step('is checked on the phone without a camera', async () => {
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await hands.use('button', '下一步');
    const { url } = await (await started).json();
    await hands.begun();
    phone = await handset(browser, { allowed: false });
    const thumbs = new Hands(phone);
    await phone.goto(url);
    await title(phone, '在线认证');
    await thumbs.use('button', '同意，开始认证');
    await phone.getByRole('alert').getByText('请先阅读并勾选同意').waitFor();
    await phone.locator('#consent:focus').waitFor();
    await thumbs.press('Space');
    await thumbs.use('button', '同意，开始认证');
    for (const [screen, bytes] of [['拍摄身份证人像面', await frontOf(applicant)], ['拍摄身份证国徽面', await backOf({ valid_until: applicant.id_valid_to })]]) {
      await title(phone, screen);
      await phone.locator('h1:focus').waitFor();
      await phone.getByText('没有相机权限').waitFor();
      await thumbs.use('button', '重新打开相机');
      await phone.getByText('没有相机权限').waitFor();
      await thumbs.holds('the camera was refused again');
      await thumbs.until('the file picker', (at) => at.type === 'file');
      await thumbs.file('words.jpg', 'image/jpeg', Buffer.from('no picture'));
      await phone.getByRole('alert').getByText('不是照片').waitFor();
      await thumbs.file('card.jpg', 'image/jpeg', bytes); // the picker still has the focus
    }
    await title(phone, '人脸识别');
    await phone.locator('h1:focus').waitFor();
    await thumbs.use('button', '开始人脸识别');
    await phone.getByText('没有相机权限').waitFor();
    await thumbs.until('the file picker', (at) => at.type === 'file');
    await thumbs.file('face.mp4', 'video/mp4', await clip());
    await title(phone, '认证通过');
    await phone.locator('h1:focus').waitFor();
    assert.deepEqual(phone.faults, []);
    await phone.context().close();
    phone = null;
    await page.getByRole('heading', { name: '请选择支付方式' }).waitFor();
    await hands.begun();
  });

  step('pays', async () => {
    const answer = page.waitForResponse(async (r) => /\/payments\/[^/]+(\?|$)/.test(r.url()) && r.status() === 200 && (await r.json()).code_url && (await r.json()).method === 'alipay');
    await hands.until('the ways to pay', (at) => at.type === 'radio' && at.name === 'method');
    await hands.press('Space', 'ArrowDown');
    const { code_url: code } = await (await answer).json();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    await payQr(code);
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await hands.begun();
    await hands.use('link', '查看办理进度');
    await page.getByRole('heading', { name: '办理进度' }).waitFor();
    await hands.begun();
  });

  step('mends what came back, and hands it in again', async () => {
    await order.sendBack([ADDRESS, FORM]);
    await page.getByRole('heading', { name: '未通过审核，共 2 处需要修改' }).waitFor();
    await hands.use('link', /去修改.*收件地址不完整/);
    await page.locator('#f-delivery-address').waitFor();
    await hands.begun();
    await hands.toId('f-delivery-address');
    await hands.press('Control+a');
    await hands.type('和平区测试路100号5楼501室');
    await hands.use('button', '下一步', { most: 1 + 15 });
    await page.getByRole('button', { name: '已打印，去上传' }).waitFor();
    await hands.begun();
    await hands.use('button', '已打印，去上传');
    await page.locator('#file-application_form').waitFor();
    await hands.begun();
    const scan = await order.paper('application_form');
    await hands.toId('file-application_form');
    await hands.file('form.jpg', 'image/jpeg', scan);
    await page.getByText('已更换').waitFor();
    await hands.use('button', '下一步');
    await page.getByRole('heading', { name: '修改完成，重新提交' }).waitFor();
    await hands.begun();
    await hands.use('button', '重新提交');
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await hands.begun();
    assert.equal((await order.order()).state, 'pending_review');
  });

  step('repeats 金融认证 with a card of their own', async () => {
    await order.approve();
    await order.reaches('bank_verification_failed', 20_000);
    await hands.use('link', '查看办理进度');
    await page.getByText('户名不符').first().waitFor();
    await hands.begun();
    await hands.use('link', '金融认证');
    await page.locator('#f-bank_account-account_number').waitFor();
    await hands.begun();
    await hands.use('button', '提交');
    await hands.summary('f-bank_account-account_number');
    await hands.type(card());
    await hands.use('button', '提交', { most: 3 + 15 });
    await page.locator('#f-bank_account-account_number').waitFor({ state: 'detached' });
    await hands.holds('the account was handed in');
    await page.getByText('已制证').first().waitFor({ timeout: 20_000 });
    await sound(page, 'keyboard-issued');
    assert.deepEqual(page.faults, []);
  });
});
