// `make bench-web`: what the pages weigh, how often they ask, and what Lighthouse says of them,
// beside the aims; nothing here fails for being slow.
//   node scripts/bench/web/web.mjs [--no-lighthouse] [--rounds 3]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { chromium } from 'playwright-core';
import { startHouse } from '../../lib/house.mjs';

const option = (name, value) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? value : Number(process.argv[i + 1]);
};
const rounds = option('rounds', 3);
const wantsLighthouse = !process.argv.includes('--no-lighthouse');
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

const dir = mkdtempSync(`${tmpdir()}/hall-web-`);
const house = await startHouse({ dir: `${dir}/run`, free: true, quiet: true });
Object.assign(process.env, { HALL_URL: house.hallUrl, STAFF_URL: house.staffUrl, SANDBOX_URL: house.sandboxUrl, RUN_DIR: house.dir });
const { applicant, bringTo, Case, ok, staff } = await import('../../../tests/api/lib/client.mjs');

/** Everything of one first visit: requests, and bytes of documents, styles and scripts as they came. */
async function weigh(browser, { url, cookies }) {
  const context = await browser.newContext({ locale: 'zh-CN' });
  if (cookies) {
    await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: new URL(url).origin })));
    await context.addInitScript(() => localStorage.setItem('hall-signed-in', '1'));
  }
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const asked = new Map();
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', ({ requestId, request, type }) => { if (type !== 'Image') asked.set(requestId, { url: request.url, bytes: 0 }); });
  cdp.on('Network.responseReceived', ({ requestId, response }) => { if (asked.has(requestId)) asked.get(requestId).headers = response.encodedDataLength; });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (asked.has(requestId)) asked.get(requestId).bytes = encodedDataLength - (asked.get(requestId).headers ?? 0); });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.locator('h1').first().waitFor();
  const all = [...asked.values()].filter((r) => !r.url.startsWith('data:'));
  const strangers = all.filter((r) => new URL(r.url).origin !== new URL(url).origin).map((r) => r.url);
  await context.close();
  return { requests: all.length, bytes: all.filter((r) => !r.url.includes('/api/')).reduce((sum, r) => sum + r.bytes, 0), strangers };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Median marks of some runs; a run that failed is tried once more. */
async function lighthouseOf({ url, cookies, mobile }, port) {
  const { default: lighthouse, desktopConfig } = await import('lighthouse');
  const runs = [];
  for (let tries = 0; runs.length < rounds && tries < 2 * rounds; tries++) {
    const result = await lighthouse(url, { port, logLevel: 'error', output: 'json', locale: 'zh',
      ...(cookies && { extraHeaders: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } }) }, mobile ? undefined : desktopConfig).catch(() => null);
    const found = result?.lhr;
    if (!found || found.runtimeError) continue;
    runs.push({ ...Object.fromEntries(Object.entries(found.categories).map(([name, { score }]) => [name, Math.round(score * 100)])), cls: found.audits['cumulative-layout-shift'].numericValue,
      failed: Object.values(found.audits).filter((a) => a.score === 0 && a.scoreDisplayMode === 'binary').map((a) => a.id) });
  }
  if (!runs.length) return null;
  const of = (key) => median(runs.map((run) => run[key]));
  return { performance: of('performance'), accessibility: of('accessibility'), 'best-practices': of('best-practices'), seo: of('seo'), cls: of('cls'), failed: runs[0].failed };
}

const line = (cells, widths) => console.log(cells.map((cell, i) => (i ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]))).join('  '));

try {
  const client = await applicant();
  const draft = new Case({ client });
  await draft.begin();
  const waiting = await bringTo('awaiting_identity');
  const phone = ok(await waiting.client.post(`${waiting.path}/identity-checks`, {}), 201).url;
  const desk = await staff('reviewer');
  const pages = [
    { name: 'hall: home', url: `${house.hallUrl}/`, kb: 40, requests: 8, lighthouse: 'both', seo: true },
    { name: 'hall: sign in', url: `${house.hallUrl}/login`, kb: 40, requests: 8, lighthouse: 'mobile', seo: true },
    { name: 'hall: guide', url: `${house.hallUrl}/guide`, kb: 40, requests: 8, lighthouse: 'mobile', seo: true },
    { name: 'hall: the form', url: `${house.hallUrl}/apply/order?no=${draft.orderNo}`, cookies: client.cookies, kb: 40, requests: 10 },
    { name: 'hall: my orders', url: `${house.hallUrl}/orders`, cookies: client.cookies, kb: 40, requests: 10, lighthouse: 'both' },
    { name: 'phone page', url: phone, kb: 15, requests: 4, lighthouse: 'mobile' },
    { name: 'staff: sign in', url: `${house.staffUrl}/`, kb: 60, requests: 8, lighthouse: 'desktop' },
    { name: 'staff: desk', url: `${house.staffUrl}/`, cookies: desk.cookies, kb: 60, requests: 10, lighthouse: 'desktop' },
  ];

  let browser = await chromium.launch({ executablePath, args });
  const widths = [20, 8, 8, 10, 8];
  console.log('First visit, nothing kept: documents, styles and scripts as they come over the line; requests but for pictures, which come as one reads on');
  line(['page', 'KB', 'aim', 'requests', 'aim'], widths);
  for (const page of pages) {
    const { bytes, requests, strangers } = await weigh(browser, page);
    line([page.name, (bytes / 1000).toFixed(1), `≤${page.kb}`, requests, `≤${page.requests}`], widths);
    if (strangers.length) console.log(`  leaves the origin: ${strangers.join(' ')}`);
  }
  await browser.close();

  if (wantsLighthouse) {
    const port = 9222 + (process.pid % 1000);
    browser = await chromium.launch({ executablePath, args: [...args, `--remote-debugging-port=${port}`] });
    console.log(`\nLighthouse, medians of ${rounds}; aims: accessibility and best practices 100, SEO 100 (public pages), CLS ≤ 0.05, performance ≥ 95 (hall on a phone ≥ 80)`);
    const columns = [30, 12, 14, 15, 6, 8];
    line(['page', 'performance', 'accessibility', 'best practices', 'SEO', 'CLS'], columns);
    for (const page of pages)
      for (const mobile of [false, true]) {
        if (!page.lighthouse || ![mobile ? 'mobile' : 'desktop', 'both'].includes(page.lighthouse)) continue;
        const found = await lighthouseOf({ ...page, mobile }, port);
        if (found) line([`${page.name}, ${mobile ? 'phone' : 'desktop'}`, found.performance, found.accessibility, found['best-practices'], page.seo ? found.seo : '–', found.cls.toFixed(3)], columns);
        else console.log(`${page.name}: Lighthouse failed`);
        const bad = (found?.failed ?? []).filter((id) => page.seo || !['is-crawlable', 'meta-description'].includes(id));
        if (bad.length) console.log(`  ${bad.join(', ')}`);
      }
    await browser.close();
  }
} finally {
  await house.stop();
  rmSync(dir, { recursive: true, force: true });
}
