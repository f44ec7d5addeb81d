// The control calls of testers, JSON under /sandbox/, and the page. Only from this machine.
import { readFileSync } from 'node:fs';
import { isText, jsonObject, percentDecoded } from './lib/text.mjs';
import { FORGERIES as ALIPAY_FORGERIES } from './providers/alipay_book.mjs';
import { REASONS } from './providers/bank_book.mjs';
import { STEPS, walkNames } from './providers/sf_parcels.mjs';
import { FORGERIES as WECHAT_FORGERIES } from './providers/wechatpay_book.mjs';
import { ledger } from './ledger.mjs';
import { card, clip } from './pictures.mjs';
import { Refusal, unprocessable } from './refusal.mjs';

const ALIASES = {
  wechat_pay: 'wechatpay',
  'wechat-pay': 'wechatpay',
  identity: 'faceid',
  courier: 'sf',
  aliyun: 'sms',
  invoice: 'nuonuo',
};
const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const json = (status, value) => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...SECURITY },
  body: JSON.stringify(value),
});
const bytes = (type, body) => ({ status: 200, headers: { 'content-type': type, ...SECURITY }, body });
const created = (value) => json(201, value);
const list = (items) => ({ items });
const iso = (ms) => (ms ? new Date(ms).toISOString() : null);
const dated = (item) => ({ ...item, at: iso(item.at) });

