// Every page of the hall as a visitor opens it: in few requests, on a wide screen, and on the narrowest in the largest letters.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bringAll } from '../api/lib/client.mjs';
import { launch, signIn, sound, visit } from './lib/browser.mjs';

const MOST_REQUESTS = 8; // of whoever comes for the first time
let browser, paid, draft;

before(async () => {
  [paid, draft] = await bringAll([['pending_review', {}], ['draft', {}]]);
  browser = await launch();
});
after(() => browser?.close());

for (const path of ['/', '/login', '/register', '/reset-password', '/apply', '/guide', '/faq', '/agreement']) {
  test(`${path} is there in ${MOST_REQUESTS} requests`, async () => {
    const page = await visit(browser);
    const asked = [];
    page.on('request', (request) => { // the guide's pictures come as one reads on
      if (request.url().startsWith('http') && request.resourceType() !== 'image') asked.push(new URL(request.url()).pathname);
    });
    await page.goto(path, { waitUntil: 'networkidle' });
    await sound(page, `page${path.replaceAll('/', '-')}`);
    assert.ok(asked.length <= MOST_REQUESTS, asked.join(' '));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test('in English all of it fits, too', async () => {
  const page = await visit(browser, { width: 320, height: 640 });
  await page.addInitScript(() => localStorage.setItem('hall-language', 'en'));
  for (const path of ['/', '/register', '/apply', '/guide']) {
    await page.goto(path);
    await sound(page, `english${path.replaceAll('/', '-')}`);
  }
  await page.context().close();
});

test('no page is wider than 320 px in the largest letters', async () => {
  const page = await visit(browser, { width: 320, height: 640 });
  await page.addInitScript(() => localStorage.setItem('hall-size', 'largest'));
  await signIn(page, paid.client);
  for (const path of ['/', '/apply', '/apply/new', '/orders', `/orders/order?no=${paid.orderNo}`, `/apply/order?no=${paid.orderNo}`, '/account', '/guide', '/agreement', '/nowhere']) {
    await page.goto(path);
    await sound(page, `narrow${path.split('?')[0].replaceAll('/', '-')}`);
  }
  await page.context().close();
  const other = await visit(browser, { width: 320, height: 640 });
  await other.addInitScript(() => localStorage.setItem('hall-size', 'largest'));
  await signIn(other, draft.client);
  await other.goto(`/apply/order?no=${draft.orderNo}`);
  await other.locator('#f-organisation-name').waitFor();
  await sound(other, 'narrow-form');
  await other.getByRole('button', { name: '确认并打印申请表' }).click();
  await other.getByRole('alert').waitFor();
  await sound(other, 'narrow-form-errors');
  assert.deepEqual([...page.faults, ...other.faults].filter((text) => !/status of 404/.test(text)), []);
});
