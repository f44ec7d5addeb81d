// Hands that never leave the keyboard: they go on with Tab until what has the focus is what they look
// for, and see on the way that the focus is never lost, hidden or invisible.
import assert from 'node:assert/strict';
import { smsCode, until } from '../../api/lib/client.mjs';

/** What has the focus, and how it shows. */
function look() {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return { lost: true, id: '', text: 'nothing' };
  const { id, type, name, tagName, href } = at;
  const ringed = (e) => { const { outlineStyle, outlineWidth } = getComputedStyle(e); return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2; };
  const { left, top, right, bottom } = at.getBoundingClientRect();
  const [x0, x1, y0, y1] = [Math.max(left, 0), Math.min(right, innerWidth), Math.max(top, 0), Math.min(bottom, innerHeight)];
  const own = (e) => e && (e === at || at.contains(e) || (at.labels && [...at.labels].some((label) => label.contains(e))));
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8]].map(([x, y]) => document.elementFromPoint(x0 + (x1 - x0) * x, y0 + (y1 - y0) * y));
  return {
    id, type, name, tag: tagName, href: href ?? '', text: (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim().slice(0, 60),
    value: at.value, choice: at.selectedOptions?.[0]?.label, ringed: ringed(at) || ringed(at.closest('label') ?? at), hidden: x1 <= x0 || y1 <= y0 || !points.some(own),
  };
}

export class Hands {
  constructor(page) {
    this.page = page;
    page.on('filechooser', () => undefined); // the browser is told early that somebody takes them
  }

  async press(...names) {
    for (const name of names) await this.page.keyboard.press(name);
  }

  type(text) {
    return this.page.keyboard.insertText(text);
  }

  /** As fast as a barcode scanner, which ends with Enter. */
  async scan(text) {
    await this.page.keyboard.type(text);
    await this.press('Enter');
  }

  focused() {
    return this.page.evaluate(look);
  }

  /** The next stop, which one must be able to see. */
  async #next(key) {
    await this.press(key);
    const at = await this.focused();
    if (at.lost) return at; // past the last one, before the first
    assert.ok(at.ringed, `${at.tag} ${at.id} "${at.text}" has the focus, and nothing shows it`);
    assert.ok(!at.hidden, `${at.tag} ${at.id} "${at.text}" has the focus, and cannot be seen`);
    return at;
  }

  /** Presses Tab until what has the focus fits; answers how often. */
  async until(what, fits, { most = 60, key = 'Tab' } = {}) {
    const passed = [];
    for (let n = 1; n <= most; n++) {
      const at = await this.#next(key);
      if (fits(at)) return n;
      passed.push(at.id || at.text);
    }
    return assert.fail(`${what} is not reached by ${most} Tabs, which led to ${passed.join(' | ')}`);
  }

  toId(id, options) {
    return this.until(id, (at) => at.id === id, options);
  }

  /** To what is called so, by its whole accessible name: role as getByRole has it. */
  async to(role, name, { most = 60, key = 'Tab', exact = typeof name === 'string' } = {}) {
    const target = this.page.getByRole(role, { name, exact });
    await target.first().waitFor();
    for (let n = 1; n <= most; n++) {
      await this.#next(key);
      if (await target.and(this.page.locator(':focus')).count()) return n;
    }
    return assert.fail(`${role} ${name} is not reached by ${most} Tabs`);
  }

  /** To a link or button, and into it. */
  async use(role, name, options) {
    await this.to(role, name, options);
    await this.press('Enter');
  }

  /** Goes through a list of choices until this one stands there. */
  async choose(label, key = 'ArrowDown') {
    for (let i = 0; i < 80; i++) {
      if ((await this.focused()).choice === label) return;
      await this.press(key);
    }
    assert.fail(`no choice ${label}`);
  }

  /** Opens the file chooser of what has the focus, and hands it a file. */
  async file(name, mimeType, buffer) {
    const asked = this.page.waitForEvent('filechooser');
    await this.press('Enter');
    await (await asked).setFiles({ name, mimeType, buffer });
  }

  /**
   * Goes through a form from where the focus is to the field `end`; at each stop `at(stop)` does what is to be
   * done there, once. Fails when it takes more Tabs than there are fields and 15.
   */
  async through(end, fields, at) {
    const done = new Set();
    let tabs = 0;
    for (let now = await this.focused(); now.id !== end; now = await this.#next('Tab')) {
      assert.ok(tabs++ <= fields + 15, `${tabs} Tabs for ${fields} fields, at ${now.id || now.text}`);
      const name = now.id || now.text;
      if (!done.has(name)) await at(now);
      done.add(name);
    }
  }

  /** Tab comes round: no place holds the focus, and each can be seen. */
  async round(most = 150) {
    const name = async () => Object.values(await this.#next('Tab')).slice(0, 6).join(' ');
    const first = await name();
    const passed = [];
    for (let n = 0; n < most; n++) {
      const now = await name();
      if (now === first) return;
      passed.push(now);
    }
    assert.fail(`${most} Tabs from ${first}, and not round: ${passed.slice(-12).join(' | ')}`);
  }

  /** After an act the focus is somewhere: nobody has to begin at the top of the page. */
  holds(after) {
    return until(`the focus to be somewhere after ${after}`, async () => !(await this.focused()).lost, 4000);
  }

  /** The summary of errors has the focus; Tab and Enter lead to the first field that it names. */
  async summary(first) {
    await this.page.locator('.summary:focus').waitFor();
    assert.match((await this.focused()).text, /有 \d+ 项需要修改/);
    await this.press('Tab', 'Enter');
    if (first) assert.equal((await this.focused()).id, first);
  }

  /** A step has begun: its heading is read, and Tab goes on from there. */
  begun() {
    return this.page.locator('main:focus, h1:focus, h2:focus').first().waitFor();
  }
}

/** From the front page to 业务办理, with an account of one's own. */
export async function register(hands, { phone, name, password }) {
  const { page } = hands;
  await page.goto('/');
  await page.locator('main h1').waitFor();
  assert.equal(await hands.to('link', /^跳到/), 1, 'the way past the menu comes first');
  await hands.use('link', '注册');
  await page.locator('#phone').waitFor();
  await hands.begun();
  await hands.use('button', '注册并登录', { most: 4 + 15 });
  await hands.summary('phone');
  await hands.type(phone);
  await hands.use('button', '获取验证码');
  await page.getByText('验证码已发送到').waitFor();
  await page.locator('#sms_code:focus').waitFor();
  await hands.type(await smsCode(phone));
  await hands.toId('name');
  await hands.type(name);
  await hands.toId('password');
  await hands.type(password);
  await hands.press('Enter');
  await page.waitForURL('**/apply');
  await hands.begun();
}
