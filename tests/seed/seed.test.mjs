// The seed files are what sql/seed/README.md says they are.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { interbankNumberOk } from '../../scripts/seed/bank_branch.mjs';
import { makeTariff } from '../../scripts/seed/courier_tariff.mjs';
import { makeHolidays } from '../../scripts/seed/holiday.mjs';
import { readTsv } from '../../scripts/seed/tsv.mjs';

const seed = (name) => fileURLToPath(new URL(`../../sql/seed/${name}`, import.meta.url));
const TABLES = ['region.tsv', 'bank_branch.tsv', 'holiday.tsv', 'courier_tariff.tsv'];
const regions = readTsv(seed('region.tsv'));
const byCode = new Map(regions.map((r) => [r.code, r]));
const branches = readTsv(seed('bank_branch.tsv'));
const holidays = readTsv(seed('holiday.tsv'));
const tariff = readTsv(seed('courier_tariff.tsv'));

const unique = (values) => assert.equal(new Set(values).size, values.length, 'a value occurs twice');
const sorted = (values) => assert.deepEqual(values, [...values].sort());
const asStrings = (rows) => rows.map((row) => (
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v === null ? null : String(v)]))));

test('tables are NFC, without stray white space and control characters', () => {
  for (const name of TABLES) {
    const text = fs.readFileSync(seed(name), 'utf8');
    assert.equal(text, text.normalize('NFC'), name);
    assert.doesNotMatch(text, /[\r\u0000-\u0008\u000b-\u001f\u007f\u00a0\u3000\ufeff\ufffd]/u, name);
    assert.doesNotMatch(text, /(^|\t) | (\t|$)/mu, name);
    assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), name);
  }
});

test('regions form three levels, and every parent exists one level up', () => {
  unique(regions.map((r) => r.code));
  sorted(regions.map((r) => r.code));
  for (const r of regions) {
    assert.match(r.code, /^[1-8]\d{5}$/u);
    assert.ok(r.name.length >= 1 && r.name.length <= 20, r.name);
    if (r.level === '1') {
      assert.equal(r.parent_code, null);
      assert.match(r.code, /0000$/u);
      continue;
    }
    const parent = byCode.get(r.parent_code);
    assert.ok(parent, `${r.code} has no parent`);
    assert.equal(Number(parent.level), Number(r.level) - 1, r.code);
    assert.equal(r.code.slice(0, 2), parent.code.slice(0, 2), r.code);
    if (r.level === '2') assert.match(r.code, /[1-9]\d00$|0[1-9]00$/u);
    else assert.equal(r.code.slice(0, 4), parent.code.slice(0, 4), r.code);
  }
});

test('regions are complete', () => {
  const count = (level) => regions.filter((r) => r.level === level).length;
  assert.equal(count('1'), 34);
  assert.equal(count('2'), 342);
  assert.ok(count('3') >= 2840 && count('3') <= 2900, String(count('3')));
  assert.equal(byCode.get('210102').name, '和平区');
  assert.equal(byCode.get('210103').name, '沈河区');
  assert.equal(byCode.get('440305').name, '南山区');
  assert.equal(byCode.get('500243').parent_code, '500200');
  for (const code of ['710000', '810000', '820000']) {
    assert.ok(!regions.some((r) => r.parent_code === code), code);
  }
  // Liaoning: fourteen cities, a hundred districts
  assert.equal(regions.filter((r) => r.parent_code === '210000').length, 14);
  assert.equal(regions.filter((r) => r.level === '3' && r.code.startsWith('21')).length, 100);
});

test('only the four cities without districts end on level 2', () => {
  const parents = new Set(regions.map((r) => r.parent_code));
  const leaves = regions.filter((r) => r.level === '2' && !parents.has(r.code)).map((r) => r.code);
  assert.deepEqual(leaves, ['441900', '442000', '460400', '620200']);
});

