// The two printed papers, the scans of them, and handing them in (T05, T05b).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test, { before } from 'node:test';
import { promisify } from 'node:util';
import { applicant, bringTo, dir, licence, ok, pointers, psql, refused, scan, staff } from './lib/client.mjs';

const run = promisify(execFile);
const LIMIT = 2097152;
const by = (checks) => Object.fromEntries(checks.map((c) => [c.code, c.passed]));

/** What stands on a PDF. */
async function words(pdf) {
  const top = mkdtempSync(`${tmpdir()}/pdf-`);
  writeFileSync(`${top}/a.pdf`, pdf);
  const { stdout } = await run('pdftotext', ['-layout', `${top}/a.pdf`, '-']);
  rmSync(top, { recursive: true });
  return stdout;
}

let org; // awaiting_documents, shared by tests that leave it so
let person;
before(async () => {
  org = await bringTo('awaiting_documents');
  person = await bringTo('awaiting_documents', { type: 'natural_person' });
});

test('the application form says what was confirmed, in the words of its type', async () => {
  const reply = await org.client.get(`${org.path}/application-form.pdf`);
  assert.equal(reply.type, 'application/pdf');
  assert.match(reply.headers['content-disposition'], /^inline; filename="application-form-\d{17}\.pdf"$/);
  assert.equal(reply.headers['x-content-type-options'], 'nosniff');
  ok(reply);
  const text = await words(reply.body);
  const { organisation, handler, legal_representative: legal, bank_account: account } = org.form;
  for (const word of ['机构数字证书申请表', '经办人签字', org.orderNo, organisation.name, organisation.uscc, '辽宁省沈阳市和平区', '长期', '营业执照',
    handler.name, handler.id_number, handler.mobile, legal.name, legal.id_number, account.account_number, '102221000727', '辽宁政府采购'])
    assert.ok(text.replaceAll(/\s/g, '').includes(word), word);
  const own = await words((await person.client.get(`${person.path}/application-form.pdf`)).body);
  for (const word of ['自然人数字证书申请表', '申请人签字', person.form.applicant.id_number]) assert.ok(own.replaceAll(/\s/g, '').includes(word), word);
  assert.ok(!own.includes('法人信息'));
});

test('the same revision prints the same bytes; a later one does not', async () => {
  const c = await bringTo('awaiting_documents');
  const [first, again] = [await c.pdf(), await c.pdf()];
  assert.ok(first.equals(again));
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { department: '财务部' } });
  await c.confirm();
  assert.ok(!first.equals(await c.pdf()));
});

test('there is nothing to print before the form is confirmed, nor for strangers', async () => {
  const c = await bringTo('draft');
  for (const name of ['application-form', 'seal-collection-form']) {
    assert.equal(refused(await c.client.get(`${c.path}/${name}.pdf`), 409, 'state_conflict').state, 'draft');
    refused(await (await applicant()).get(`${org.path}/${name}.pdf`), 404, 'not_found');
  }
});

