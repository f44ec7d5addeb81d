// The reviewer's day at the desk: first login, one order after the other by keyboard, reasons,
// resubmission, denial by two, and what each role finds in its menu.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { bringAll, newStaff, ok, personName, psql, staff, staffUrl, totp, until } from '../api/lib/client.mjs';
import { launch, sound, visit } from './lib/browser.mjs';

const WITHIN_MS = 3000; // the measures are 1 s for three papers and 0.5 s for the next order; a busy machine is slower
const SEEN_BY_ALL = ['金融认证', '制证', '寄递'];
const MENUS = { // all of it, and nothing else
  reviewer: ['工作台', '待审核', '人工核验', '订单查询', ...SEEN_BY_ALL], administrator: ['工作台', '人工核验', '订单查询', ...SEEN_BY_ALL, '统计', '人员与角色', '业务项目'],
  finance: ['工作台', '订单查询', '财务', ...SEEN_BY_ALL], production: ['工作台', '订单查询', ...SEEN_BY_ALL], auditor: ['工作台', '订单查询', '财务', ...SEEN_BY_ALL, '统计', '审计记录', '业务项目'],
};

let browser, page, person, policy;
const orders = []; // as they wait in the queue
const took = {};

/** The desk in a browser of one's own, for somebody whom the API has signed in. */
async function deskOf(client, options = {}) {
  const desk = await visit(browser, { baseURL: staffUrl, width: 1440, ...options });
  await desk.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: staffUrl })));
  await desk.addInitScript(() => localStorage.setItem('hall-desk', '1'));
  return desk;
}

const heading = (no) => page.getByRole('heading', { level: 1, name: `审核 ${no}` });
/** Claims the order that the page shows. */
const take = async (desk) => {
  await desk.getByRole('button', { name: '领取并审核' }).click();
  await desk.getByRole('region', { name: '审核结论' }).waitFor();
};
const papersShown = (desk, n = 3) => until('the papers', () => desk.evaluate((want) => [...document.querySelectorAll('.thumb img')].filter((i) => i.complete && i.naturalWidth > 100).length >= want, n));
const timed = async (name, act) => {
  const began = performance.now();
  await act();
  took[name] = Math.round(performance.now() - began);
};
const events = async (c, action) => (await psql(`SELECT e.detail FROM audit_event e JOIN orders o ON o.id = e.order_id WHERE o.order_no = '${c.orderNo}' AND e.action = '${action}'`)).length;
/** What refusals that a step provokes leave in the console. */
const expected = (desk, ...statuses) => { desk.faults = desk.faults.filter((text) => !statuses.some((status) => text.includes(`status of ${status}`))); };

let broken = false;
const step = (name, act) => it(name, async (context) => {
  if (broken) return context.skip('an earlier step failed');
  broken = true;
  await act().catch(async (error) => { throw new Error(`${error.message}\nThe page said:\n${await page.locator('main').innerText()}\n${page.faults}`, { cause: error }); });
  broken = false;
});

before(async () => {
  [[policy]] = await psql(`SELECT second_review FROM project WHERE code = 'ccgp-liaoning'`);
  await psql(`UPDATE project SET second_review = second_review || '{"random_percent": 0}' WHERE code = 'ccgp-liaoning'`);
  const made = await bringAll([...Array(5).fill(['pending_review', {}]), ['pending_review', { type: 'natural_person', method: 'alipay' }], ['awaiting_identity', {}]]);
  const last = made.pop();
  const places = (await psql('SELECT order_no FROM orders ORDER BY submitted_at, id')).flat();
  orders.push(...made.sort((a, b) => places.indexOf(a.orderNo) - places.indexOf(b.orderNo)));
  orders.push(last);
  const mine = orders.map((c) => `'${c.orderNo}'`).join();
  await psql(`UPDATE orders SET submitted_at = submitted_at + interval '1 day', returned_times = 0
    WHERE state IN ('pending_review', 'pending_second_review') AND order_no NOT IN (${mine})`); // what others left in the queue comes later
  await psql(`UPDATE orders SET second_review = (order_no = '${orders[5].orderNo}') WHERE order_no IN (${mine})`);
  person = { username: `t${randomUUID().slice(0, 8)}`, password: `pass-${randomUUID()}`, name: personName() };
  ok(await (await staff('administrator')).post('/api/admin/v1/staff', { ...person, roles: ['reviewer'] }), 201);
  browser = await launch();
  page = await visit(browser, { baseURL: staffUrl, width: 1440 });
});
after(async () => {
  await browser?.close();
  if (policy) await psql(`UPDATE project SET second_review = '${policy}' WHERE code = 'ccgp-liaoning'`);
});

