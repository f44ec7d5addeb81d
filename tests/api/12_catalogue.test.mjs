// What forms choose from, and what the hall says of itself; open to everybody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { BANK, Client, hallUrl, ok, pointers, PROJECT_CODE, psql, refused, request, staffUrl } from './lib/client.mjs';

const anybody = new Client();
const get = async (path, options) => ok(await anybody.get(`/api/v1${path}`, options));

test('the projects, the first of them Liaoning Government Procurement', async () => {
  const { items } = await get('/projects');
  assert.equal(items[0].project, PROJECT_CODE);
  assert.equal(items[0].name, '辽宁政府采购');
  const types = items[0].certificate_types;
  assert.deepEqual(types.map((t) => [t.certificate_type, t.fee_per_year_fen]), [['organisation', 24000], ['natural_person', 24000]]);
  assert.deepEqual(types[0].documents, ['application_form', 'business_licence', 'seal_collection_form']);
  assert.deepEqual(types[1].documents, ['application_form', 'seal_collection_form']);
  assert.equal((await get('/projects', { lang: 'en' })).items[0].name, 'Liaoning Government Procurement');
  refused(await anybody.get('/api/v1/projects/nowhere'), 404, 'not_found');
});

test('agreements come with their text, and its hash is true', async () => {
  for (const lang of ['zh-CN', 'en']) {
    const { agreements } = await get(`/projects/${PROJECT_CODE}`, { lang });
    assert.deepEqual(agreements.map((a) => a.id), ['service', 'privacy', 'information']);
    for (const { id, title, text, sha256 } of agreements) {
      assert.ok(title && text.length > 500, id);
      assert.equal(createHash('sha256').update(text).digest('hex'), sha256);
    }
  }
  const face = await get('/agreements/face');
  assert.match(face.text, /人脸/);
  assert.equal(createHash('sha256').update(face.text).digest('hex'), face.sha256);
  refused(await anybody.get('/api/v1/agreements/nothing'), 404, 'not_found');
});

test('banks are found by what people type', async () => {
  const q = (words, more = '') => get(`/banks?q=${encodeURIComponent(words)}${more}`);
  const { items } = await q('工商 沈阳');
  assert.ok(items.length > 0 && items.length <= 20);
  assert.ok(items.every((b) => /^\d{12}$/.test(b.code) && b.name.includes('工商') && b.name.includes('沈阳')));
  assert.ok((await q('工商', '&limit=100')).items.length > 0);
  assert.equal((await q('工商', '&limit=1')).items.length, 1);
  assert.deepEqual((await q(BANK)).items.map((b) => b.code), [BANK]);
  assert.deepEqual((await q('没有这样的银行')).items, []);
  for (const province of ['21', '11']) {
    const [first] = (await q('工商', `&province=${province}`)).items;
    assert.deepEqual(await psql(`SELECT left(region, 2) FROM bank_branch WHERE code = '${first.code}'`), [[province]]);
  }
  for (const [query, wanted] of [['', ['?q']], ['?q=工', ['?q']], ['?q=工商&limit=0', ['?limit']], ['?q=工商&limit=101', ['?limit']],
    ['?q=工商&province=210', ['?province']], ['?q=工商&more=1', ['?more']], ['?q=工商&q=建设', ['?q']], ['?q=e\u0301e', ['?q']]])
    assert.deepEqual(pointers(refused(await anybody.get(`/api/v1/banks${encodeURI(query)}`), 422, 'invalid')), wanted);
});

test('a query that is no text is malformed', async () => {
  for (const query of ['q=%E5', 'q=%00a', 'q=ab%', 'q=%zz', 'q=%C0%AF..', '%FF=1'])
    refused(await anybody.get(`/api/v1/banks?${query}`), 400, 'malformed');
});

test('what looks like a pattern or a quotation is only text', async () => {
  for (const words of ["'; DROP TABLE orders; --", '工商%', '100_', '\\\\', '工商"'])
    assert.ok(Array.isArray((await get(`/banks?q=${encodeURIComponent(words)}`)).items));
  assert.deepEqual((await get(`/banks?q=${encodeURIComponent('%%')}`)).items, []);
  assert.deepEqual((await get(`/banks?q=${encodeURIComponent('__')}`)).items, []);
});

test('regions go down to the district', async () => {
  const { items } = await get('/regions');
  assert.ok(items.length > 3000);
  const of = new Map(items.map((r) => [r.code, r]));
  assert.equal(of.get('210000').name, '辽宁省');
  assert.equal(of.get('210102').parent, '210100');
  assert.equal(of.get('210102').is_leaf, true);
  assert.equal(of.get('210100').is_leaf, false);
  for (const r of items) assert.ok(r.level === 1 ? r.parent === null : of.has(r.parent), r.code);
});

test('the courier costs what the tariff says', async () => {
  const fee = (region, project = PROJECT_CODE) => get(`/courier-fees?region=${region}&project=${project}`);
  assert.deepEqual(await fee('210102'), { payer: 'sender', fee_fen: 2100 });
  assert.deepEqual(await fee('440305'), { payer: 'sender', fee_fen: 1200 });
  assert.deepEqual(await fee('350102'), { payer: 'sender', fee_fen: 1300 });
  assert.deepEqual(await fee('210102', `${PROJECT_CODE}-collect`), { payer: 'recipient', fee_fen: 0 });
  const refusal = async (query) => anybody.get(`/api/v1/courier-fees?${query}`);
  assert.deepEqual(pointers(refused(await refusal(`region=810000&project=${PROJECT_CODE}`), 422, 'invalid')), ['?region']);
  refused(await refusal(`region=999999&project=${PROJECT_CODE}`), 404, 'not_found');
  refused(await refusal('region=210102&project=nowhere'), 404, 'not_found');
  assert.deepEqual(pointers(refused(await refusal(''), 422, 'invalid')), ['?project', '?region']);
});

test('whom to call', async () => {
  const { phone, hours } = await get('/service');
  assert.ok(phone && hours);
});

test('it is well, and says so at once', async () => {
  assert.deepEqual(await get('/health'), { status: 'ok' });
  assert.deepEqual(await get('/noop'), { status: 'ok' });
  assert.equal((await request(`${hallUrl}/api/v1/health`, { method: 'HEAD' })).body.length, 0);
});

test('both documents of the contract are there, each at its own door', async () => {
  const [hall, staff] = [await get('/openapi.json'), ok(await new Client(staffUrl).get('/api/admin/v1/openapi.json'))];
  for (const document of [hall, staff]) {
    assert.equal(document.openapi, '3.1.0');
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map((o) => o.operationId));
    assert.equal(new Set(ids).size, ids.length);
  }
  assert.ok(Object.keys(hall.paths).every((path) => path.startsWith('/api/v1/')));
  assert.ok(Object.keys(staff.paths).every((path) => path.startsWith('/api/admin/v1/')));
});