test('each slot takes what belongs into it, and says what was found', async () => {
  const c = await bringTo('awaiting_documents');
  for (const kind of c.kinds) {
    const bytes = await c.paper(kind);
    const d = ok(await c.put(kind, bytes));
    assert.equal(d.kind, kind);
    assert.equal(d.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.equal(d.size, bytes.length);
    assert.equal(d.content_type, 'image/jpeg');
    assert.equal(d.blocking, false);
    assert.ok(d.checks.length >= 4 && d.checks.every((check) => check.passed), JSON.stringify(d.checks));
    const shown = await c.client.get(`${c.path}/documents/${kind}`);
    assert.ok(shown.body.equals(bytes));
    assert.equal(shown.type, 'image/jpeg');
    assert.equal(shown.headers['x-content-type-options'], 'nosniff');
    assert.match(shown.headers['cache-control'], /private|no-store/);
    assert.equal((await c.client.get(`${c.path}/documents/${kind}`, { etag: shown.headers.etag })).status, 304);
  }
  const order = await c.order();
  assert.deepEqual(order.documents.map((d) => d.kind).sort(), [...c.kinds].sort());
  assert.equal(ok(await c.client.post(`${c.path}/documents/confirmation`)).state, 'awaiting_identity');
  const { items } = ok(await c.client.get(`${c.path}/events`));
  assert.equal(items.at(-1).type, 'documents_confirmed');
  const trail = await psql(`SELECT e.action, e.detail->>'kind' FROM audit_event e JOIN orders o ON o.id = e.order_id
    WHERE o.order_no = '${c.orderNo}' AND e.action = 'document_uploaded' ORDER BY e.seq`);
  assert.deepEqual(trail.map(([, kind]) => kind), c.kinds);
});

test('a PDF is taken too, whatever the header calls it', async () => {
  const pdf = await org.paper('application_form', { type: 'pdf' });
  const d = ok(await org.put('application_form', pdf, 'image/jpeg'));
  assert.equal(d.content_type, 'application/pdf');
  assert.equal(by(d.checks).form_qr, true);
  const shown = await org.client.get(`${org.path}/documents/application_form`);
  assert.equal(shown.type, 'application/pdf');
  assert.match(shown.headers['content-disposition'], /application_form\.pdf/);
});

test('what lies on disk is sealed', { skip: process.getuid() !== 0 && 'only root may look' }, async () => {
  const d = ok(await org.put('business_licence', await org.paper('business_licence')));
  const { stdout } = await run('head', ['-c', '16', `${dir}/documents/${d.sha256.slice(0, 2)}/${d.sha256.slice(2)}`], { encoding: 'buffer' });
  assert.notEqual(stdout.subarray(0, 3).toString('hex'), 'ffd8ff');
});

test('a form of another order or of an older revision blocks, one without seal or code is kept', async () => {
  const other = await bringTo('awaiting_documents');
  const foreign = ok(await org.put('application_form', await other.paper('application_form')));
  assert.equal(by(foreign.checks).form_qr, false);
  assert.equal(foreign.blocking, true);
  assert.deepEqual(pointers(refused(await org.client.post(`${org.path}/documents/confirmation`), 422, 'invalid')).filter((p) => p.endsWith('application_form')),
    ['/documents/application_form']);
  const plain = ok(await org.put('application_form', await scan([], { pdf: await org.pdf() })));
  assert.equal(by(plain.checks).red_seal, false);
  assert.equal(by(plain.checks).form_qr, true);
  assert.equal(plain.blocking, false);
  const wrongSlot = ok(await org.put('application_form', await org.paper('seal_collection_form')));
  assert.equal(wrongSlot.blocking, true);
});

test('papers of before an edit are named again when what they show has changed', async () => {
  const c = await bringTo('awaiting_documents');
  await c.uploadAll();
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ delivery: { address: '测试路9号' } }); // not printed
  await c.confirm();
  const reopened = await c.order();
  assert.equal(reopened.documents.length, 3);
  ok(await c.client.post(`${c.path}/documents/confirmation`));
  ok(await c.client.post(`${c.path}/form/reopening`)); // from awaiting_identity
  await c.fill({ handler: { department: '法务部' } }); // printed
  await c.confirm();
  assert.deepEqual(pointers(refused(await c.client.post(`${c.path}/documents/confirmation`), 422, 'invalid')), ['/documents/application_form']);
  ok(await c.client.post(`${c.path}/form/reopening`));
  const name = `${c.form.organisation.name}分公司`;
  await c.fill({ organisation: { name }, bank_account: { account_name: name } }); // stamped
  await c.confirm();
  assert.deepEqual(pointers(refused(await c.client.post(`${c.path}/documents/confirmation`), 422, 'invalid')),
    ['/documents/application_form', '/documents/business_licence', '/documents/seal_collection_form']);
  await c.uploadAll();
  await c.confirmDocuments();
});

test('nothing is handed in while something is missing', async () => {
  const c = await bringTo('awaiting_documents', { type: 'natural_person' });
  const problem = refused(await c.client.post(`${c.path}/documents/confirmation`), 422, 'invalid');
  assert.deepEqual(pointers(problem), ['/documents/application_form', '/documents/seal_collection_form']);
  assert.match(problem.errors[0].detail, /请上传/);
  await c.upload('application_form');
  assert.deepEqual(pointers(refused(await c.client.post(`${c.path}/documents/confirmation`), 422, 'invalid')), ['/documents/seal_collection_form']);
  assert.equal((await c.order()).state, 'awaiting_documents');
});

test('removal empties the slot, once', async () => {
  ok(await person.put('application_form', await person.paper('application_form')));
  const path = `${person.path}/documents/application_form`;
  ok(await person.client.delete(path), 204);
  refused(await person.client.get(path), 404, 'not_found');
  refused(await person.client.delete(path), 404, 'not_found');
});

test('what cannot be opened is refused in words, and nothing is kept', async () => {
  const jpeg = await person.paper('application_form');
  const encrypted = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R/Encrypt 9 0 R>>\n');
  const cases = [
    [jpeg.subarray(0, jpeg.length / 2), 422, 'document_unreadable'],
    [encrypted, 422, 'document_unreadable'],
    [Buffer.from('%PDF-1.7\nnothing here'), 422, 'document_unreadable'],
    [await scan(['--blank', '--dpi', '40']), 422, 'document_unreadable'],
    [Buffer.from('<html><script>1</script></html>'), 415, 'unsupported_type'],
    [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 415, 'unsupported_type'],
    [Buffer.from('PK\x03\x04 a zip'), 415, 'unsupported_type'],
  ];
  for (const [bytes, status, code] of cases) {
    const problem = refused(await person.put('seal_collection_form', bytes, 'application/pdf'), status, code);
    assert.deepEqual(pointers(problem), ['']);
    assert.ok(problem.errors[0].detail.length > 5);
  }
  const empty = await person.put('seal_collection_form', Buffer.alloc(0));
  assert.ok([415, 422].includes(empty.status), String(empty.status));
  assert.ok(!(await person.order()).documents.some((d) => d.kind === 'seal_collection_form'));
  assert.match(refused(await person.client.call('PUT', `${person.path}/documents/application_form`,
    { body: jpeg.subarray(0, 5000), type: 'image/jpeg', lang: 'en' }), 422, 'document_unreadable').errors[0].detail, /scan/);
});

