// Opening an order, its form, its confirmation, its list: and whose it is.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { applicant, bringTo, Case, hallUrl, makeForm, ok, personName, pointers, PROJECT_CODE, psql, refused } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';

const agreementsOf = async (client, project = PROJECT_CODE) =>
  ok(await client.get(`/api/v1/projects/${project}`)).agreements.map(({ id, version }) => ({ id, version }));
const start = async (client, more = {}) => ({ project: PROJECT_CODE, certificate_type: 'organisation', years: 1,
  agreements: await agreementsOf(client), supplier_registered: true, ...more });
const openOrder = (client, body, options) => client.post('/api/v1/orders', body, options);
const ordersOf = async (client) => Number((await psql(`SELECT count(*) FROM orders o JOIN account a ON a.id = o.account_id WHERE a.phone = '${client.phone}'`))[0][0]);

/** A draft with a whole form. */
async function filled(options = {}) {
  const c = new Case(options);
  await c.begin();
  await c.fill();
  return c;
}

test('an order begins as a draft that says what can be done with it', async () => {
  const c = new Case({ years: 2 });
  const order = await c.begin();
  assert.match(order.order_no, /^20\d{15}$/);
  assert.equal(order.state, 'draft');
  assert.equal(order.state_label, '草稿（录入信息）');
  assert.equal(order.project, PROJECT_CODE);
  assert.equal(order.certificate_type, 'organisation');
  assert.equal(order.years, 2);
  assert.equal(order.rejection, null);
  assert.equal(order.payment, null);
  assert.equal(order.identity_check, null);
  assert.equal(order.certificate, null);
  assert.deepEqual(order.allowed_actions, ['edit_form', 'confirm_form', 'cancel']);
  assert.deepEqual(await c.order(), order);
});

test('every agreement must be accepted in its version, and the supplier be registered', async () => {
  const client = await applicant();
  const agreements = await agreementsOf(client);
  const [first, ...others] = agreements;
  for (const [more, wanted] of [
    [{ agreements: [] }, agreements.map((a) => `/agreements/${a.id}`).sort()],
    [{ agreements: others }, [`/agreements/${first.id}`]],
    [{ agreements: [...others, { ...first, version: '1999-01' }] }, ['/agreements/2', `/agreements/${first.id}`]],
    [{ agreements: [...agreements, { id: 'sale_of_the_soul', version: '1' }] }, ['/agreements/3']],
    [{ supplier_registered: false }, ['/supplier_registered']],
    [{ supplier_registered: false, agreements: others }, [`/agreements/${first.id}`, '/supplier_registered']],
    [{ years: 4 }, ['/years']],
    [{ project: 'elsewhere' }, ['/project']],
    [{ certificate_type: 'robot' }, ['/certificate_type']],
  ]) {
    const problem = refused(await openOrder(client, await start(client, more)), 422, 'invalid');
    for (const pointer of wanted) assert.ok(pointers(problem).includes(pointer), `${pointer} in ${pointers(problem)}`);
  }
  assert.equal(await ordersOf(client), 0);
});

test('which text was accepted is kept with time and address', async () => {
  const c = new Case();
  await c.begin();
  const rows = await psql(`SELECT a.agreement, a.version, a.ip, a.sha256 = t.sha256 FROM order_agreement a JOIN orders o ON o.id = a.order_id
    JOIN agreement t ON t.id = a.agreement AND t.version = a.version AND t.lang = a.lang WHERE o.order_no = '${c.orderNo}' ORDER BY 1`);
  assert.deepEqual(rows.map(([id, version, ip, same]) => [id, version, ip, same]),
    (await agreementsOf(c.client)).map(({ id, version }) => [id, version, c.client.from, 't']).sort());
});

test('the same key and body open one order, however often they come', async () => {
  const client = await applicant();
  const body = await start(client);
  const key = randomUUID();
  const first = await openOrder(client, body, { key });
  const second = await openOrder(client, body, { key });
  assert.deepEqual(ok(second, 201), ok(first, 201));
  assert.equal(second.headers.etag, first.headers.etag);
  refused(await openOrder(client, { ...body, years: 2 }, { key }), 409, 'idempotency_key_reused');
  assert.equal(await ordersOf(client), 1);
  const other = ok(await openOrder(client, body, { key: randomUUID() }), 201);
  assert.notEqual(other.order_no, first.json.order_no);
});

