// The hall where nothing is there yet, something is refused, or somebody likes it larger: what the
// journeys do not pass by.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { applicant, bringAll, frontOf, backOf, hallUrl, ok, Phone, psql } from '../api/lib/client.mjs';
import { launch, signIn, sound, visit } from './lib/browser.mjs';
import { next } from './lib/steps.mjs';

const IE = 'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko';
let browser, draft, papers, identity, payment, waiting, delivered;
const pages = [];

before(async () => {
  [draft, papers, identity, payment, waiting, delivered] = await bringAll([['draft', {}], ['awaiting_documents', {}], ['awaiting_identity', {}], ['awaiting_payment', {}], ['pending_review', {}], ['delivered', {}]]);
  browser = await launch();
});
after(() => browser?.close());

/** A visitor, whose tab the message of a failure quotes. */
async function come(c, options = {}) {
  const page = await visit(browser, options);
  if (c) await signIn(page, c.client ?? c);
  pages.push(page);
  return page;
}
const step = (name, act) => it(name, () => act().catch(async (error) => {
  throw new Error(`${error.message}\nThe page said:\n${await pages.at(-1).locator('body').innerText()}\n${pages.at(-1).faults}`, { cause: error });
}));
const leave = async (page, allowed = /^$/) => {
  assert.deepEqual(page.faults.filter((text) => !allowed.test(text)), []);
  await page.context().close();
};
const of = (c, part = '') => `/apply/order?no=${c.orderNo}${part}`;
const slot = (page, kind) => page.locator('section.drop', { has: page.locator(`#file-${kind}`) });

describe('my orders', () => {
  step('says that there are none, and how to begin', async () => {
    const page = await come(await applicant());
    await page.goto('/orders');
    await page.getByText('您还没有业务单').waitFor();
    await sound(page, 'orders-empty');
    await leave(page);
  });

  step('finds by number and name, and says when nothing is found', async () => {
    const page = await come(waiting);
    await page.goto('/orders');
    const field = page.getByRole('searchbox');
    await field.fill(waiting.orderNo.slice(-6));
    await page.keyboard.press('Enter');
    await page.waitForURL('**q=*');
    await page.getByRole('link', { name: waiting.orderNo, exact: true }).waitFor();
    await field.fill('没有这个单位');
    await next(page, '搜索');
    await page.getByText('没有找到与“没有这个单位”有关的业务单').waitFor();
    await sound(page, 'orders-none-found');
    await page.getByRole('link', { name: '清除搜索' }).click();
    await page.getByLabel('状态').selectOption('returned');
    await page.getByText('这里没有业务单').waitFor();
    await page.getByLabel('状态').selectOption('pending_review');
    await page.getByRole('link', { name: waiting.orderNo, exact: true }).waitFor();
    await leave(page);
  });

  step('says what is out of reach, and that a session is over', async () => {
    const page = await come(draft);
    await page.route('**/api/v1/orders?*', (route) => route.abort());
    await page.goto('/orders');
    await page.getByText('网络连接中断').waitFor();
    await sound(page, 'orders-offline');
    await page.unroute('**/api/v1/orders?*');
    await page.context().clearCookies();
    await page.getByRole('link', { name: '待我处理' }).click();
    await page.getByLabel('状态').selectOption('draft');
    await page.getByText('登录已过期').waitFor();
    await sound(page, 'session-over');
    assert.match(page.url(), /next=%2Forders/);
    await leave(page, /ERR_FAILED|status of 401/);
  });

  step('an order is cancelled with a reason, and a parcel that did not come is told', async () => {
    const page = await come(waiting);
    await page.goto(`/orders/order?no=${waiting.orderNo}&do=cancel`);
    await next(page, '确认取消');
    await page.locator('#reason-error').getByText('请填写原因').waitFor();
    await sound(page, 'cancel');
    await leave(page);
    const other = await come(delivered);
    await other.goto(`/orders/order?no=${delivered.orderNo}&do=delivery`);
    await next(other, '未收到或损坏');
    await next(other, '提交');
    await other.locator('#reason-error').getByText('请填写原因').waitFor();
    await sound(other, 'delivery-not');
    await leave(other);
  });
});

