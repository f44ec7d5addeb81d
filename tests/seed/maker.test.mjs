// The makers of the seed files: check digit, compact list, complete list.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { acceptRows, interbankNumberOk, parseCompact, parseCsv } from '../../scripts/seed/bank_branch.mjs';
import { readTsv, tsvCell } from '../../scripts/seed/tsv.mjs';

const file = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const regions = readTsv(file('sql/seed/region.tsv'));

test('the check digit catches every wrong digit and nearly every swap of neighbours', () => {
  const code = '102221000727';
  let missed = 0;
  assert.ok(interbankNumberOk(code));
  for (let i = 0; i < 12; i += 1) {
    for (let d = 0; d < 10; d += 1) {
      const wrong = code.slice(0, i) + d + code.slice(i + 1);
      assert.equal(interbankNumberOk(wrong), wrong === code, wrong);
    }
    if (i < 11 && code[i] !== code[i + 1]) {
      const swapped = code.slice(0, i) + code[i + 1] + code[i] + code.slice(i + 2);
      if (interbankNumberOk(swapped)) missed += 1;
    }
  }
  assert.ok(missed <= 1, String(missed));
  for (const bad of ['', '10222100072', '1022210007277', '10222100072X', '１02221000727']) {
    assert.ok(!interbankNumberOk(bad), bad);
  }
});

test('the compact list expands', () => {
  const rows = parseCompact([
    '# a comment', '* 102 中国工商银行', '= 2210 210100 中国工商银行股份有限公司沈阳',
    '00727 小西', '05005 分行账务管理中心$', '00743 !中国工商银行沈阳南塔支行',
    '* 313 -', '= 1000 110000 -', '00013 !北京银行(总行）', ''].join('\n'));
  assert.deepEqual(rows.map((r) => r.name), [
    '中国工商银行股份有限公司沈阳小西支行', '中国工商银行股份有限公司沈阳分行账务管理中心',
    '中国工商银行沈阳南塔支行', '北京银行（总行）']);
  assert.deepEqual(rows[0], {
    code: '102221000727', name: '中国工商银行股份有限公司沈阳小西支行', bank_name: '中国工商银行',
    province_code: '210000', city_code: '210100' });
  assert.equal(rows[3].bank_name, '北京银行');
  assert.equal(rows[3].city_code, null);
  assert.throws(() => parseCompact('* 102 x\n= 2210 210100 -\n00727 a b\n'));
});

test('the complete list is read, placed and cleaned', () => {
  const csv = ['LName,BankCode,BankName,BankId,CityCode,CityName,ProvinceName,ProvinceCode',
    '中国工商银行股份有限公司清原满族自治县支行,102234408215,中国工商银行,1,2344,清原县,辽宁省,21',
    '盛京银行营业部,313221030104,C 城市商业银行,9,2210,沈阳市,辽宁省,21',
    '中国工商银行股份有限公司北京新华支行　,102100000021,中国工商银行,1,1000,北京市,北京市,11',
    '大连银行股份有限公司(不对外办理业务）,313222080002,C 城市商业银行,9,2220,大连市,辽宁省,21',
    '写错的支行,102221000728,中国工商银行,1,2210,沈阳市,辽宁省,21',
    '盛京银行营业部,313221030104,C 城市商业银行,9,2210,沈阳市,辽宁省,21'].join('\r\n');
  const { accepted, dropped } = acceptRows(parseCsv(csv, regions), regions);
  assert.deepEqual(accepted.map((r) => [r.code, r.bank_name, r.province_code, r.city_code]), [
    ['102100000021', '中国工商银行', '110000', null],
    ['102234408215', '中国工商银行', '210000', '210400'],
    ['313221030104', '盛京银行', '210000', '210100']]);
  assert.equal(accepted[0].name, '中国工商银行股份有限公司北京新华支行');
  assert.deepEqual(dropped.map((d) => d.split(': ')[1]), ['no customers', 'check digit', 'twice']);
});

test('the list in the repository makes the table in the repository', () => {
  const { accepted } = acceptRows(
    parseCompact(fs.readFileSync(file('scripts/seed/bank_branch.txt'), 'utf8')), regions);
  assert.deepEqual(accepted, readTsv(file('sql/seed/bank_branch.tsv')));
});

test('a cell that COPY would misread is refused', () => {
  assert.equal(tsvCell(null), '\\N');
  assert.equal(tsvCell(12), '12');
  for (const bad of ['a\tb', 'a\nb', 'a\\b', 'e\u0301', '\u0000']) assert.throws(() => tsvCell(bad));
});