test('the same key at once opens one order', async () => {
  const client = await applicant();
  const body = await start(client);
  const key = randomUUID();
  const replies = await Promise.all(Array.from({ length: 8 }, () => openOrder(client, body, { key })));
  const made = replies.filter((r) => r.status === 201);
  assert.ok(made.length >= 1);
  for (const reply of replies) if (reply.status !== 201) refused(reply, 409, 'in_progress');
  assert.equal(new Set(made.map((r) => r.json.order_no)).size, 1);
  assert.equal(await ordersOf(client), 1);
});

test('a key belongs to one person, and a refused request does not use it up', async () => {
  const [a, b] = [await applicant(), await applicant()];
  const key = randomUUID();
  refused(await openOrder(a, await start(a, { supplier_registered: false }), { key }), 422, 'invalid');
  const mine = ok(await openOrder(a, await start(a), { key }), 201);
  const theirs = ok(await openOrder(b, await start(b), { key }), 201);
  assert.notEqual(mine.order_no, theirs.order_no);
});

test('a key that is too long, no ASCII, or comes twice, is malformed', async () => {
  const client = await applicant();
  const body = await start(client);
  refused(await openOrder(client, body, { key: 'k'.repeat(129) }), 400, 'malformed');
  refused(await openOrder(client, body, { key: 'k\xff' }), 400, 'malformed');
  refused(await openOrder(client, body, { headers: { 'idempotency-key': ['a', 'b'] } }), 400, 'malformed');
  ok(await openOrder(client, body, { key: 'k'.repeat(128) }), 201);
});

test('the form is saved by who has seen it, and by nobody else', async () => {
  const c = new Case();
  await c.begin();
  await c.order();
  const seen = c.etag;
  refused(await c.client.put(`${c.path}/form`, c.form), 428, 'precondition_required');
  refused(await c.client.put(`${c.path}/form`, c.form, { ifMatch: '"0.99"' }), 412, 'stale');
  refused(await c.client.put(`${c.path}/form`, c.form, { ifMatch: 'nonsense' }), 412, 'stale');
  const saved = await c.client.put(`${c.path}/form`, c.form, { ifMatch: seen });
  assert.notEqual(saved.headers.etag, seen);
  assert.deepEqual(ok(saved).incomplete, []);
  refused(await c.client.put(`${c.path}/form`, c.form, { ifMatch: seen }), 412, 'stale');
  ok(await c.client.put(`${c.path}/form`, c.form, { ifMatch: `W/${saved.headers.etag}` }));
  ok(await c.client.put(`${c.path}/form`, c.form, { ifMatch: '*' }));
});