describe('the wizard', () => {
  step('searches banks while one types, keeps what could not be saved', async () => {
    const page = await come(draft);
    await page.goto(of(draft));
    const bank = page.locator('#f-bank_account-bank_code');
    await bank.fill('不存在的银行');
    await page.getByText('没有找到，请换一个关键字').waitFor();
    await bank.fill('工商 沈阳');
    await page.locator('.combo [role=option]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await sound(page, 'form-bank');
    await page.keyboard.press('Escape');
    await page.context().setOffline(true);
    await page.locator('#f-organisation-name').fill('沈阳测试断网科技有限公司');
    await page.getByText('没有保存：网络连接中断').waitFor();
    await sound(page, 'form-offline');
    await page.context().setOffline(false);
    await page.getByText('草稿已自动保存').waitFor(); // by itself
    await page.reload();
    assert.equal(await page.locator('#f-organisation-name').inputValue(), '沈阳测试断网科技有限公司');
    await page.locator('#f-organisation-address').fill('和平区测试街9号');
    await page.close({ runBeforeUnload: true }); // before it was saved
    const again = await page.context().newPage();
    pages.push(again);
    await again.goto(of(draft));
    await again.locator('#f-organisation-address').waitFor();
    assert.equal(await again.locator('#f-organisation-address').inputValue(), '和平区测试街9号');
    await leave(page, /ERR_INTERNET_DISCONNECTED/);
  });

  step('takes a dropped file, shows how much has left, and what is wrong with it', async () => {
    const page = await come(papers);
    await page.goto(of(papers, '&step=documents'));
    await page.locator('.drop').first().waitFor();
    await sound(page, 'documents-empty');
    await next(page);
    await page.getByRole('alert').getByText('还没有上传').waitFor();
    const wrong = await papers.paper('business_licence'); // no application form
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 40_000 });
    const dropped = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], '申请表.jpg', { type: 'image/jpeg' }));
      return transfer;
    }, wrong.toString('base64'));
    const form = slot(page, 'application_form');
    await form.dispatchEvent('dragover', { dataTransfer: dropped });
    await form.and(page.locator('.over')).waitFor();
    await form.dispatchEvent('drop', { dataTransfer: dropped });
    await form.getByRole('progressbar').waitFor();
    await sound(page, 'documents-sending');
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await form.locator('.checks .bad').first().waitFor();
    await page.locator('#file-business_licence').setInputFiles({ name: '执照.jpg', mimeType: 'image/jpeg', buffer: await papers.paper('business_licence', { words: ['--dpi', '60'] }) });
    await page.getByText('图片太小').waitFor();
    await page.locator('#file-seal_collection_form').setInputFiles({ name: '采集表.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(2 * 1024 * 1024)]) });
    await page.getByText('有 2.1 MB，超过 2 MB').waitFor();
    await sound(page, 'documents-refused');
    await leave(page, /status of 422/);
  });

  step('follows the phone stage by stage, and offers a new code when one has failed', async () => {
    const page = await come(identity);
    const started = page.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await page.goto(of(identity));
    const phone = new Phone(identity, await (await started).json());
    ok(await phone.open(), 201);
    await page.getByText('手机已扫码').and(page.locator('.done')).waitFor();
    await sound(page, 'identity-scanned');
    ok(await phone.put('front', await frontOf(identity.person)), 202);
    await phone.judged('front');
    ok(await phone.put('back', await backOf({ valid_until: identity.person.id_valid_to })), 202);
    await phone.judged('back');
    await page.getByText('身份证正、反面照片已上传').and(page.locator('.done')).waitFor();
    await sound(page, 'identity-cards');
    await psql(`UPDATE identity_check SET expires_at = hall_now() - interval '1 second' WHERE is_current AND order_id = (SELECT id FROM orders WHERE order_no = '${identity.orderNo}')`);
    await page.reload();
    await page.getByRole('img', { name: '在线认证二维码' }).waitFor(); // one does not have to ask
    await leave(page);
  });

  step('a code that is over can be had anew; each method in turn', async () => {
    const page = await come(payment);
    await page.clock.install();
    await page.goto(of(payment));
    await page.getByLabel(/支付宝支付/).check();
    await page.getByRole('img', { name: '付款二维码' }).waitFor();
    await sound(page, 'pay-alipay');
    await page.clock.fastForward('31:00');
    await page.getByText('付款码已失效').waitFor();
    await sound(page, 'pay-over');
    await page.getByLabel(/公对公转账/).check();
    await page.getByRole('button', { name: /^复制/ }).first().waitFor();
    await leave(page);
  });
});