describe('the reviewer\'s day', () => {
  step('sets up one-time codes at the first login, and comes to the page asked for', async () => {
    await page.goto('/reviews');
    await page.waitForURL('**/login?next=*');
    await sound(page, 'desk-login');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    assert.equal(await page.evaluate(() => document.activeElement.className), 'summary');
    await sound(page, 'desk-login-errors');
    await page.locator('#username').fill(person.username);
    await page.locator('#password').fill(person.password);
    await page.locator('#totp').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '绑定动态验证码' }).waitFor();
    expected(page, 401);
    await sound(page, 'desk-enrolment');
    const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '');
    await page.locator('#totp').fill(totp(secret) === '000000' ? '000001' : '000000');
    await page.keyboard.press('Enter');
    await page.getByText('验证码不正确').waitFor();
    expected(page, 401);
    await page.locator('#totp').fill(totp(secret));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/reviews');
    await page.getByRole('link', { name: orders[0].orderNo, exact: true }).waitFor();
    await sound(page, 'reviews');
  });

  step('takes the next order and sees its papers beside its data', async () => {
    await timed('page', async () => {
      await page.keyboard.press('n');
      await heading(orders[0].orderNo).waitFor();
      await papersShown(page);
    });
    await page.getByText('6 项自动检查全部通过').waitFor();
    await page.getByText('活体认证通过').first().waitFor();
    await page.getByText('运营商实名一致').waitFor();
    await sound(page, 'review');
    await page.keyboard.press('2');
    await page.keyboard.press('+');
    await page.keyboard.press('r');
    await sound(page, 'review-zoomed');
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: '键盘快捷键' }).waitFor();
    await sound(page, 'review-keys');
    await page.keyboard.press('Escape');
  });

  step('reveals a number, which is written down', async () => {
    const line = page.locator('[data-pointer="/handler/id_number"]');
    await line.getByRole('button', { name: '查看' }).click();
    await line.getByText(orders[0].form.handler.id_number).waitFor();
    assert.equal(await events(orders[0], 'revealed'), 1);
  });

  step('approves with two keys, and the next order is there', async () => {
    await page.keyboard.press('a');
    await sound(page, 'review-approve');
    await timed('next', async () => {
      await page.keyboard.press('Enter');
      await heading(orders[1].orderNo).waitFor();
    });
    assert.match(await page.locator('[data-pointer="/handler/id_number"]').innerText(), /\d{6}\*+/); // what was revealed stays with its order
    assert.ok(['bank_verification_pending', 'bank_verified', 'issuing', 'issued'].includes((await orders[0].order()).state));
    assert.ok(took.page < WITHIN_MS && took.next < WITHIN_MS, JSON.stringify(took));
  });

  step('sends back with two coded reasons', async () => {
    await page.keyboard.press('x');
    await page.getByRole('button', { name: '退回修改（0 项）' }).click();
    await page.getByText('请至少选择一项退回原因').waitFor();
    await page.locator('#reason-filter').fill('邮寄');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.locator('#reason-filter').fill('清晰');
    await page.getByRole('group', { name: '单位营业执照复印件' }).getByRole('checkbox').check();
    await sound(page, 'review-reasons');
    await page.getByRole('button', { name: '退回修改（2 项）' }).click();
    await heading(orders[2].orderNo).waitFor();
    const order = await orders[1].order();
    assert.equal(order.state, 'returned');
    assert.deepEqual(order.rejection.reasons.map((r) => [r.target, r.code]).sort(), [['documents/business_licence', 'licence_unclear'], ['form', 'delivery_unclear']]);
  });

  step('leaves a note for colleagues', async () => {
    await page.keyboard.press('m');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('请填写留言').waitFor();
    await page.getByLabel('给同事留言').fill('已电话联系经办人\n周三补寄原件');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('留言已提交').waitFor();
    await page.getByRole('heading', { name: '同事留言 1 条' }).waitFor();
    await page.getByText('周三补寄原件').first().waitFor();
    await sound(page, 'review-note');
    assert.equal(await page.getByLabel('给同事留言').inputValue(), '');
    assert.equal(await events(orders[2], 'noted'), 1);
  });

  step('sees what changed when it comes again', async () => {
    const c = orders[1];
    await c.upload('business_licence', { words: ['--dpi', '150'] });
    await c.fill({ delivery: { address: '测试路1号测试大厦3楼301室' } });
    ok(await c.client.post(`${c.path}/resubmission`));
    await page.keyboard.press('g');
    await page.getByText('已放回队列').waitFor();
    await page.getByRole('link', { name: c.orderNo, exact: true }).click();
    await page.getByRole('button', { name: '领取并审核' }).waitFor();
    await sound(page, 'review-unclaimed');
    await page.keyboard.press('c');
    await page.getByText('与上次审核的内容相比，1 处变化').waitFor();
    await page.getByText('重新上传：单位营业执照复印件').waitFor();
    const line = page.locator('[data-pointer="/delivery/address"]');
    assert.match(await line.innerText(), /301室[\s\S]*已修改[\s\S]*原为 测试路1号3楼/);
    assert.equal(await page.locator('.datum .changed').count(), 1);
    await papersShown(page);
    await sound(page, 'review-again');
    await page.keyboard.press('a');
    await page.getByRole('button', { name: '仅通过' }).click();
    await page.getByText(`${c.orderNo} 已通过`).waitFor();
  });

  step('proposes a denial that somebody else confirms', async () => {
    const c = orders[2];
    await page.goto(`/reviews/order?no=${c.orderNo}`);
    await take(page);
    await page.getByRole('button', { name: '不予受理' }).click();
    await page.getByLabel('常用理由').selectOption({ index: 1 });
    await sound(page, 'review-deny');
    await page.getByRole('button', { name: '提出不予受理' }).click();
    await page.getByText('已提出不予受理').first().waitFor();
    const other = await deskOf(await newStaff('administrator'));
    await other.goto(`/reviews/order?no=${c.orderNo}`);
    await other.getByRole('button', { name: '确认不予受理' }).click();
    await sound(other, 'review-deny-confirm');
    await other.getByRole('dialog').getByRole('button', { name: '确认不予受理' }).click();
    await until('the denial', async () => ['denied', 'refunding', 'refunded'].includes((await c.order()).state));
    assert.deepEqual(other.faults, []);
    await other.context().close();
  });

  step('is told when the order is no longer theirs, and takes it again', async () => {
    const c = orders[3];
    await page.goto('/reviews');
    await page.getByRole('link', { name: c.orderNo, exact: true }).click();
    await take(page);
    await psql(`UPDATE orders SET lease_until = hall_now() - interval '1 second' WHERE order_no = '${c.orderNo}'`);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByText('领取已超时').waitFor();
    expected(page, 409);
    await page.reload();
    await take(page);
    await psql(`UPDATE orders SET lease_until = hall_now() + interval '3 seconds' WHERE order_no = '${c.orderNo}'`);
    await page.reload();
    await page.getByText('领取即将到期').waitFor();
    await page.getByText('领取已到期').waitFor();
    await sound(page, 'review-lease-over');
    await page.getByRole('button', { name: '重新领取' }).click();
    await page.getByText('领取剩余').waitFor();
    await page.keyboard.press('g');
    await page.getByText('已放回队列').waitFor();
  });

  step('a second reviewer decides where the policy wants two', async () => {
    const c = orders[5];
    await page.goto(`/reviews/order?no=${c.orderNo}`);
    await take(page);
    await page.keyboard.press('a');
    await page.getByText('本单须复审').waitFor();
    await page.getByRole('button', { name: '仅通过' }).click();
    await page.getByText('初审通过，等待复审').waitFor();
    const other = await deskOf(await newStaff('reviewer'));
    await other.goto('/reviews?tab=pending_second_review');
    await other.getByRole('link', { name: c.orderNo, exact: true }).click();
    await take(other);
    await other.getByText('初审：通过').waitFor();
    await sound(other, 'review-second');
    await other.keyboard.press('a');
    await other.getByRole('button', { name: '仅通过' }).click();
    await other.getByText(`${c.orderNo} 已通过`).waitFor();
    assert.deepEqual(other.faults, []);
    await other.context().close();
  });

  step('checks by hand who cannot be checked on the phone, with a colleague', async () => {
    const c = orders[6];
    ok(await c.client.post(`${c.path}/identity-check/manual-request`));
    const other = await deskOf(await newStaff('reviewer'));
    for (const [desk, said] of [[page, '等待另一名工作人员核验'], [other, '核验已完成']]) {
      await desk.goto('/identity-checks');
      await desk.getByRole('row').filter({ hasText: c.orderNo }).getByRole('button', { name: '填写结论' }).click();
      await desk.getByRole('button', { name: '提交结论' }).click();
      await desk.getByText('请写明核验经过').waitFor();
      if (desk === other) await desk.getByText('核验经过：视频通话').waitFor();
      if (desk === other) await sound(desk, 'identity-record');
      await desk.getByLabel('身份属实').check();
      await desk.locator('#id-note').fill('视频通话，核对证件原件');
      await desk.getByRole('button', { name: '提交结论' }).click();
      await desk.getByText(said).waitFor();
    }
    assert.equal((await c.order()).identity_check.state, 'passed');
    assert.deepEqual(other.faults, []);
    await other.context().close();
  });

  step('finds orders, and everything about one', async () => {
    await page.goto('/orders');
    await page.locator('#q').fill(orders[1].form.organisation.uscc);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: orders[1].orderNo, exact: true }).waitFor();
    await until('the one order', async () => (await page.locator('tbody tr').count()) === 1);
    await sound(page, 'orders-found');
    await page.getByRole('link', { name: orders[1].orderNo, exact: true }).click();
    await page.getByRole('heading', { name: '审核记录' }).waitFor();
    const seen = await events(orders[1], 'document_seen');
    assert.equal(await page.locator('.thumb').count(), 0); // whole numbers stand on them
    await page.getByRole('button', { name: '查看申请资料' }).click();
    await papersShown(page);
    assert.ok(await events(orders[1], 'document_seen') > seen);
    await page.getByText('辽宁政府采购', { exact: true }).first().waitFor();
    await sound(page, 'order-page');
    await page.goto('/identity-checks');
    await sound(page, 'identity-checks');
    await page.goto('/');
    await sound(page, 'workbench');
  });

  step('shows each role its own menu, on any screen and with any letters', async () => {
    for (const [role, names] of Object.entries(MENUS)) {
      const client = await newStaff(role);
      const narrow = role === 'reviewer';
      const desk = await deskOf(client, { width: narrow ? 390 : 1024 });
      await desk.goto('/');
      if (narrow) await desk.getByRole('button', { name: '菜单' }).click();
      const menu = desk.getByRole('navigation', { name: '主导航' }).getByRole('link');
      await menu.first().waitFor();
      assert.deepEqual((await menu.allInnerTexts()).map((text) => text.split('\n')[0].trim()), names, role); // a number may follow
      await sound(desk, `workbench-${role}`);
      if (!names.includes('待审核')) {
        await desk.goto('/reviews');
        await desk.getByText('您的角色不能使用这个页面').waitFor();
      }
      await desk.goto(`/orders/order?no=${orders[1].orderNo}`);
      await desk.getByRole('heading', { name: '办理过程' }).waitFor();
      await sound(desk, `order-page-${role}`);
      if (narrow) {
        await desk.goto(`/reviews/order?no=${orders[4].orderNo}`);
        await take(desk);
        await papersShown(desk);
        await sound(desk, 'review-narrow');
        await desk.getByRole('button', { name: '特大字号' }).click();
        await desk.getByRole('button', { name: '高对比度' }).click();
        await sound(desk, 'review-narrow-largest');
        await desk.goto('/reviews');
        await sound(desk, 'reviews-narrow-largest');
        await desk.setViewportSize({ width: 1440, height: 900 });
        await desk.goto(`/reviews/order?no=${orders[4].orderNo}`);
        await papersShown(desk);
        await sound(desk, 'review-largest');
        await desk.getByRole('button', { name: 'English' }).click();
        await desk.getByRole('heading', { name: `Review ${orders[4].orderNo}` }).waitFor();
        await sound(desk, 'review-english');
        ok(await client.delete(`${orders[4].adminPath}/claim`), 204);
      }
      assert.deepEqual(desk.faults, []);
      await desk.context().close();
    }
  });

  step('is told in time that a session without work ends', async () => {
    const desk = await deskOf(await newStaff('auditor'));
    await desk.clock.install();
    await desk.goto('/orders');
    await desk.waitForLoadState('networkidle'); // an answer renews the session
    await desk.clock.fastForward('28:30');
    await desk.getByText('登录将在 1:30 后失效').waitFor();
    await desk.getByRole('button', { name: '继续使用' }).click();
    await desk.getByText('登录将在').waitFor({ state: 'detached' });
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
  });

  step('signs in again where the session has ended, and goes on at the same place', async () => {
    await page.goto(`/orders/order?no=${orders[0].orderNo}`);
    await page.getByRole('heading', { name: '办理过程' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: '订单查询' }).click();
    await page.waitForURL('**/login?next=*over=1');
    await page.getByText('登录已失效').waitFor();
    expected(page, 401);
    await sound(page, 'desk-session-over');
    assert.equal(new URL(page.url()).searchParams.get('next'), '/orders');
    assert.deepEqual(page.faults, []);
  });
});
