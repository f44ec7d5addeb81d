// The phone page as people hold it: in WeChat, with a camera, without one, without a connection.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { backOf, behaviour, bringAll, clip, frontOf, hallUrl, idCard, ok, personName, psql } from '../api/lib/client.mjs';
import { launch, signIn, sound, visit } from './lib/browser.mjs';
import { FakeCamera } from './lib/camera.mjs';
import { agree, handset, press, title } from './lib/handset.mjs';

let browser, camera, seenOnce, byFile, other;
const pages = [];

before(async () => {
  camera = new FakeCamera();
  browser = await launch(camera.words);
  [seenOnce, byFile, other] = await bringAll([['awaiting_identity', {}], ['awaiting_identity', { type: 'natural_person' }], ['awaiting_identity', {}]]);
  await camera.prepare(browser, seenOnce.person);
});
after(() => browser?.close());

/** A test whose failure tells what the last page said. */
const it = (name, act) => test(name, () => act().catch(async (error) => {
  throw new Error(`${error.message}\nThe page said:\n${await pages.at(-1)?.locator('body').innerText()}\n${pages.at(-1)?.faults}`, { cause: error });
}));

const phone = async (options) => {
  const page = await handset(browser, options);
  pages.push(page);
  return page;
};
const jpeg = (buffer, name = 'card.jpg') => ({ name, mimeType: 'image/jpeg', buffer });
const said = (page, text) => page.getByRole('alert').getByText(text).waitFor();

/** Everything on it is large enough for a thumb. */
async function reachable(page, name) {
  const small = await page.evaluate(() => [...document.querySelectorAll('button, summary, label, a')].filter((e) => e.checkVisibility())
    .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, { width, height }]) => width < 44 || height < 43.9).map(([text, { width, height }]) => `${text} ${width}x${height}`));
  assert.deepEqual(small, [], `${name}: too small to touch`);
  await sound(page, name);
}

