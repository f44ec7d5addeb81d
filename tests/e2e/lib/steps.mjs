// What one does on the hall's pages, step by step, in the words that stand on them.
import { Client, smsCode } from '../../api/lib/client.mjs';

export const next = (page, name = '下一步') => page.getByRole('button', { name, exact: true }).click();

/** Province, city and district of a group, as far as they are given. */
export async function region(page, group, names) {
  for (const [i, name] of names.entries()) await page.locator(`#f-${group}-region${i ? `-${i}` : ''}`).selectOption({ label: name });
}

export async function register(page, { phone, name, password }) {
  await page.goto('/register?next=/apply');
  await page.locator('#phone').fill(phone);
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('验证码已发送到').waitFor();
  await page.locator('#sms_code').fill(await smsCode(phone));
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(password);
  await next(page, '注册并登录');
  await page.waitForURL('**/apply');
}

/** The browser's session for the helpers that work without a page. */
export async function sessionOf(page) {
  const client = new Client();
  for (const { name, value } of await page.context().cookies()) client.cookies.set(name, value);
  return client;
}

/** Begins an order of this type ("机构证书", "自然人证书"); answers its number. */
export async function begin(page, type) {
  await page.getByRole('link', { name: '证书新办 辽宁政府采购', exact: true }).click();
  await page.getByLabel(type, { exact: true }).check();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await next(page);
  await page.waitForURL('**/apply/order?no=*');
  return new URL(page.url()).searchParams.get('no');
}

/** Chooses the first branch that these words find. */
export async function bank(page, words) {
  await page.locator('#f-bank_account-bank_code').fill(words);
  await page.locator('.combo [role=option]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

/** Puts what the applicant scanned into the slots of these kinds. */
export async function upload(page, order, kinds = order.kinds) {
  for (const kind of kinds) {
    await page.locator(`#file-${kind}`).setInputFiles({ name: `${kind}.jpg`, mimeType: 'image/jpeg', buffer: await order.paper(kind) });
    await page.locator(`#file-${kind}-name`).locator('xpath=ancestor::section').getByText('已上传，检查合格').waitFor();
  }
}

/** The tab dies; whoever comes back goes by 我的业务单. Answers the new tab, on the order's page. */
export async function killed(page, orderNo) {
  const context = page.context();
  const { faults } = page;
  await page.close();
  const other = await context.newPage();
  other.faults = faults;
  other.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  await other.goto('/orders');
  await other.getByRole('link', { name: orderNo, exact: true }).click();
  await other.getByRole('heading', { name: '办理进度' }).waitFor();
  return other;
}

/** What the order's page offers. */
export const act = (page, name) => page.locator('.acts').getByRole('link', { name, exact: true }).click();

/** A suite whose steps need those before them: a failure tells what the page said, the rest is passed over. */
export function journey(it, page) {
  let broken = false;
  return (name, act) => it(name, async (context) => {
    if (broken) return context.skip('an earlier step failed');
    broken = true;
    await act().catch(async (error) => {
      throw new Error(`${error.message}\nThe page said:\n${await page().locator('body').innerText().catch(() => 'nothing')}\n${page().faults}`, { cause: error });
    });
    broken = false;
  });
}

/** From now on sessionStorage.spent says what one did on this page: {clicks, typed: ids}. A choice from a list is two clicks, a file one. */
export function counted(page) {
  return page.addInitScript(() => {
    const note = (change) => {
      const spent = { clicks: 0, typed: [], ...JSON.parse(sessionStorage.getItem('spent') ?? '{}') };
      change(spent);
      sessionStorage.setItem('spent', JSON.stringify(spent));
    };
    addEventListener('pointerdown', () => note((spent) => { spent.clicks += 1; }), true);
    addEventListener('change', ({ target }) => note((spent) => { spent.clicks += target.type === 'file' ? 1 : target.tagName === 'SELECT' ? 2 : 0; }), true);
    addEventListener('input', ({ target }) => {
      if (/^(?:text|password|tel|email|number|date|textarea|search)$/.test(target.type)) note((spent) => { if (!spent.typed.includes(location.pathname + target.id)) spent.typed.push(location.pathname + target.id); });
    }, true);
  });
}
