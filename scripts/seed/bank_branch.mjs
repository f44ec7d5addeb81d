// Makes sql/seed/bank_branch.tsv from bank_branch.txt, or, for the complete
// national table, from a CSV with the columns LName, BankCode, BankName,
// CityName, ProvinceCode (the file that bank_branch.txt names as source A has
// them):
//
//   node scripts/seed/bank_branch.mjs
//   node scripts/seed/bank_branch.mjs --csv cnaps.csv
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTsv, writeTsv } from './tsv.mjs';

const here = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const OUT = here('../../sql/seed/bank_branch.tsv');
const REGIONS = here('../../sql/seed/region.tsv');
const COLUMNS = ['code', 'name', 'bank_name', 'province_code', 'city_code'];

// 3 digits bank class, 4 city, 4 serial, 1 check digit. The check digit is the
// hybrid system MOD 11,10 of ISO 7064.
export function interbankNumberOk(code) {
  if (!/^[1-9]\d{11}$/.test(code)) return false;
  let p = 10;
  for (const digit of code.slice(0, 11)) {
    p = (p + Number(digit)) % 10 || 10;
    p = (p * 2) % 11;
  }
  return (11 - p) % 10 === Number(code[11]);
}

// Half of the sources' brackets are half-width and some do not match.
function cleanName(name) {
  return name.normalize('NFC').replace(/\s+/gu, '').replace(/\(/g, '（').replace(/\)/g, '）');
}

// An office that serves no customers cannot hold an applicant's account.
const servesCustomers = (name) => !name.includes('不对外');

const bankOf = (bank, name) => (bank === '-' ? (/^.*?银行/u.exec(name)?.[0] ?? name) : bank);

function expandName(prefix, rest) {
  if (rest.startsWith('!')) return rest.slice(1);
  if (rest === '$支行') return `${prefix}支行`;
  if (rest.endsWith('$')) return prefix + rest.slice(0, -1);
  return `${prefix}${rest}支行`;
}

export function parseCompact(text) {
  const rows = [];
  let bankClass;
  let bank;
  let city;
  let region;
  let prefix;
  text.split('\n').forEach((line, n) => {
    if (line === '' || line.startsWith('#')) return;
    const words = line.split(' ');
    if (words[0] === '*') {
      [, bankClass, bank] = words;
    } else if (words[0] === '=') {
      [, city, region, prefix] = words;
      if (prefix === '-') prefix = '';
    } else {
      if (words.length !== 2) throw new Error(`line ${n + 1}: ${line}`);
      const name = cleanName(expandName(prefix, words[1]));
      rows.push({
        code: bankClass + city + words[0],
        name,
        bank_name: bankOf(bank, name),
        province_code: `${region.slice(0, 2)}0000`,
        city_code: region.endsWith('0000') ? null : region,
      });
    }
  });
  return rows;
}

// The clearing system's city names are short ("清原县") and partly old
// ("普兰店市"): the region table is asked for the name, then for its stem.
export function cityFinder(regions) {
  const byName = new Map();
  const put = (province, name, city) => {
    const key = province + name;
    byName.set(key, byName.has(key) && byName.get(key) !== city ? null : city);
  };
  for (const r of regions) {
    if (r.level === '1') continue;
    const province = r.code.slice(0, 2);
    const city = r.level === '2' ? r.code : r.parent_code;
    put(province, r.name, city);
    put(province, `${r.name.slice(0, 2)}~`, city);
  }
  return (province, name) => byName.get(province + name) ?? byName.get(`${province}${name.slice(0, 2)}~`) ?? null;
}

export function parseCsv(text, regions) {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u).filter((l) => l !== '');
  const columns = lines.shift().split(',');
  const find = cityFinder(regions);
  const special = new Set(['110000', '120000', '310000', '500000']);
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (column) => cells[columns.indexOf(column)] ?? '';
    const name = cleanName(cell('LName'));
    const province = `${cell('ProvinceCode')}0000`;
    return {
      code: cell('BankCode').trim(),
      name,
      // the list names groups ("C 城市商业银行") where a class holds many banks
      bank_name: bankOf(/^[A-Z] /u.test(cell('BankName')) ? '-' : cell('BankName'), name),
      province_code: province,
      city_code: special.has(province) ? null : find(cell('ProvinceCode'), cell('CityName')),
    };
  });
}

export function acceptRows(rows, regions) {
  const known = new Set(regions.map((r) => r.code));
  const seen = new Set();
  const dropped = [];
  const accepted = rows.filter((row) => {
    let why = null;
    if (!interbankNumberOk(row.code)) why = 'check digit';
    else if (seen.has(row.code)) why = 'twice';
    else if (!servesCustomers(row.name)) why = 'no customers';
    else if (row.name === '' || !known.has(row.province_code)) why = 'no name or place';
    if (why) dropped.push(`${row.code} ${row.name}: ${why}`);
    else seen.add(row.code);
    return why === null;
  });
  for (const row of accepted) if (!known.has(row.city_code)) row.city_code = null;
  accepted.sort((a, b) => (a.code < b.code ? -1 : 1));
  return { accepted, dropped };
}

function main(args) {
  const regions = readTsv(REGIONS);
  const rows = args[0] === '--csv'
    ? parseCsv(fs.readFileSync(args[1], 'utf8'), regions)
    : parseCompact(fs.readFileSync(here('bank_branch.txt'), 'utf8'));
  const { accepted, dropped } = acceptRows(rows, regions);
  for (const line of dropped) process.stdout.write(`dropped ${line}\n`);
  writeTsv(OUT, COLUMNS, accepted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