describe('with a camera, in WeChat', () => {
  let page, desk;

  it('opens by the code, which leaves the address at once', async () => {
    desk = await visit(browser);
    await signIn(desk, seenOnce.client);
    const started = desk.waitForResponse((r) => /identity-checks$/.test(r.url()));
    await desk.goto(`/apply/order?no=${seenOnce.orderNo}`);
    const { url } = await (await started).json();
    page = await phone();
    const asked = [];
    page.on('response', (r) => asked.push(r));
    await page.goto(url);
    await title(page, '在线认证');
    assert.equal(new URL(page.url()).hash, '');
    const sizes = await Promise.all(asked.filter((r) => /^http/.test(r.url())).map((r) => r.request().sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    assert.ok(asked.length <= 4, asked.map((r) => r.url()).join(' '));
    assert.ok(bytes <= 15 * 1024, `${bytes} bytes`);
    await reachable(page, 'h5-consent');
  });

  it('asks for the separate consent, and shows all of it', async () => {
    await press(page, '同意，开始认证');
    await said(page, '请先阅读并勾选同意');
    await page.getByText('阅读《人脸信息处理单独同意书》全文').click();
    await page.getByRole('heading', { name: /处理目的|目的/ }).first().waitFor();
    await sound(page, 'h5-consent-open');
    await page.reload();
    camera.sees('dark');
    await agree(page);
    await title(page, '拍摄身份证人像面');
    await desk.getByText('请在手机上继续操作').waitFor();
  });

  it('refuses dark and blurred pictures itself, in words', async () => {
    await page.getByRole('button', { name: '拍照', exact: true }).and(page.locator(':enabled')).click();
    await said(page, '照片太暗');
    await reachable(page, 'h5-dark');
    camera.sees('blurred');
    await page.reload();
    await press(page, '拍照');
    await said(page, '照片模糊');
    await reachable(page, 'h5-blurred');
  });

  it('learns of the wrong side from the server', async () => {
    camera.sees('back');
    await page.reload();
    await behaviour('faceid', 'slow', { action: 'IDCardOCR', times: 1, seconds: 4 });
    await press(page, '拍照');
    await page.getByText('正在识别证件').waitFor();
    await reachable(page, 'h5-reading');
    await page.reload();
    await page.getByText('正在识别证件').waitFor(); // whoever comes back sees what the server does
    await said(page, /人像面照片没有通过：.*不是证件的这一面/);
    await reachable(page, 'h5-wrong-side');
  });

  it('takes both sides, a lost connection and a reload between', async () => {
    camera.sees('front');
    await page.reload();
    await page.getByRole('button', { name: '拍照', exact: true }).and(page.locator(':enabled')).waitFor();
    await page.context().setOffline(true);
    await press(page, '拍照');
    await said(page, '网络中断，照片已保留');
    await reachable(page, 'h5-offline');
    page.faults.length = 0; // that the connection was lost is said in the console, too
    camera.sees('back');
    await page.context().setOffline(false);
    await title(page, '拍摄身份证国徽面');
    await page.getByText('人像面已识别').waitFor();
    await reachable(page, 'h5-back');
    await page.reload();
    await title(page, '拍摄身份证国徽面');
    const began = performance.now();
    await press(page, '拍照');
    await title(page, '人脸识别');
    assert.ok(performance.now() - began < 8000);
    await desk.getByText('身份证正、反面照片已上传').and(desk.locator('.done')).waitFor();
    await reachable(page, 'h5-face');
  });

  it('counts the tries, says why, and passes', async () => {
    await behaviour('faceid', 'liveness_fail', { action: 'LivenessCompare', times: 1 });
    await press(page, '开始人脸识别');
    await page.getByRole('button', { name: '开始录制', exact: true }).and(page.locator(':enabled')).waitFor();
    await reachable(page, 'h5-record');
    await press(page, '开始录制');
    await page.getByText(/1\/2 请(眨眼|张嘴)/).waitFor();
    await sound(page, 'h5-recording');
    await said(page, /人脸识别没有通过：活体检测未通过/);
    await page.getByText('还可以尝试 2 次').waitFor();
    await reachable(page, 'h5-face-again');
    await press(page, '开始人脸识别');
    await press(page, '开始录制');
    await title(page, '认证通过');
    await reachable(page, 'h5-passed');
    await desk.getByRole('heading', { name: '请选择支付方式' }).waitFor();
    assert.equal((await seenOnce.order()).state, 'awaiting_payment');
    assert.deepEqual([...page.faults, ...desk.faults], []);
  });
});

describe('without a camera', () => {
  let page, url;
  const choose = (label, file) => page.getByLabel(label).setInputFiles(file);

  it('says so, and takes photographs of the camera app at 320 px in the largest letters', async () => {
    ({ url } = await byFile.startIdentity());
    page = await phone({ allowed: false, width: 320 });
    await page.addInitScript(() => localStorage.setItem('hall-size', 'largest'));
    await page.goto(url);
    await reachable(page, 'h5-consent-320');
    await agree(page);
    await page.getByText('没有相机权限').waitFor();
    await reachable(page, 'h5-denied');
    await choose('用手机相机拍照', { name: 'words.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
    await said(page, '不是照片');
    await choose('用手机相机拍照', jpeg(await idCard({ side: 'front', name: '测试', id_number: '210102199003070038', quality: 'small' })));
    await said(page, '照片太小');
    await choose('用手机相机拍照', jpeg(await frontOf({ ...byFile.person, name: personName() })));
    await said(page, /姓名与申请表不一致/);
    await choose('用手机相机拍照', jpeg(await frontOf(byFile.person)));
    await title(page, '拍摄身份证国徽面');
    await choose('用手机相机拍照', jpeg(await backOf({ valid_until: byFile.person.id_valid_to })));
    await title(page, '人脸识别');
  });

  it('takes a video of the camera app, but none that is too large', async () => {
    await press(page, '开始人脸识别');
    await page.getByText('没有相机权限').waitFor();
    await reachable(page, 'h5-face-denied');
    await choose('用手机相机录制视频', jpeg(Buffer.alloc(9)));
    await said(page, '不是视频');
    await choose('用手机相机录制视频', { name: 'long.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(6 * 1024 * 1024 + 1) });
    await said(page, /视频 6\.1 MB，超过 6\.0 MB/);
    await sound(page, 'h5-video-large');
    const whole = await clip(), free = Buffer.alloc(6 * 1024 * 1024);
    free.writeUInt32BE(free.length);
    free.write('free', 4);
    await choose('用手机相机录制视频', { name: 'face.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([whole, free]) }); // one that it can make smaller
    await title(page, '认证通过');
    assert.equal((await byFile.order()).state, 'awaiting_payment');
  });

  it('tells whoever scans a used code what to do', async () => {
    const late = await phone();
    await late.goto(url);
    await agree(late);
    await title(late, '二维码已失效');
    await reachable(late, 'h5-used');
    await late.goto('/h5/');
    await late.reload();
    await title(late, '请在电脑上扫码');
    await reachable(late, 'h5-lost');
    const expected = [...page.faults, ...late.faults].filter((text) => !/status of (410|401)/.test(text));
    assert.deepEqual(expected, []);
  });
});

describe('other ways and ends', () => {
  it('goes to the page of a provider that has one, and comes back', async () => {
    const { url } = await other.startIdentity();
    const page = await phone();
    camera.sees('front');
    await page.goto(url);
    await agree(page);
    await psql(`UPDATE identity_check SET state = 'id_card_done' WHERE is_current AND order_id = (SELECT id FROM orders WHERE order_no = '${other.orderNo}')`);
    await page.addInitScript(() => { // an old WeChat on an old iPhone
      delete window.MediaRecorder;
      Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
    });
    await page.reload();
    await press(page, '开始人脸识别');
    await page.getByText('此浏览器不能直接录制').waitFor();
    await reachable(page, 'h5-no-recorder');
    await page.reload();
    await page.route('**/liveness-challenges', (route) => route.fulfill({ status: 201, json: { challenge_id: 'x'.repeat(32), kind: 'hosted', redirect_url: `${hallUrl}/h5/?back=1`, expires_at: new Date(Date.now() + 60_000).toISOString() } }));
    await press(page, '开始人脸识别');
    await page.waitForURL('**/h5/?back=1');
    await title(page, '人脸识别');
    await psql(`UPDATE identity_check SET expires_at = hall_now() - interval '1 second' WHERE is_current AND order_id = (SELECT id FROM orders WHERE order_no = '${other.orderNo}')`);
    await page.reload();
    await title(page, '本次认证已失效');
    await reachable(page, 'h5-expired');
    assert.deepEqual(page.faults, []);
  });

  it('leads whoever shows no face to the check by staff, in English and high contrast too', async () => {
    const { url } = await other.startIdentity();
    const page = await phone();
    await page.goto(url);
    await title(page, '在线认证');
    await page.getByText('字号与语言').click();
    await press(page, '高对比度');
    await press(page, '特大');
    await reachable(page, 'h5-settings');
    await press(page, 'English');
    await title(page, 'Online identity check');
    await reachable(page, 'h5-english');
    await press(page, 'Disagree: check by staff');
    await title(page, 'Check by staff, without a face');
    await sound(page, 'h5-manual');
    await press(page, 'Yes, check by staff');
    await title(page, 'Staff will check');
    await reachable(page, 'h5-manual-done');
    assert.equal((await other.order()).identity_check.state, 'manual_requested');
    const again = ok(await other.client.post(`${other.path}/identity-checks`), 201); // and may change one's mind
    await page.goto(again.url);
    await title(page, 'Online identity check');
    assert.deepEqual(page.faults, []);
  });
});
