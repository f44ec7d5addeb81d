// A phone in somebody's hand: the phone page from the code to the end, with the fake camera.
import { hallUrl } from '../../api/lib/client.mjs';
import { visit } from './browser.mjs';

export const WECHAT = 'Mozilla/5.0 (Linux; Android 13; V2241A Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64';

/** A phone; with a camera that may be used, unless told otherwise. */
export async function handset(browser, { allowed = true, ...more } = {}) {
  const page = await visit(browser, { width: 390, height: 844, userAgent: WECHAT, isMobile: true, hasTouch: true, ...more });
  if (allowed) await page.context().grantPermissions(['camera'], { origin: hallUrl });
  return page;
}

export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
export const title = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

export async function agree(page) {
  await title(page, '在线认证');
  await page.getByRole('checkbox').check();
  await press(page, '同意，开始认证');
}

/** The whole check, as it goes when all is well. */
export async function passByPhone(browser, camera, url) {
  const page = await handset(browser);
  camera.sees('front');
  await page.goto(url);
  await agree(page);
  await press(page, '拍照');
  await page.getByText('人像面已识别').waitFor();
  camera.sees('back');
  await page.reload();
  await press(page, '拍照');
  await press(page, '开始人脸识别');
  await press(page, '开始录制');
  await title(page, '认证通过');
  return page;
}