describe('other faces', () => {
  step('the menu of a phone', async () => {
    const page = await come(draft, { width: 390, height: 844 });
    await page.goto('/apply');
    await next(page, '菜单');
    await page.getByRole('link', { name: '我的业务单' }).first().waitFor();
    await sound(page, 'menu-phone');
    await leave(page);
  });

  const phone = { width: 390, height: 844 };
  const every = () => [[draft, of(draft)], [papers, of(papers, '&step=documents')], [payment, of(payment)], [delivered, `/orders/order?no=${delivered.orderNo}&do=delivery`]];
  for (const [name, prefs, viewport, more = []] of [['largest', { size: 'largest' }], ['contrast', { contrast: 'high' }, {}, ['/', '/orders']], ['contrast-phone', { contrast: 'high', size: 'large' }, phone], ['english', { language: 'en' }, {}, ['/orders', '/account']]])
    step(`the heaviest pages: ${name}`, async () => {
      for (const [c, path] of [...every(), ...more.map((path) => [draft, path])]) {
        const page = await come(c, viewport);
        await page.addInitScript((all) => { for (const [key, value] of Object.entries(all)) localStorage.setItem(`hall-${key}`, value); }, prefs);
        await page.goto(path);
        await page.locator('main .card, main .tiles').first().waitFor();
        await sound(page, `${name}${path.replace(/no=\d+/, '').replace(/[/?&=]+/g, '-')}`);
        await leave(page);
      }
    });

  step('what is wrong with a field is said in English, too', async () => {
    const page = await come(draft);
    await page.addInitScript(() => localStorage.setItem('hall-language', 'en'));
    await page.goto(of(draft));
    await page.locator('#f-organisation-uscc').fill('91210102MA0ABCD1XA');
    await page.locator('#f-organisation-uscc').blur();
    await page.locator('#f-organisation-uscc-error').getByText(/check/).waitFor();
    await next(page, 'Confirm and print');
    await page.locator('.summary:focus').waitFor();
    assert.doesNotMatch(await page.locator('.summary').innerText(), /\p{Script=Han}|fault_/u);
    await sound(page, 'english-form-errors');
    await leave(page);
  });

  step('what nginx says by itself: no such page, and browsers that are too old', async () => {
    const page = await come(null);
    await page.goto('/nowhere');
    await sound(page, 'not-found');
    await leave(page, /status of 404/);
    const old = await come(null, { userAgent: IE });
    for (const path of ['/', '/orders', '/apply/order?no=1']) {
      await old.goto(path);
      await old.getByRole('heading', { name: '当前浏览器无法办理业务' }).waitFor();
    }
    await old.getByText(/客户服务热线 400-\d+-\d+　服务时间/).waitFor();
    await sound(old, 'old-browser');
    await leave(old);
  });

  step('every answer has its headers, whatever it is', async () => {
    const wanted = ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy'];
    const script = (await (await fetch(hallUrl)).text()).match(/src="(\/a\/[^"]+\.js)"/)[1];
    for (const path of ['/', '/h5/', script, '/old-browser.html', '/robots.txt', '/pictures/form.jpg', '/nowhere', '/.git', '/api/v1/service', '/api/v1/orders', '/api/v1/nothing', '/pki/']) {
      const reply = await fetch(hallUrl + path, { headers: { 'accept-encoding': 'gzip' } });
      const found = Object.fromEntries(reply.headers);
      assert.deepEqual(wanted.filter((name) => !found[name]), [], `${path} ${reply.status}`);
      assert.doesNotMatch(found['content-security-policy'], /unsafe|\*/, path);
      if (path === script) assert.deepEqual([found['cache-control'], found['content-encoding']], ['public, max-age=31536000, immutable', 'gzip']);
    }
  });
});