test('bank branches have a right check digit and a known place', () => {
  unique(branches.map((b) => b.code));
  sorted(branches.map((b) => b.code));
  for (const b of branches) {
    assert.ok(interbankNumberOk(b.code), b.code);
    assert.equal(byCode.get(b.province_code)?.level, '1', b.code);
    const municipality = ['110000', '120000', '310000', '500000'].includes(b.province_code);
    assert.equal(b.city_code === null, municipality, b.code);
    if (b.city_code) {
      assert.equal(byCode.get(b.city_code)?.level, '2', b.code);
      assert.equal(b.city_code.slice(0, 2), b.province_code.slice(0, 2), b.code);
    }
    assert.ok(b.name.length >= 4 && b.name.length <= 60, b.name);
    assert.doesNotMatch(b.name, /[<>"`()\s]|不对外/u, b.name);
    assert.ok(b.bank_name.length >= 4 && b.bank_name.length <= 20, b.bank_name);
  }
});

test('the city in the number and the city of the row agree', () => {
  const prefixes = new Map();
  for (const b of branches) {
    const city = b.code.slice(3, 7);
    const place = b.city_code ?? b.province_code;
    if (!prefixes.has(city)) prefixes.set(city, place);
    assert.equal(prefixes.get(city), place, b.code);
  }
  assert.equal(prefixes.get('2210'), '210100');
  assert.equal(prefixes.get('2220'), '210200');
  assert.equal(prefixes.get('5840'), '440300');
});

test('there are branches enough for suppliers of Liaoning', () => {
  assert.ok(branches.length >= 2000, String(branches.length));
  const liaoning = branches.filter((b) => b.province_code === '210000');
  assert.ok(liaoning.length >= 1500, String(liaoning.length));
  const cities = new Set(liaoning.map((b) => b.city_code));
  assert.equal(cities.size, 14);
  for (const bank of ['中国工商银行', '中国农业银行', '中国银行', '中国建设银行', '交通银行',
    '招商银行', '中信银行', '中国光大银行', '中国民生银行', '盛京银行', '大连银行']) {
    assert.ok(liaoning.filter((b) => b.bank_name === bank).length >= 40, bank);
  }
  assert.ok(liaoning.some((b) => b.name.includes('工商')));
});

test('the calendar has whole notices, valid days and no contradiction', () => {
  unique(holidays.map((h) => h.date));
  sorted(holidays.map((h) => h.date));
  for (const h of holidays) {
    const day = new Date(`${h.date}T00:00:00Z`);
    assert.equal(day.toISOString().slice(0, 10), h.date);
    assert.ok(['holiday', 'workday'].includes(h.kind), h.kind);
    // a make-up day is always a Saturday or a Sunday
    if (h.kind === 'workday') assert.ok([0, 6].includes(day.getUTCDay()), h.date);
  }
  const count = (year, kind) => holidays.filter((h) => h.date.startsWith(year) && h.kind === kind).length;
  assert.deepEqual([count('2025', 'holiday'), count('2025', 'workday')], [28, 5]);
  assert.deepEqual([count('2026', 'holiday'), count('2026', 'workday')], [33, 6]);
  const kind = (date) => holidays.find((h) => h.date === date)?.kind;
  assert.equal(kind('2026-02-14'), 'workday');
  assert.equal(kind('2026-02-15'), 'holiday');
  assert.equal(kind('2026-10-08'), undefined);
  assert.deepEqual(asStrings(makeHolidays()), holidays);
});

test('the courier fee covers every province that is served', () => {
  unique(tariff.map((t) => `${t.province_code} ${t.valid_from}`));
  for (const t of tariff) {
    assert.equal(byCode.get(t.province_code)?.level, '1', t.province_code);
    assert.ok(['1200', '1300', '2100'].includes(t.fee_fen), t.fee_fen);
    assert.match(t.valid_from, /^\d{4}-\d{2}-\d{2}$/u);
  }
  const served = new Set(tariff.map((t) => t.province_code));
  const provinces = regions.filter((r) => r.level === '1').map((r) => r.code);
  assert.deepEqual(provinces.filter((p) => !served.has(p)), ['710000', '810000', '820000']);
  assert.equal(tariff.find((t) => t.province_code === '210000').fee_fen, '2100');
  assert.equal(tariff.find((t) => t.province_code === '440000').fee_fen, '1200');
  assert.deepEqual(asStrings(makeTariff()), tariff);
});
