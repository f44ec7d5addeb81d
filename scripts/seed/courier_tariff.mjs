// Makes sql/seed/courier_tariff.tsv: what the courier costs by province of the
// address, for projects whose sender pays. The three prices are known; which
// province pays which is an assumption that the CA has to confirm.
//
//   node scripts/seed/courier_tariff.mjs
import { fileURLToPath } from 'node:url';
import { writeTsv } from './tsv.mjs';

const OUT = fileURLToPath(new URL('../../sql/seed/courier_tariff.tsv', import.meta.url));
const VALID_FROM = '2026-01-01';

// 台湾 (71), 香港 (81) and 澳门 (82) are not served: no row.
const ZONES = [
  [1200, '44'],
  [1300, '35 36 43 45 46'],
  [2100, '11 12 13 14 15 21 22 23 31 32 33 34 37 41 42 50 51 52 53 54 61 62 63 64 65'],
];

export function makeTariff() {
  const rows = ZONES.flatMap(([fee, provinces]) => provinces.split(' ').map((p) => (
    { province_code: `${p}0000`, fee_fen: fee, valid_from: VALID_FROM })));
  return rows.sort((a, b) => (a.province_code < b.province_code ? -1 : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTsv(OUT, ['province_code', 'fee_fen', 'valid_from'], makeTariff());
}
