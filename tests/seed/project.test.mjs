// Projects and agreements: whole, consistent with each other, fit to be shown.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const seed = (name) => fileURLToPath(new URL(`../../sql/seed/${name}`, import.meta.url));
const { agreements, projects } = JSON.parse(fs.readFileSync(seed('project.json'), 'utf8'));
const LANGUAGES = ['zh-CN', 'en'];
const read = (name) => fs.readFileSync(seed(name), 'utf8');
const han = (text) => (text.match(/\p{Script=Han}/gu) ?? []).length;

test('the agreements are there in both languages', () => {
  assert.deepEqual(agreements.map((a) => a.id), ['service', 'privacy', 'information', 'face']);
  for (const a of agreements) {
    assert.match(a.version, /^\d{4}-\d{2}$/u);
    assert.ok(['order', 'identity_check'].includes(a.asked));
    for (const language of LANGUAGES) {
      assert.equal(a.text[language], `agreement/${a.id}.${language}.md`);
      const text = read(a.text[language]);
      assert.equal(text, text.normalize('NFC'), a.text[language]);
      assert.equal(text.split('\n')[0], `# ${a.title[language]}`);
      assert.ok(text.includes(a.version), a.text[language]);
      // U+3000 separates the version from the date in the Chinese heads
      assert.doesNotMatch(text, /[\r\t\u0000-\u0008\u000b-\u001f\u007f\ufeff\ufffd]/u, a.text[language]);
      assert.ok(Buffer.byteLength(text) < 32768, a.text[language]);
    }
  }
  const files = fs.readdirSync(seed('agreement')).length;
  assert.equal(files, agreements.length * LANGUAGES.length);
});

test('the Chinese texts are complete, the English ones follow them', () => {
  for (const a of agreements) {
    const zh = read(a.text['zh-CN']);
    const en = read(a.text.en);
    assert.ok(han(zh) >= (a.id === 'face' ? 600 : 1000), `${a.id}: ${han(zh)}`);
    assert.equal(han(en), 0, a.id);
    const headings = (text) => (text.match(/^## /gmu) ?? []).length;
    const numbers = (text) => text.match(/^\*{0,2}\d+\.\d+/gmu) ?? [];
    assert.equal(headings(zh), headings(en), a.id);
    assert.deepEqual(numbers(zh), numbers(en), a.id);
    assert.equal((zh.match(/\*\*/gu) ?? []).length % 2, 0, a.id);
    assert.equal((en.match(/\*\*/gu) ?? []).length % 2, 0, a.id);
  }
});

test('the texts say what the law wants said', () => {
  const zh = Object.fromEntries(agreements.map((a) => [a.id, read(a.text['zh-CN'])]));
  for (const word of ['240.00元', '退款规则', '撤销', '挂失', 'PIN码', '证书失效后五年', '《电子认证业务规则》',
    '故意或者重大过失', '400-112-3838']) assert.ok(zh.service.includes(word), word);
  for (const word of ['个人信息保护法', '敏感个人信息', '撤回同意', '删除', '境内', '证书失效后五年', '二十四小时'])
    assert.ok(zh.privacy.includes(word), word);
  for (const word of ['电子签名法', '0.01元', '撤回', '基础电信运营商', '目的'])
    assert.ok(zh.information.includes(word), word);
  for (const word of ['人脸识别技术应用安全管理办法', '其他核验方式', '不增加费用', '撤回', '影响评估'])
    assert.ok(zh.face.includes(word), word);
});

test('the projects are whole and agree with the texts', () => {
  assert.deepEqual(projects.map((p) => p.id), ['ccgp-liaoning', 'ccgp-liaoning-collect']);
  assert.deepEqual(projects.map((p) => p.courier_payer), ['sender', 'recipient']);
  const known = new Set(agreements.filter((a) => a.asked === 'order').map((a) => a.id));
  const kinds = ['application_form', 'business_licence', 'seal_collection_form', 'payment_voucher'];
  for (const p of projects) {
    assert.match(p.id, /^[a-z0-9-]{4,32}$/u);
    assert.equal(p.supplier_registration_url, 'http://www.ccgp-liaoning.gov.cn/');
    for (const language of LANGUAGES) assert.ok(p.name[language] && p.summary[language]);
    assert.deepEqual(p.agreements, [...known]);
    assert.deepEqual(p.certificate_types.map((t) => t.type), ['organisation', 'natural_person']);
    for (const t of p.certificate_types) {
      assert.equal(t.fee_fen_per_year, 24000);
      assert.deepEqual(t.years, [1, 2, 3]);
      assert.equal(t.algorithm, t.type === 'organisation' ? 'sm2' : 'p256');
      for (const d of [...t.documents, ...t.bank_transfer_documents]) assert.ok(kinds.includes(d), d);
      assert.equal(t.documents.includes('business_licence'), t.type === 'organisation');
    }
    const second = p.review.second_review;
    assert.deepEqual(second, {
      certificate_types: ['natural_person'], returned_at_least: 2, manual_identity: true, random_percent: 10 });
  }
});
