// An order on its way, driven by the API alone: bringTo() takes one to a state, and a Case makes the
// single steps.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { applicant, Client, ok, reaches, staff } from './client.mjs';
import { card, makeForm, mobile, personOf, tokenSerial, trackingNo } from './data.mjs';
import { licence, stampedForm, stampedSeal, voucher } from './papers.mjs';
import { backOf, clip, creditBank, frontOf, payQr, sandbox, until } from './sandbox.mjs';

export const PROJECT_CODE = 'ccgp-liaoning';
const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** Where the phone was, for a check that it has begun. */
export class Phone {
  constructor(orderCase, started) {
    this.case = orderCase;
    this.url = started.url;
    this.token = new URL(started.url).hash.slice(1);
    this.client = new Client();
  }

  open(consent = true) {
    return this.client.post('/api/v1/h5/session', { token: this.token, face_consent: consent });
  }

  put(side, jpeg, type = 'image/jpeg') {
    return this.client.upload(`/api/v1/h5/id-card/${side}`, jpeg, type);
  }

  check() {
    return this.client.get('/api/v1/h5/check').then((reply) => ok(reply));
  }

  /** Waits until the side has been judged. */
  judged(side) {
    return until(`the ${side} to be judged`, async () => {
      const check = await this.check();
      return check[side] && check[side].state !== 'checking' && check;
    });
  }

  async cards(person) {
    ok(await this.put('front', await frontOf(person)), 202);
    assert.equal((await this.judged('front')).front.state, 'accepted');
    ok(await this.put('back', await backOf({ valid_until: person.id_valid_to })), 202);
    assert.equal((await this.judged('back')).back.state, 'accepted');
  }

  async challenge() {
    return ok(await this.client.post('/api/v1/h5/liveness-challenges'), 201);
  }

  video(challenge, bytes, type = 'video/mp4') {
    return this.client.upload(`/api/v1/h5/liveness-challenges/${challenge.challenge_id}/video`, bytes, type);
  }

  /** One try; answers the check once it has been judged. */
  async live(more = {}) {
    ok(await this.video(await this.challenge(), await clip(more)), 202);
    return until('the video to be judged', async () => {
      const check = await this.check();
      return check.liveness.state !== 'checking' && check;
    });
  }
}

/** One order and whoever handles it. */
export class Case {
  /** options: type, method (wechat_pay, alipay, bank_transfer), project, years, form, client */
  constructor({ type = 'organisation', method = 'wechat_pay', project = PROJECT_CODE, years = 1, form, client } = {}) {
    Object.assign(this, { type, method, project, years, client, form: form ?? makeForm(type) });
  }

  get path() {
    return `/api/v1/orders/${this.orderNo}`;
  }

  get adminPath() {
    return `/api/admin/v1/orders/${this.orderNo}`;
  }

  get person() {
    return personOf(this.form);
  }

  get stampName() {
    return this.form.organisation.name;
  }

  get kinds() {
    return this.type === 'organisation' ? ['application_form', 'business_licence', 'seal_collection_form'] : ['application_form', 'seal_collection_form'];
  }

  /** The order as its owner sees it now. */
  async order() {
    const reply = await this.client.get(this.path);
    this.etag = reply.headers.etag;
    return ok(reply);
  }

  reaches(states, ms) {
    return reaches(this.client, this.orderNo, states, ms);
  }

  async begin() {
    this.client ??= await applicant();
    const { agreements } = ok(await this.client.get(`/api/v1/projects/${this.project}`));
    const accepted = agreements.map(({ id, version }) => ({ id, version }));
    const order = ok(await this.client.post('/api/v1/orders', {
      project: this.project, certificate_type: this.type, years: this.years, agreements: accepted, supplier_registered: true,
    }, { key: randomUUID() }), 201);
    this.orderNo = order.order_no;
    return order;
  }

  /** Saves the form; `more` is laid over it for good. */
  async fill(more = {}) {
    for (const [group, members] of Object.entries(more)) this.form[group] = { ...this.form[group], ...members };
    await this.order();
    return ok(await this.client.put(`${this.path}/form`, this.form, { ifMatch: this.etag }));
  }