test('a tag that nginx has weakened by compressing is as good as the strong one', async () => {
  const c = await filled();
  const headers = { cookie: [...c.client.cookies].map(([n, v]) => `${n}=${v}`).join('; '), 'accept-encoding': 'gzip' };
  const raw = await new Promise((resolve, reject) => {
    http.get(hallUrl + c.path, { headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
  assert.equal(raw.headers['content-encoding'], 'gzip');
  assert.match(raw.headers.etag, /^W\//);
  assert.equal(JSON.parse(gunzipSync(raw.body)).order_no, c.orderNo);
  assert.equal((await c.client.get(c.path, { etag: raw.headers.etag })).status, 304);
  ok(await c.client.put(`${c.path}/form`, c.form, { ifMatch: raw.headers.etag }));
});

test('of two who save at once, one is told', async () => {
  const c = new Case();
  await c.begin();
  for (let round = 0; round < 5; round++) {
    await c.order();
    const forms = [0, 1, 2, 3].map(() => ({ ...c.form, handler: { ...c.form.handler, name: personName() } }));
    const replies = await Promise.all(forms.map((form) => c.client.put(`${c.path}/form`, form, { ifMatch: c.etag })));
    assert.deepEqual(replies.map((r) => r.status).sort(), [200, 412, 412, 412]);
    const won = replies.findIndex((r) => r.status === 200);
    assert.equal((await c.order()).form.handler.name, forms[won].handler.name);
  }
});

test('a draft may be as unfinished as it likes, and says what is missing', async () => {
  const c = new Case();
  await c.begin();
  await c.order();
  const save = (form) => c.client.put(`${c.path}/form?draft=true`, form, { ifMatch: '*' });
  const empty = ok(await save({}));
  assert.ok(empty.incomplete.includes('/organisation/name') && empty.incomplete.includes('/handler/id_number'));
  const some = ok(await save({ organisation: { name: c.form.organisation.name } }));
  assert.deepEqual(some.form.organisation, { name: c.form.organisation.name });
  assert.ok(!some.incomplete.includes('/organisation/name'));
  assert.equal(some.state, 'draft');
  assert.deepEqual(pointers(refused(await save({ handler: { mobile: 5 } }), 422, 'invalid')), ['/handler/mobile']);
  assert.deepEqual((await c.order()).form, some.form);
  const missing = refused(await c.client.put(`${c.path}/form`, some.form, { ifMatch: '*' }), 422, 'invalid');
  assert.deepEqual(pointers(missing), [...some.incomplete].sort());
  assert.ok(missing.errors.every((e) => e.code === 'required' && e.detail));
  refused(await c.client.post(`${c.path}/form/confirmation`), 422, 'invalid');
});

test('what is allowed and yet unusual is said beside the field, while it can be changed', async () => {
  const c = await bringTo('draft');
  await c.fill();
  assert.deepEqual((await c.order()).warnings, []);
  const saved = await c.fill({ delivery: { address: '和平区测试路' }, invoice: { title: '另一单位' } });
  assert.deepEqual(saved.warnings.map(({ pointer, code }) => [pointer, code]), [['/delivery/address', 'address_vague'], ['/invoice/title', 'invoice_title_differs']]);
  assert.match(saved.warnings[0].text, /可能无法派送/);
  const confirmed = await c.confirm(); // a warning hinders nobody
  assert.deepEqual([confirmed.state, confirmed.warnings, confirmed.confirmed_form], ['awaiting_documents', [], null]);
});

test('every wrong field is named at once, each with its own words', async () => {
  const c = new Case();
  await c.begin();
  const form = makeForm();
  Object.assign(form.organisation, { uscc: '91210102MA0ABCD1XA', region: '999999', valid_to: '2026-02-30' });
  Object.assign(form.handler, { id_number: '210702197802290014', mobile: '123', email: 'nobody' });
  Object.assign(form.bank_account, { account_name: '别人有限公司', bank_code: '000000000000', account_number: '12' });
  Object.assign(form.delivery, { region: '810000', postcode: '11' });
  form.invoice = { wanted: true, kind: 'ordinary', title: '某', tax_number: '1' };
  const problem = refused(await c.client.put(`${c.path}/form`, form, { ifMatch: '*' }), 422, 'invalid');
  for (const pointer of ['/organisation/uscc', '/organisation/region', '/organisation/valid_to', '/handler/id_number', '/handler/mobile',
    '/handler/email', '/bank_account/account_name', '/bank_account/bank_code', '/bank_account/account_number', '/delivery/region',
    '/delivery/postcode', '/invoice/title', '/invoice/tax_number'])
    assert.ok(pointers(problem).includes(pointer), `${pointer} is not among ${pointers(problem)}`);
  assert.equal(problem.errors.find((e) => e.pointer === '/organisation/uscc').code, 'uscc_check');
  assert.equal(problem.errors.find((e) => e.pointer === '/handler/id_number').code, 'id_birth');
  assert.deepEqual((await c.order()).form, {});
});

test('what was typed is cleaned before it is judged', async () => {
  const c = await filled();
  const form = structuredClone(c.form);
  form.organisation.uscc = ` ${form.organisation.uscc.toLowerCase()} `;
  form.bank_account.account_number = form.bank_account.account_number.replace(/(....)/g, '$1 ');
  form.handler.id_number = form.handler.id_number.toLowerCase();
  ok(await c.client.put(`${c.path}/form`, form, { ifMatch: '*' }));
  assert.deepEqual((await c.order()).form, c.form);
});

test('ID and account numbers stand in no column that can be read', async () => {
  const c = await filled();
  const [[form]] = await psql(`SELECT form::text FROM orders WHERE order_no = '${c.orderNo}'`);
  for (const secret of [c.form.handler.id_number, c.form.legal_representative.id_number, c.form.bank_account.account_number])
    assert.ok(!form.includes(secret));
  assert.ok(form.includes(c.form.organisation.name));
});

test('a confirmed form is frozen, priced and hashed', async () => {
  const c = await filled({ years: 3 });
  const order = await c.confirm();
  assert.equal(order.state, 'awaiting_documents');
  assert.deepEqual(order.fees, { certificate_fen: 72000, courier_fen: 2100, total_fen: 74100, courier_payer: 'sender' });
  assert.equal(refused(await c.client.post(`${c.path}/form/confirmation`), 409, 'state_conflict').state, 'awaiting_documents');
  assert.equal(refused(await c.client.put(`${c.path}/form`, c.form, { ifMatch: '*' }), 409, 'state_conflict').state, 'awaiting_documents');
  const [[n, hash]] = await psql(`SELECT r.revision_no, length(r.sha256) FROM order_revision r JOIN orders o ON o.id = r.order_id WHERE o.order_no = '${c.orderNo}'`);
  assert.deepEqual([n, hash], ['1', '32']);
  const { items } = ok(await c.client.get(`${c.path}/events`));
  assert.deepEqual(items.map((e) => e.type), ['order_created', 'form_confirmed']);
});

test('the courier is paid by who the project says, by where the parcel goes', async () => {
  for (const [project, region, fen, payer] of [[PROJECT_CODE, '440305', 1200, 'sender'], [PROJECT_CODE, '350102', 1300, 'sender'],
    [`${PROJECT_CODE}-collect`, '210102', 0, 'recipient']]) {
    const c = new Case({ project });
    await c.begin();
    await c.fill({ delivery: { region } });
    const { fees } = await c.confirm();
    assert.deepEqual([fees.courier_fen, fees.courier_payer, fees.total_fen], [fen, payer, fees.certificate_fen + fen]);
  }
});

test('back to the draft, and confirmed again, is another revision', async () => {
  const c = await filled();
  await c.confirm();
  const draft = ok(await c.client.post(`${c.path}/form/reopening`));
  assert.equal(draft.state, 'draft');
  assert.deepEqual(draft.form, c.form);
  assert.equal(refused(await c.client.post(`${c.path}/form/reopening`), 409, 'state_conflict').state, 'draft');
  await c.fill({ delivery: { region: '440305' } });
  assert.equal((await c.confirm()).fees.courier_fen, 1200);
  const rows = await psql(`SELECT count(*) FROM order_revision r JOIN orders o ON o.id = r.order_id WHERE o.order_no = '${c.orderNo}'`);
  assert.deepEqual(rows, [['2']]);
});

test('one open order for an organisation in a project, whoever asks', async () => {
  const c = await filled();
  await c.confirm();
  for (const client of [c.client, undefined]) {
    const again = new Case({ client, form: makeForm('organisation', { organisation: c.form.organisation, bank_account: c.form.bank_account }) });
    await again.begin();
    await again.fill();
    refused(await again.client.post(`${again.path}/form/confirmation`), 409, 'duplicate_order');
    assert.equal((await again.order()).state, 'draft');
  }
  const elsewhere = new Case({ project: `${PROJECT_CODE}-collect`, form: c.form });
  await elsewhere.begin();
  await elsewhere.fill();
  await elsewhere.confirm();
  await c.cancel();
  const after = new Case({ form: c.form });
  await after.begin();
  await after.fill();
  await after.confirm();
});

test('of two who confirm for the same organisation at once, one may', async () => {
  const form = makeForm();
  const cases = await Promise.all([0, 1, 2].map(() => filled({ form })));
  const replies = await Promise.all(cases.map((c) => c.client.post(`${c.path}/form/confirmation`)));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409, 409]);
  for (const reply of replies) if (reply.status === 409) refused(reply, 409, 'duplicate_order');
});

test('a natural person is one person in a project, in whichever organisation', async () => {
  const c = await filled({ type: 'natural_person' });
  await c.confirm();
  const form = makeForm('natural_person', { applicant: c.form.applicant, bank_account: c.form.bank_account, delivery: c.form.delivery });
  const again = await filled({ type: 'natural_person', form });
  refused(await again.client.post(`${again.path}/form/confirmation`), 409, 'duplicate_order');
  const two = (await Promise.all([0, 1].map(() => filled({ type: 'natural_person' })))).map((o) => o.confirm());
  await Promise.all(two);
});

test('the list goes on where it ended, whatever came in between', async () => {
  const client = await applicant();
  const body = await start(client);
  const made = [];
  for (let i = 0; i < 5; i++) made.unshift(ok(await openOrder(client, body, { key: randomUUID() }), 201).order_no);
  const seen = [];
  let cursor;
  for (let page = 0; page < 3; page++) {
    const { items, next_cursor: next } = ok(await client.get(`/api/v1/orders?limit=2${cursor ? `&cursor=${cursor}` : ''}`));
    seen.push(...items.map((o) => o.order_no));
    assert.equal(items.length, page < 2 ? 2 : 1);
    assert.equal(next === null, page === 2);
    cursor = next;
    await openOrder(client, body, { key: randomUUID() }); // what is new comes first, and is not among these
  }
  assert.deepEqual(seen, made);
});

test('the list can be narrowed, and strange wishes are refused', async () => {
  const c = await filled();
  await openOrder(c.client, await start(c.client), { key: randomUUID() });
  await c.confirm();
  const of = async (query) => ok(await c.client.get(`/api/v1/orders?${query}`)).items.map((o) => o.state);
  assert.deepEqual(await of('state=awaiting_documents'), ['awaiting_documents']);
  assert.deepEqual(await of('state=issued'), []);
  assert.equal((await of('')).length, 2);
  assert.equal((await of('limit=1')).length, 1);
  assert.deepEqual(await of(`q=${c.orderNo.slice(-5)}`), ['awaiting_documents']);
  assert.deepEqual(await of(`q=${encodeURIComponent(c.form.organisation.name.slice(2, 6))}`), ['awaiting_documents']);
  assert.deepEqual(await of('q=%25'), [], 'a sign of its own, no pattern');
  for (const [query, pointer] of [['state=nowhere', '?state'], ['limit=0', '?limit'], ['limit=101', '?limit'], ['limit=two', '?limit'], [`q=${'x'.repeat(61)}`, '?q'],
    ['cursor=x', '?cursor'], ['cursor=-1', '?cursor'], ['colour=red', '?colour']])
    assert.deepEqual(pointers(refused(await c.client.get(`/api/v1/orders?${query}`), 422, 'invalid')), [pointer]);
});

test('somebody else\'s order is not there, whatever is tried with it', async () => {
  const c = await filled();
  await c.confirm();
  const stranger = await applicant();
  const contract = await contractOf(hallUrl, '/api/v1');
  const routes = contract.names().map((name) => name.split(' ')).filter(([, path]) => path.includes('{order_no}'));
  assert.ok(routes.length > 5);
  const before = await psql(`SELECT version, state FROM orders WHERE order_no = '${c.orderNo}'`);
  for (const [method, template] of routes) {
    const { operation } = contract.find(method, template.replaceAll(/\{\w+\}/g, 'x'));
    const body = sample(operation);
    for (const orderNo of [c.orderNo, '20261122000000017', 'x']) {
      const path = template.replace('{order_no}', orderNo).replace('{kind}', 'business_licence').replaceAll(/\{\w+\}/g, '1');
      const reply = await stranger.call(method, path, { ...body, ...(method !== 'GET' && { key: randomUUID(), ifMatch: '*' }) });
      refused(reply, 404, 'not_found');
    }
  }
  assert.deepEqual(await psql(`SELECT version, state FROM orders WHERE order_no = '${c.orderNo}'`), before);
  assert.deepEqual(ok(await stranger.get('/api/v1/orders')).items, []);
});

/** A body that the route's table takes, so that nothing but the order stands in the way. */
function sample(operation) {
  const content = operation.requestBody?.content;
  if (!content) return {};
  if (!content['application/json']) return { body: Buffer.from([0xff, 0xd8, 0xff]), type: Object.keys(content)[0] };
  return { json: example(content['application/json'].schema) };
}

const EXAMPLES = { received: true, transferred_on: '2026-11-20', amount_fen: 26100, account_number: '622202000000000000' };
function example(schema, name) {
  if (schema.type === 'object' || schema.properties)
    return Object.fromEntries((schema.required ?? []).map((key) => [key, example(schema.properties[key], key)]));
  if (name in EXAMPLES) return EXAMPLES[name];
  if (schema.enum) return schema.enum[0];
  const type = [schema.type].flat()[0];
  if (type === 'boolean') return false;
  if (type === 'integer') return schema.minimum ?? 1;
  if (type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => example(schema.items));
  return 'x'.repeat(Math.max(schema.minLength ?? 1, 1));
}

test('who holds the newest is told 304, who waits is told when it changes', async () => {
  const c = await filled();
  await c.order();
  const { etag } = c;
  const same = await c.client.get(c.path, { etag });
  assert.equal(same.status, 304);
  assert.equal(same.headers.etag.replace('W/', ''), etag);
  assert.equal((await c.client.get(c.path, { etag: `W/${etag}` })).status, 304);
  await c.confirm(); // a draft is the owner's own affair: from here on others change it too
  await c.order();
  const began = performance.now();
  const waiting = c.client.get(`${c.path}?wait=25`, { etag: c.etag });
  const changed = c.client.post(`${c.path}/form/reopening`);
  assert.equal(ok(await waiting).state, 'draft');
  ok(await changed);
  assert.ok(performance.now() - began < 10_000);
  assert.equal(ok(await c.client.get(`${c.path}?wait=25`, { etag: '"0.0"' })).state, 'draft');
});
