// Signing in by password and code, a forgotten password, and the account's own page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { applicant, behaviour, Client, messages, mobile, ok, redis, smsCode, until } from '../api/lib/client.mjs';
import { launch, sound, visit } from './lib/browser.mjs';

let browser, page, who;
const click = (name) => page.getByRole('button', { name, exact: true }).click();
const summary = () => page.locator('.summary:focus').waitFor();

/** The code that comes after what was there before. */
async function codeAfter(phone, act) {
  const before = (await messages(phone)).length;
  await redis('DEL', `limit-code-gap:${phone}`);
  await act();
  return (await until('a code', async () => (await messages(phone)).slice(before).findLast((m) => /验证码\d{6}/.test(m.text)))).text.match(/验证码(\d{6})/)[1];
}
const send = () => page.getByRole('button', { name: /^(重新)?获取验证码|重新获取/ }).click();

before(async () => {
  await behaviour('sms', 'no_limits');
  who = await applicant({ password: 'correct horse battery 9' });
  browser = await launch();
  page = await visit(browser);
});
after(async () => {
  await browser?.close();
  await behaviour('sms', 'normal');
});

test('a wrong password is said in one sentence, the right one leads where one wanted to go', async () => {
  await page.goto('/account');
  await page.waitForURL('**/login?next=*');
  await sound(page, 'login');
  await click('登录');
  await summary();
  await sound(page, 'login-errors');
  await page.locator('#phone').fill(who.phone);
  await page.locator('#password').fill('not-the-password');
  await click('登录');
  await page.getByRole('alert').getByText('账号、密码或验证码不正确').waitFor();
  await page.locator('#password').fill(who.password);
  await click('登录');
  await page.waitForURL('**/account');
  await page.getByText(who.from).waitFor({ state: 'visible' });
  await sound(page, 'account');
});

test('fields that are wrong are named, then the password is changed', async () => {
  const part = page.locator('section', { has: page.locator('#change-password') });
  await part.getByRole('button', { name: '保存新密码' }).click();
  await summary();
  await sound(page, 'account-errors');
  await part.locator('#current_password').fill('not-the-password');
  await part.locator('#password').fill('another horse battery 9');
  await part.getByRole('button', { name: '保存新密码' }).click();
  await part.getByText('当前密码不正确').first().waitFor();
  await part.locator('#current_password').fill(who.password);
  await part.getByRole('button', { name: '保存新密码' }).click();
  await part.getByText('密码已修改').waitFor();
  who.password = 'another horse battery 9';
  await page.reload();
  await page.getByText('本机').waitFor();
});

test('the phone is changed with a code of the new one', async () => {
  const part = page.locator('section', { has: page.locator('#change-phone') });
  const phone = mobile();
  await part.locator('#phone-current_password').fill(who.password);
  await part.locator('#phone').fill(phone);
  await part.getByRole('button', { name: '获取验证码' }).click();
  await part.locator('#sms_code').fill(await smsCode(phone));
  await part.getByRole('button', { name: '保存新手机号' }).click();
  await part.getByText('登录手机号已更换').waitFor();
  await sound(page, 'account-phone-changed');
  who.phone = phone;
});

test('another place is signed out, then all of them', async () => {
  const other = new Client();
  ok(await other.post('/api/v1/sessions', { phone: who.phone, password: who.password }), 201);
  await page.reload();
  await page.getByRole('button', { name: '退出此设备' }).click();
  await page.getByText('已退出该设备').waitFor();
  assert.equal((await other.get('/api/v1/session')).status, 401);
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, 'account-phone');
  await page.setViewportSize({ width: 320, height: 700 });
  await click('特大字号');
  await sound(page, 'account-320-largest');
  await click('标准字号');
  await page.setViewportSize({ width: 1280, height: 900 });
  await click('在所有设备上退出登录');
  await page.waitForURL((url) => url.pathname === '/');
});

test('with a code one gets in; a forgotten password is set anew', async () => {
  await page.goto('/login');
  await click('短信验证码登录');
  await page.locator('#phone').fill(who.phone);
  await page.locator('#sms_code').fill(await codeAfter(who.phone, send));
  await sound(page, 'login-code');
  await click('登录');
  await page.waitForURL('**/orders');
  await click('退出');
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto('/reset-password');
  await page.locator('#phone').fill(who.phone);
  await page.locator('#sms_code').fill(await codeAfter(who.phone, send));
  await page.locator('#password').fill('a third horse battery 9');
  await sound(page, 'reset');
  await click('重设密码');
  await page.waitForURL('**/login?reset=1');
  await page.getByText('密码已重设').waitFor();
  await sound(page, 'login-after-reset');
});

test('the console had nothing to complain of', () => {
  // What the browser writes of every refusal; each was wanted here.
  assert.deepEqual(page.faults.filter((text) => !/status of (401|422)/.test(text)), []);
});