test('2 MiB are taken, one byte more is not', async () => {
  const jpeg = await licence('沈阳测试界限有限公司', '91210102MA0ABCD1XL');
  const comment = (n) => { // a segment of n bytes that readers skip
    const head = Buffer.from([0xff, 0xfe, n >> 8, n & 255]);
    return Buffer.concat([head, Buffer.alloc(n - 2, 32)]);
  };
  const filled = (size) => {
    let left = size - jpeg.length;
    const parts = [];
    while (left > 0) {
      const n = Math.min(left, 60000) < 4 ? left : Math.min(left === 60001 || left === 60002 || left === 60003 ? 30000 : left, 60000);
      parts.push(comment(n - 2));
      left -= n;
    }
    return Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
  };
  const most = filled(LIMIT);
  assert.equal(most.length, LIMIT);
  assert.equal(ok(await org.put('business_licence', most)).size, LIMIT);
  refused(await org.put('business_licence', filled(LIMIT + 1)), 413, 'too_large');
  refused(await org.put('business_licence', Buffer.alloc(4 << 20)), 413, 'too_large');
});

test('slots that an order does not have, and times at which it takes nothing', async () => {
  const jpeg = await licence('沈阳测试', '91210102MA0ABCD1XL');
  for (const kind of ['business_licence', 'id_front', 'liveness_video', 'nothing'])
    refused(await person.put(kind, jpeg), 404, 'not_found');
  assert.equal(refused(await person.put('payment_voucher', jpeg), 409, 'state_conflict').state, 'awaiting_documents');
  const draft = await bringTo('draft');
  refused(await draft.put('application_form', jpeg), 409, 'state_conflict');
  refused(await draft.client.delete(`${draft.path}/documents/application_form`), 409, 'state_conflict');
  refused(await draft.client.post(`${draft.path}/documents/confirmation`), 409, 'state_conflict');
  const stranger = await applicant();
  refused(await stranger.upload(`${org.path}/documents/business_licence`, jpeg, 'image/jpeg'), 404, 'not_found');
  refused(await stranger.get(`${org.path}/documents/business_licence`), 404, 'not_found');
  refused(await stranger.post(`${org.path}/documents/confirmation`), 404, 'not_found');
  const later = await bringTo('awaiting_identity');
  refused(await later.put('business_licence', jpeg), 409, 'state_conflict');
});

test('a second browser with the same paper changes nothing twice', async () => {
  const c = await bringTo('awaiting_documents', { type: 'natural_person' });
  const bytes = await c.paper('application_form');
  const replies = await Promise.all(Array.from({ length: 6 }, () => c.client.twin().upload(`${c.path}/documents/application_form`, bytes, 'image/jpeg')));
  for (const reply of replies) ok(reply);
  assert.equal((await c.order()).documents.length, 1);
  const [[current]] = await psql(`SELECT count(*) FROM document d JOIN orders o ON o.id = d.order_id WHERE o.order_no = '${c.orderNo}' AND d.is_current`);
  assert.equal(current, '1');
});

test('an identity check that still holds is not asked for again (T05b)', async () => {
  const c = await bringTo('awaiting_payment');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { title: '总监' } });
  await c.confirm();
  await c.upload('application_form');
  assert.equal((await c.confirmDocuments()).state, 'awaiting_payment');
  ok(await c.client.post(`${c.path}/form/reopening`));
  await c.fill({ handler: { mobile: '13312345678' } }); // somebody else, as far as the carrier is concerned
  await c.confirm();
  await c.upload('application_form');
  assert.equal((await c.confirmDocuments()).state, 'awaiting_identity');
});

test('staff look at the papers, and each look is written down', async () => {
  const c = await bringTo('awaiting_identity');
  const reviewer = await staff('reviewer');
  const reply = await reviewer.get(`${c.adminPath}/documents/business_licence`);
  ok(reply);
  assert.equal(reply.type, 'image/jpeg');
  refused(await (await staff('finance')).get(`${c.adminPath}/documents/business_licence`), 403, 'forbidden');
  refused(await (await staff('auditor')).get(`${c.adminPath}/documents/business_licence`), 403, 'forbidden');
  refused(await reviewer.get(`${c.adminPath}/documents/payment_voucher`), 404, 'not_found');
  refused(await reviewer.get(`${c.adminPath}/documents/id_front`), 404, 'not_found');
  const looks = await psql(`SELECT e.detail->>'kind' FROM audit_event e JOIN orders o ON o.id = e.order_id WHERE o.order_no = '${c.orderNo}' AND e.action = 'document_seen'`);
  assert.deepEqual(looks, [['business_licence']]);
});
