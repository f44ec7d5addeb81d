// An organisation's application from 业务办理 to 提交成功 by keyboard alone: nothing here points or clicks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { applicant, backOf, Case, frontOf, makeForm, ok, payQr, Phone } from '../api/lib/client.mjs';
import { launch, signIn, sound, visit } from './lib/browser.mjs';
import { journey } from './lib/steps.mjs';

let browser, page;
const form = makeForm();
const order = new Case({ form });
const keys = async (...names) => { for (const name of names) await page.keyboard.press(name); };
const focused = () => page.evaluate(() => {
  const { id, type, name, textContent, tagName, href } = document.activeElement;
  return { id, type, name, text: textContent.trim().slice(0, 60), tag: tagName, href: href ?? '' };
});

/** Presses Tab until what has the focus fits; answers how often. */
async function tabTo(what, fits, most = 60) {
  for (let n = 1; n <= most; n++) {
    await keys('Tab');
    if (fits(await focused())) return n;
  }
  return assert.fail(`${what} is not reached by ${most} Tabs`);
}
const byId = (id, most) => tabTo(id, (e) => e.id === id, most);
const byText = (text, most) => tabTo(text, (e) => e.text.startsWith(text), most);
const summary = async () => {
  await page.locator('.summary:focus').waitFor();
  assert.match((await focused()).text, /有 \d+ 项需要修改/);
};

/** Goes down a list of choices until this one stands there. */
async function choose(label) {
  for (let i = 0; i < 60; i++) {
    if (await page.evaluate(() => document.activeElement.selectedOptions[0].label) === label) return;
    await keys('ArrowDown');
  }
  assert.fail(`no choice ${label}`);
}

before(async () => {
  order.client = await applicant({ phone: form.handler.mobile });
  browser = await launch();
  page = await visit(browser);
  page.on('filechooser', () => undefined); // the browser is told early that somebody takes them
  await signIn(page, order.client);
});
after(() => browser?.close());

describe('an organisation certificate by keyboard', () => {
  const step = journey(it, () => page);

  step('begins; the summary of errors has the focus and leads to the fields', async () => {
    await page.goto('/apply');
    await page.getByRole('link', { name: '证书新办 辽宁政府采购', exact: true }).waitFor();
    await byText('跳到', 1); // the way past the menu comes first
    await tabTo('证书新办', (e) => /\/apply\/new/.test(e.href));
    await keys('Enter');
    await page.waitForURL('**/apply/new*');
    await page.locator('#next').waitFor();
    await byId('next');
    await keys('Enter');
    await summary();
    await keys('Tab', 'Enter');
    assert.equal((await focused()).id, 'type');
    await keys('Space');
    const fields = await page.locator('form input[type=checkbox]').count() + 2;
    let tabs = 0;
    for (let now = await focused(); now.id !== 'next'; now = await focused()) {
      if (now.type === 'checkbox') await keys('Space');
      await keys('Tab');
      assert.ok(++tabs <= fields + 15, `${tabs} Tabs for ${fields} fields`);
    }
    await keys('Enter');
    await page.waitForURL('**/apply/order?no=*');
    order.orderNo = new URL(page.url()).searchParams.get('no');
  });

  step('fills in the form in the order of its fields', async () => {
    const o = form.organisation, person = form.handler, legal = form.legal_representative;
    const typed = {
      'f-organisation-name': o.name, 'f-organisation-uscc': o.uscc, 'f-organisation-address': '和平区测试街2号', 'f-handler-id_number': person.id_number, 'f-handler-email': person.email,
      'f-handler-name': person.name, 'f-handler-mobile': person.mobile, 'f-legal_representative-name': legal.name, 'f-legal_representative-id_number': legal.id_number, 'f-bank_account-account_number': form.bank_account.account_number,
    };
    const chosen = { 'f-organisation-region': '辽宁省', 'f-organisation-region-1': '沈阳市', 'f-organisation-region-2': '和平区' };
    await page.locator('#f-organisation-name').waitFor();
    await byId('next', 90);
    await keys('Enter');
    await summary();
    await keys('Tab', 'Enter');
    assert.equal((await focused()).id, 'f-organisation-name');
    const fields = await page.locator('form .field').count();
    const done = new Set();
    let tabs = 0;
    for (let now = await focused(); now.id !== 'next'; now = await focused()) {
      const { id } = now;
      if (typed[id] && !done.has(id)) {
        if (await page.evaluate(() => document.activeElement.value) !== typed[id]) await page.keyboard.insertText(typed[id]);
      } else if (chosen[id]) await choose(chosen[id]);
      else if (id === 'f-bank_account-bank_code' && !done.has(id)) {
        await page.keyboard.insertText('工商 沈阳');
        await page.locator('.combo [role=option]').first().waitFor();
        await keys('ArrowDown', 'Enter');
      } else if (now.type === 'checkbox' && await page.evaluate(() => /长期/.test(document.activeElement.getAttribute('aria-label') ?? ''))) await keys('Space');
      done.add(id);
      await keys('Tab');
      assert.ok(++tabs <= fields + 15, `${tabs} Tabs for ${fields} fields, at ${id}`);
    }
    assert.equal(await page.locator('#f-delivery-region-2').evaluate((e) => e.selectedOptions[0].label), '和平区', 'typed once, meant twice');
    await sound(page, 'keyboard-form');
    await keys('Enter');
    await page.getByText('申请信息已确认').waitFor();
  });

  step('prints and uploads', async () => {
    await byText('已打印，去上传');
    await keys('Enter');
    await page.locator('#file-application_form').waitFor();
    for (const kind of order.kinds) {
      const buffer = await order.paper(kind);
      await byId(`file-${kind}`);
      const asked = page.waitForEvent('filechooser');
      await keys('Enter');
      await (await asked).setFiles({ name: `${kind}.jpg`, mimeType: 'image/jpeg', buffer });
      await page.locator(`#file-${kind}-name`).locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
    }
    await byText('下一步');
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await keys('Enter');
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
    await tabTo('支付方式', (e) => e.type === 'radio' && e.name === 'method');
    await keys('Space');
    const { code_url: code } = await (await answer).json();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    await payQr(code);
    await page.getByRole('heading', { name: '证书新办信息提交成功！' }).waitFor();
    await byText('查看办理进度');
    await keys('Enter');
    await page.getByRole('heading', { name: '办理进度' }).waitFor();
    assert.deepEqual(page.faults, []);
  });
});