export class Control {
  #routes = [
    ['GET', /^\/sandbox\/health$/, () => ({ ok: true })],
    ['GET', /^\/sandbox\/messages$/, (q) => list(this.#provider('sms').delivered(q.phone))],
    ['GET', /^\/sandbox\/payments$/, (q) => list(this.#payments(q))],
    ['POST', /^\/sandbox\/payments$/, (b) => this.#pay(b)],
    ['POST', /^\/sandbox\/forged-callbacks$/, (b) => this.#forge(b)],
    ['GET', /^\/sandbox\/refunds$/, () => list(this.#payers.flatMap((p) => p.refundViews()).map(dated))],
    ['POST', /^\/sandbox\/refunds\/([^/]+)$/, (b, number) => this.#finishRefund(number, b)],
    ['GET', /^\/sandbox\/bank-statement$/, (q) => list(this.#provider('bank').received(q.account_number))],
    ['GET', /^\/sandbox\/bank-lines$/, () => list([...this.#provider('bank').lines.values()].map(dated))],
    ['POST', /^\/sandbox\/bank-credits$/, (b) => this.#credit(b)],
    ['GET', /^\/sandbox\/transfers$/, () => list(this.#provider('bank').views())],
    ['POST', /^\/sandbox\/transfers\/([^/]+)$/, (b, reference) => this.#endTransfer(reference, b)],
    ['POST', /^\/sandbox\/accounts$/, (b) => this.#enterAccount(b)],
    ['POST', /^\/sandbox\/persons$/, (b) => this.#enterPerson(b)],
    ['GET', /^\/sandbox\/parcels$/, () => list(this.#provider('sf').views())],
    ['POST', /^\/sandbox\/parcels\/([^/]+)\/events$/, (b, number) => this.#parcelEvent(number, b)],
    ['POST', /^\/sandbox\/parcels\/([^/]+)\/walk$/, (b, number) => this.#walk(number, b)],
    ['GET', /^\/sandbox\/invoices$/, () => list(this.#provider('nuonuo').views())],
    ['GET', /^\/sandbox\/ledger$/, (q) => ledger(this.providers, q.day)],
    ['GET', /^\/sandbox\/requests$/, (q) => list(this.#arrived(q))],
    ['GET', /^\/sandbox\/callbacks$/, (q) => list(this.#callbacks(q))],
    ['GET', /^\/sandbox\/behaviour$/, () => this.#behaviour()],
    ['PUT', /^\/sandbox\/behaviour$/, (b) => this.#behave(b)],
    ['GET', /^\/sandbox\/clock$/, () => this.#time()],
    ['PUT', /^\/sandbox\/clock$/, (b) => this.#setClock(b)],
    ['POST', /^\/sandbox\/reset$/, () => this.#reset()],
    ['GET', /^\/sandbox\/id-card$/, (q) => bytes(...card(q))],
    ['POST', /^\/sandbox\/id-card$/, (b) => bytes(...card(b))],
    ['GET', /^\/sandbox\/liveness-clip$/, (q) => bytes(...clip(q))],
  ];

  constructor(house) {
    Object.assign(this, house);
  }

  /** Answers one request that is for no provider. */
  async answer(call, request) {
    if (!/^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? ''))
      return json(403, { code: 'not_loopback' });
    const site = call.header('sec-fetch-site');
    if (site && !['same-origin', 'none'].includes(site)) return json(403, { code: 'cross_site' });
    const [file, type] = FILES[call.path] ?? [];
    if (file) return bytes(type, readFileSync(new URL(`page/${file}`, import.meta.url)));
    try {
      return await this.#route(call);
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      return json(e.status, { code: e.code, detail: e.message });
    }
  }

  async #route(call) {
    const fitting = this.#routes
      .map(([method, pattern, work]) => [method, pattern.exec(call.path), work])
      .filter(([, m]) => m);
    const found = fitting.find(([method]) => method === call.method);
    if (!found)
      throw fitting.length
        ? new Refusal(405, 'method_not_allowed', fitting.map(([m]) => m).join(', '))
        : new Refusal(404, 'not_found', call.path);
    const [, [, part], work] = found;
    const input =
      call.method === 'GET'
        ? Object.fromEntries(new URLSearchParams(call.query))
        : call.body.length
          ? jsonObject(call.text())
          : {};
    if (!input) throw new Refusal(400, 'malformed', 'the body is not a JSON object');
    const name = part && percentDecoded(part);
    if (name === null) throw new Refusal(404, 'not_found', call.path);
    const result = await work(input, name);
    return result.headers ? result : json(200, result);
  }

  #provider(name) {
    const provider = this.providers.find((p) => p.name === (ALIASES[name] ?? name));
    if (!provider)
      throw unprocessable(`provider is one of ${this.providers.map((p) => p.name).join(', ')}, all`);
    return provider;
  }

  get #payers() {
    return [this.#provider('wechatpay'), this.#provider('alipay')];
  }

  #arrived({ provider, after = 0, limit = 1000, ...filter }) {
    const name = provider && this.#provider(provider).name;
    return this.requests.list({ ...filter, provider: name, after: Number(after), limit: Number(limit) });
  }

  #callbacks({ provider, ref }) {
    const name = provider && this.#provider(provider).name;
    return this.callbacks.list().filter((c) => (!name || c.provider === name) && (!ref || c.ref === ref));
  }

  // ---- Payments ----

  #payments({ open, out_trade_no }) {
    const all = this.#payers.flatMap((p) =>
      [...p.orders.values()].map((o) => ({ ...p.view(o), payable: p.isPayable(o) })),
    );
    const fits = (v) =>
      (!out_trade_no || v.out_trade_no === out_trade_no) && (!open || (v.payable && v.code_url));
    return all
      .filter(fits)
      .sort((a, b) => a.created_at - b.created_at)
      .map((v) => ({ ...v, created_at: iso(v.created_at), paid_at: iso(v.paid_at) }));
  }

  #order({ code_url, provider, out_trade_no }) {
    for (const payer of provider ? [this.#provider(provider)] : this.#payers) {
      const found = isText(code_url, 1, 512)
        ? payer.findCode(code_url)
        : payer.orders?.has(out_trade_no) && { order: payer.orders.get(out_trade_no), alive: true };
      if (found) return { payer, ...found };
    }
    throw new Refusal(404, 'unknown_code', 'no provider has given out this code');
  }

  #pay(body) {
    const { payer, order, alive } = this.#order(body);
    const action = body.action ?? 'pay';
    if (!['pay', 'scan', 'expire'].includes(action)) throw unprocessable('action is pay, scan or expire');
    if (!payer.isPayable(order))
      throw new Refusal(409, 'not_payable', `the order is ${payer.view(order).state}`);
    if (!alive && action !== 'expire')
      throw new Refusal(410, 'code_expired', 'the code or its order has expired');
    payer[action](order);
    const { created_at, paid_at, ...view } = payer.view(order);
    return created({ ...view, paid_at: iso(paid_at) });
  }

  async #forge(body) {
    const { payer, order } = this.#order(body);
    const variants = payer.name === 'alipay' ? ALIPAY_FORGERIES : WECHAT_FORGERIES;
    if (body.variant !== undefined && !variants.includes(body.variant))
      throw unprocessable(`variant is one of ${variants.join(', ')}`);
    const sent = await Promise.all(
      (body.variant ? [body.variant] : variants).map((variant) => payer.forge(order, variant)),
    );
    return created({ items: sent.map(({ variant, tries }) => ({ variant, ...tries[0] })) });
  }

  #finishRefund(number, { status = 'SUCCESS' }) {
    if (!['SUCCESS', 'ABNORMAL', 'CLOSED', 'FAILED'].includes(status))
      throw unprocessable('status is SUCCESS, ABNORMAL, CLOSED or FAILED');
    const [wechat, alipay] = this.#payers;
    const refund = wechat.refunds.get(number);
    const trade = [...alipay.trades.values()].find((t) => t.refunds[number]);
    if (!refund && !trade) throw new Refusal(404, 'unknown_refund', number);
    if ((refund ?? trade.refunds[number]).status !== 'PROCESSING')
      throw new Refusal(409, 'not_processing', 'the refund has its result');
    if (refund) wechat.finishRefund(refund, status === 'FAILED' ? 'ABNORMAL' : status);
    else alipay.finishRefund(trade, number, status === 'SUCCESS' ? 'SUCCESS' : 'FAILED');
    return { out_refund_no: number, status };
  }

  // ---- Bank and persons ----

  #credit(b) {
    if (
      !isText(b.payer_name, 1, 100) ||
      !isText(b.payer_account, 4, 35) ||
      !Number.isSafeInteger(b.amount_fen) ||
      b.amount_fen < 1
    )
      throw unprocessable('payer_name, payer_account and amount_fen are needed');
    const at = b.at === undefined ? this.clock.now() : Date.parse(b.at);
    if (Number.isNaN(at)) throw unprocessable('at is no time');
    const line = this.#provider('bank').credit({ ...b, at });
    return created({ serial: line.serial, at: iso(line.at), amount_fen: line.amount });
  }

  #endTransfer(reference, { state, reason = 'other' }) {
    const bank = this.#provider('bank');
    const transfer = bank.transfers.get(reference);
    if (!transfer) throw new Refusal(404, 'unknown_transfer', reference);
    if (!['paid', 'failed', 'returned'].includes(state) || !REASONS[reason])
      throw unprocessable(
        `state is paid, failed or returned; reason is one of ${Object.keys(REASONS).join(', ')}`,
      );
    if (state === 'returned' ? !bank.giveBack(transfer, reason) : transfer.result)
      throw new Refusal(409, 'state_conflict', `the transfer is ${transfer.result ?? 'in process'}`);
    if (state !== 'returned') bank.finish(transfer, state, reason);
    return { reference, state };
  }

  #enterAccount(b) {
    if (!isText(b.account_number, 4, 35) || !isText(b.name, 1, 100))
      throw unprocessable('account_number and name are needed');
    const { account_number, name, bank_code = '', state = 'normal' } = b;
    return created(this.#provider('bank').enterPayee({ account_number, name, bank_code, state }));
  }

  #enterPerson(b) {
    if (!isText(b.name, 1, 60) || !isText(b.id_number, 18, 18) || !isText(b.mobile, 11, 11))
      throw unprocessable('name, id_number and mobile are needed');
    return created(this.#provider('faceid').enterPerson(b));
  }

  // ---- Parcels ----

  #parcelEvent(number, b) {
    if (!STEPS[b.state] && !isText(b.op_code, 1, 10))
      throw unprocessable(`state is one of ${Object.keys(STEPS).join(', ')}, or give op_code`);
    const at = b.at === undefined ? undefined : Date.parse(b.at);
    if (Number.isNaN(at)) throw unprocessable('at is no time');
    return created(this.#provider('sf').addEvent(number, { ...b, at }));
  }

  #walk(number, { to = 'signed', step_seconds }) {
    if (!walkNames.includes(to)) throw unprocessable(`to is one of ${walkNames.join(', ')}`);
    if (step_seconds !== undefined && !(step_seconds >= 0)) throw unprocessable('step_seconds is a number');
    return created({ tracking_no: number, steps: this.#provider('sf').walk(number, to, step_seconds) });
  }

  // ---- Behaviour, clock, reset ----

  #behaviour() {
    const providers = this.providers.map(({ name, title }) => ({ name, title }));
    return { active: this.faults.list(), modes: this.faults.modes, providers };
  }

  #behave(b) {
    if (!isText(b.provider, 1, 40) || !isText(b.mode, 1, 40))
      throw unprocessable('provider and mode are needed');
    if (b.times !== undefined && b.times !== null && !(Number.isInteger(b.times) && b.times > 0))
      throw unprocessable('times is a number above 0');
    if (b.seconds !== undefined && b.seconds !== null && !(b.seconds >= 0))
      throw unprocessable('seconds is a number');
    const targets =
      b.provider === 'all' ? this.providers.map((p) => p.name) : [this.#provider(b.provider).name];
    const able = targets.filter((name) => b.mode === 'normal' || this.faults.modes[name][b.mode]);
    if (!able.length)
      throw unprocessable(
        `mode is normal or one of ${Object.keys(this.faults.modes[targets[0]]).join(', ')}`,
      );
    const whole = b.provider === 'all' && b.mode === 'refuse';
    if (whole && !(b.seconds > 0 && b.seconds <= 600))
      throw unprocessable('refusing for all closes this port too: say for how many seconds, at most 600');
    if (whole) return this.#closeEverything(b.seconds);
    const set = able.map((name) => this.faults.set(name, b));
    return this.#applyListeners().then(() => (b.provider === 'all' ? { items: set } : set[0]));
  }

  // A provider with a port of its own refuses connections by closing it.
  async #applyListeners() {
    for (const name of Object.keys(this.listeners)) {
      if (name === 'main') continue;
      const { server, open, shut } = this.listeners[name];
      const refuse = this.faults.peek(name, 'call', '*')?.mode === 'refuse';
      if (refuse && server.listening) await shut();
      if (!refuse && !server.listening) await open();
    }
  }

  #closeEverything(seconds) {
    setTimeout(async () => {
      const all = Object.values(this.listeners).filter((l) => l.server.listening);
      await Promise.all(all.map((l) => l.shut()));
      setTimeout(() => all.forEach((l) => l.open()), seconds * 1000);
    }, 50);
    return { provider: 'all', mode: 'refuse', seconds };
  }

  #time() {
    return { now: iso(this.clock.now()), offset_seconds: this.clock.offsetSeconds, speed: this.clock.speed };
  }

  #setClock({ offset_seconds, speed }) {
    if (offset_seconds !== undefined && !Number.isFinite(offset_seconds))
      throw unprocessable('offset_seconds is a number');
    if (speed !== undefined && !(speed > 0)) throw unprocessable('speed is a number above 0');
    if (speed !== undefined) this.clock.speed = speed;
    if (offset_seconds !== undefined) this.clock.setOffset(offset_seconds);
    return this.#time();
  }

  #reset() {
    this.store.reset();
    this.requests.reset();
    this.clock.setOffset(0);
    return this.#applyListeners().then(() => ({ ok: true }));
  }
}