  async confirm() {
    return ok(await this.client.post(`${this.path}/form/confirmation`));
  }

  async pdf(name = 'application-form') {
    const reply = await this.client.get(`${this.path}/${name}.pdf`);
    ok(reply);
    return reply.body;
  }

  /** Bytes of what belongs into this slot, as a careful applicant would scan it. */
  async paper(kind, more = {}) {
    if (kind === 'application_form') return stampedForm(await this.pdf(), this.stampName, more);
    if (kind === 'seal_collection_form') return stampedSeal(await this.pdf('seal-collection-form'), this.stampName, more);
    if (kind === 'business_licence') return licence(this.stampName, this.form.organisation.uscc, more);
    return voucher(this.form.bank_account.account_name, yuan((await this.order()).fees.total_fen), more);
  }

  put(kind, bytes, type = 'image/jpeg') {
    return this.client.upload(`${this.path}/documents/${kind}`, bytes, type);
  }

  async upload(kind, more = {}) {
    return ok(await this.put(kind, await this.paper(kind, more)));
  }

  async uploadAll() {
    for (const kind of this.kinds) await this.upload(kind);
  }

  async confirmDocuments() {
    return ok(await this.client.post(`${this.path}/documents/confirmation`));
  }

  /** Starts the check; answers the phone that scanned nothing yet. */
  async startIdentity() {
    return new Phone(this, ok(await this.client.post(`${this.path}/identity-checks`), 201));
  }

  async identify() {
    const phone = (this.handset = await this.startIdentity());
    ok(await phone.open(), 201);
    await phone.cards(this.person);
    assert.equal((await phone.live()).liveness.state, 'passed');
    return phone;
  }

  async openPayment(method = this.method) {
    const payment = ok(await this.client.post(`${this.path}/payments`, { method }, { key: randomUUID() }), 201);
    this.paymentId = payment.payment_id;
    return payment;
  }

  payment() {
    return this.client.get(`${this.path}/payments/${this.paymentId}`).then((reply) => ok(reply));
  }

  /** Pays: online at the provider, or by handing in a voucher. */
  async pay() {
    await this.openPayment();
    if (this.method === 'bank_transfer') return this.handInVoucher();
    const { code_url: code } = await until('the payment code', async () => {
      const payment = await this.payment();
      return payment.code_url && payment;
    });
    await payQr(code);
    return this.reaches(['pending_review', 'bank_verification_pending', 'bank_verified', 'issuing', 'issued']);
  }

  async handInVoucher() {
    const { fees } = await this.order();
    await this.upload('payment_voucher');
    return ok(await this.client.post(`${this.path}/payments/${this.paymentId}/voucher`, {
      payer_name: this.form.bank_account.account_name, amount_fen: fees.total_fen, transferred_on: '2026-11-20', bank_reference: randomUUID().slice(0, 12),
    }));
  }

  // ---- staff ----

  async look(username = 'reviewer') {
    return ok(await (await staff(username)).get(this.adminPath));
  }

  async claim(username = 'reviewer') {
    const desk = await staff(username);
    const held = ok(await desk.get('/api/admin/v1/orders?assigned=me')).items.find((o) => o.order_no !== this.orderNo);
    if (held) ok(await desk.delete(`/api/admin/v1/orders/${held.order_no}/claim`), 204);
    return ok(await desk.post(`${this.adminPath}/claim`));
  }

  /** Both reviews where two are needed. */
  async approve() {
    for (const username of ['reviewer', 'reviewer2']) {
      const { revision_sha256 } = await this.claim(username);
      const { state } = ok(await (await staff(username)).post(`${this.adminPath}/approval`, { revision_sha256 }));
      if (state !== 'pending_second_review') return state;
    }
    return assert.fail('two reviews were not enough');
  }

  /** Sent back for these reasons: [{target, pointer?, code, text}]. */
  async sendBack(reasons, username = 'reviewer') {
    await this.claim(username);
    return ok(await (await staff(username)).post(`${this.adminPath}/rejection`, { reasons }));
  }

