// A browser for the tests, and what every page must hold: no fault in the console, nothing that
// axe-core or html-validate objects to, nothing wider than the screen.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { hallUrl } from '../../api/lib/house.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A browser; more: arguments of its own. */
export function launch(more = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...more] });
}

/** A page of a visitor of one's own; page.faults gathers what the console calls an error. */
export async function visit(browser, { width = 1280, height = 900, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', baseURL: hallUrl, ...more });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => { if (message.type() === 'error') page.faults.push(message.text()); });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  return page;
}

/** The browser has the session of this client of the API. */
export async function signIn(page, client) {
  await page.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: hallUrl })));
  await page.addInitScript(() => localStorage.setItem('hall-signed-in', '1'));
}

// What is judged is the page as the browser holds it, so how it was written down does not matter.
const html = new HtmlValidate({ extends: ['html-validate:recommended', 'html-validate:a11y'], rules: {
  'attribute-boolean-style': 'off', 'attribute-empty-style': 'off', 'doctype-style': 'off', 'no-trailing-whitespace': 'off', 'no-autoplay': 'off', 'aria-label-misuse': ['error', { allowAnyNamable: true }], 'void-style': 'off', 'long-title': 'off', 'tel-non-breaking': 'off',
  'prefer-native-element': 'off', // a list that is searched while typing is no select
  'require-sri': 'off', // everything comes from the page's own origin
} });

async function validate(page, name) {
  // A noscript is not there for whoever runs scripts; an empty style is what a picture leaves behind.
  const { results } = await html.validateString((await page.content()).replace(/<noscript>.*?<\/noscript>/gs, '').replaceAll(' style=""', ''));
  assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.ruleId}: ${m.message} (${m.selector})`)), [], `${name}: HTML`);
}

/** Pictures of the page as it is now: as wide as it is, and on a phone. */
async function picture(page, name) {
  const size = page.viewportSize();
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
  if (size.width < 1000) return;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${process.env.SHOTS}/${name}-phone.png`, fullPage: true });
  await page.setViewportSize(size);
}

/** What the guide shows of it, as somebody at a desk sees it first. */
async function guidePicture(page, name) {
  mkdirSync(process.env.GUIDE, { recursive: true });
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  await page.screenshot({ path: `${process.env.GUIDE}/${name}.jpg`, type: 'jpeg', quality: 62, clip: { x: 0, y: 0, width: 1280, height: 860 } });
}

/** The page as it is now has no barrier; SHOTS names a directory for pictures of it. */
export async function sound(page, name) {
  await page.locator('main h1').waitFor(); // no waitForFunction: the pages' CSP forbids eval
  await page.locator('main .loading').first().waitFor({ state: 'detached' }); // all of them: the next one is the first then
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px wider than the screen`);
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const found = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target + ' ' + n.failureSummary).slice(0, 3).join(' | ')))`);
  assert.deepEqual(found, [], `${name}: barriers`);
  await validate(page, name);
  if (process.env.SHOTS) await picture(page, name);
  if (process.env.GUIDE && page.viewportSize().width === 1280) await guidePicture(page, name);
}
