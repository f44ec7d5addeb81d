// An organisation's application from registration to 提交成功 by keyboard alone: nothing here points or clicks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { backOf, Case, frontOf, makeForm, ok, payQr, Phone } from '../api/lib/client.mjs';
import { launch, sound, visit } from './lib/browser.mjs';
import { Hands, register } from './lib/hands.mjs';
import { journey, sessionOf } from './lib/steps.mjs';

let browser, page, hands;
const form = makeForm();
const order = new Case({ form });

before(async () => {
  browser = await launch();
  page = await visit(browser);
  hands = new Hands(page);
});
after(() => browser?.close());

describe('an organisation certificate by keyboard', () => {
  const step = journey(it, () => page);

  step('registers and begins; the summary of errors has the focus and leads to the fields', async () => {
    await register(hands, { phone: form.handler.mobile, name: form.handler.name, password: 'correct horse battery 9' });
    await hands.use('link', '证书新办 辽宁政府采购');
    await page.locator('#next').waitFor();
    await hands.toId('next');
    await hands.press('Enter');
    await hands.summary('type');
    const fields = await page.locator('form input[type=checkbox]').count() + 2;
    await hands.through('next', fields, async (at) => {
      if (at.id === 'type' || at.type === 'checkbox') await hands.press('Space');
    });
    await hands.press('Enter');
    await page.waitForURL('**/apply/order?no=*');
    order.orderNo = new URL(page.url()).searchParams.get('no');
    order.client = await sessionOf(page);
  });

  step('fills in the form in the order of its fields', async () => {
    const o = form.organisation, person = form.handler, legal = form.legal_representative;
    const typed = {
      'f-organisation-name': o.name, 'f-organisation-uscc': o.uscc, 'f-organisation-address': '和平区测试街2号', 'f-handler-id_number': person.id_number, 'f-handler-email': person.email,
      'f-handler-name': person.name, 'f-handler-mobile': person.mobile, 'f-legal_representative-name': legal.name, 'f-legal_representative-id_number': legal.id_number, 'f-bank_account-account_number': form.bank_account.account_number,
    };
    const chosen = { 'f-organisation-region': '辽宁省', 'f-organisation-region-1': '沈阳市', 'f-organisation-region-2': '和平区' };
    await page.locator('#f-organisation-name').waitFor();
    await hands.toId('next', { most: 90 });
    await hands.press('Enter');
    await hands.summary('f-organisation-name');
    const fields = await page.locator('form .field').count();
    await hands.through('next', fields, async (at) => {
      if (typed[at.id] && at.value !== typed[at.id]) await hands.type(typed[at.id]);
      else if (chosen[at.id]) await hands.choose(chosen[at.id]);
      else if (at.id === 'f-bank_account-bank_code') {
        await hands.type('工商 沈阳');
        await page.locator('.combo [role=option]').first().waitFor();
        await hands.press('ArrowDown', 'Enter');
      } else if (at.type === 'checkbox' && /长期/.test(at.text)) await hands.press('Space');
    });
    assert.equal(await page.locator('#f-delivery-region-2').evaluate((e) => e.selectedOptions[0].label), '和平区', 'typed once, meant twice');
    await sound(page, 'keyboard-form');
    await hands.press('Enter');
    await page.getByText('申请信息已确认').waitFor();
  });

  step('prints and uploads', async () => {
    await hands.use('button', '已打印，去上传');
    await page.locator('#file-application_form').waitFor();
    for (const kind of order.kinds) {
      const buffer = await order.paper(kind);
      await hands.toId(`file-${kind}`);
      await hands.file(`${kind}.jpg`, 'image/jpeg', buffer);
      await page.locator(`#file-${kind}-name`).locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    }
    await hands.to('button', '下一步');
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await hands.press('Enter');
    const phone = new Phone(order, await (await started).json());
    ok(await phone.open(), 201);
    ok(await phone.put('front', await frontOf(form.handler)), 202);
    await phone.judged('front');
    ok(await phone.put('back', await backOf()), 202);
    await phone.judged('back');
    await phone.live();
    await page.getByRole('heading', { name: '请选择支付方式' }).waitFor();
  });

  step('pays', async () => {
    const answer = page.waitForResponse(async (r) => /\/payments\/[^/]+(\?|$)/.test(r.url()) && r.status() === 200 && (await r.json()).code_url);
    await hands.until('支付方式', (at) => at.type === 'radio' && at.name === 'method');
    await hands.press('Space');
    const { code_url: code } = await (await answer).json();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    await payQr(code);
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await hands.use('link', '查看办理进度');
    await page.getByRole('heading', { name: '办理进度' }).waitFor();
    assert.deepEqual(page.faults, []);
  });
});