  /** The transfer arrives at our bank, and finance confirms it. */
  async confirmFunds() {
    const { fees } = await this.order();
    const account = this.form.bank_account;
    await creditBank({ payer_name: account.account_name, payer_account: account.account_number, amount_fen: fees.total_fen, memo: this.orderNo });
    return ok(await (await staff('finance')).post(`/api/admin/v1/payments/${this.paymentId}/confirmation`, {}));
  }

  async ship() {
    this.trackingNo = trackingNo();
    return ok(await (await staff('production')).post(`${this.adminPath}/shipment`, { carrier: 'sf', tracking_no: this.trackingNo, token_serial: tokenSerial() }));
  }

  async deliver() {
    await sandbox('POST', `/parcels/${this.trackingNo}/walk`, { to: 'signed', step_seconds: 0 });
    return this.reaches('delivered');
  }

  async complete() {
    return ok(await this.client.post(`${this.path}/delivery-confirmation`, { received: true }));
  }

  async cancel(reason = '不再需要') {
    return ok(await this.client.post(`${this.path}/cancellation`, { reason }));
  }
}

const LICENCE_UNCLEAR = { target: 'documents/business_licence', code: 'licence_unclear', text: '证照扫描不清晰' };
const FORM_UNCLEAR = { target: 'documents/application_form', code: 'form_unclear', text: '申请表扫描不清晰' };

// Each row: from, how, to. The way of the sunny day first; branches leave it.
const WAYS = [
  ['', (c) => c.begin(), 'draft'],
  ['draft', async (c) => { await c.fill(); await c.confirm(); }, 'awaiting_documents'],
  ['awaiting_documents', async (c) => { await c.uploadAll(); await c.confirmDocuments(); }, 'awaiting_identity'],
  ['awaiting_identity', (c) => c.identify(), 'awaiting_payment'],
  ['awaiting_payment', (c) => c.pay(), 'pending_review'],
  ['pending_review', (c) => c.claim(), 'in_review'],
  ['in_review', (c) => c.sendBack([c.type === 'organisation' ? LICENCE_UNCLEAR : FORM_UNCLEAR]), 'returned'],
  ['pending_review', (c) => c.approve(), 'awaiting_funds', { method: 'bank_transfer' }],
  ['awaiting_funds', (c) => c.confirmFunds(), 'accepted', { method: 'bank_transfer' }],
  ['accepted', () => {}, 'issued', { method: 'bank_transfer' }],
  ['pending_review', (c) => c.approve(), 'bank_verification_pending'],
  ['bank_verification_pending', () => {}, 'issued'],
  ['issued', (c) => c.ship(), 'shipped'],
  ['shipped', (c) => c.deliver(), 'delivered'],
  ['delivered', (c) => c.complete(), 'completed'],
  ['awaiting_payment', (c) => c.cancel(), 'cancelled'],
];
// States that the worker leaves by itself: who asks for one may find the order further on.
const AHEAD = { accepted: ['issuing', 'issued'], bank_verification_pending: ['bank_verified', 'bank_verification_failed', 'issuing', 'issued'] };

function wayTo(state, method) {
  const fits = ([, , , only]) => !only || only.method === method;
  const steps = [];
  for (let at = state; at !== ''; ) {
    const step = WAYS.find((way) => way[2] === at && fits(way) && (way[3] || method !== 'bank_transfer' || at !== 'issued'));
    assert.ok(step, `no way to ${state} by ${method}`);
    steps.unshift(step);
    [at] = step;
  }
  return steps;
}

/** A case in this state; options as for Case. The order is driven by the API alone. */
export async function bringTo(state, options = {}) {
  const c = new Case(options);
  for (const [, how, to] of wayTo(state, c.method)) {
    await how(c);
    await c.reaches([to, ...(AHEAD[to] ?? [])], 20_000);
  }
  return c;
}

/** Several cases, a few at a time: two cores hash, print and inspect for all of them. wishes: [state, options]. */
export async function bringAll(wishes, lanes = 3) {
  const cases = [];
  let i = 0;
  const lane = async () => {
    while (i < wishes.length) {
      const at = i++;
      cases[at] = await bringTo(...wishes[at]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return cases;
}

/** Another bank account of the same holder. */
export const otherAccount = (form) => ({ ...form.bank_account, account_number: form.applicant ? card() : `${mobile()}00000000` });
