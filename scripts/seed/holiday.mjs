// Makes sql/seed/holiday.tsv from the notices of the General Office of the
// State Council, written down below. A new year: add the notice, run, load.
//
//   node scripts/seed/holiday.mjs
import { fileURLToPath } from 'node:url';
import { writeTsv } from './tsv.mjs';

const OUT = fileURLToPath(new URL('../../sql/seed/holiday.tsv', import.meta.url));

// [name, first day off, last day off, working days that make up for it]
const NOTICES = {
  // 国办发明电〔2024〕12号, 2024-11-12
  2025: [
    ['元旦', '01-01', '01-01', []],
    ['春节', '01-28', '02-04', ['01-26', '02-08']],
    ['清明节', '04-04', '04-06', []],
    ['劳动节', '05-01', '05-05', ['04-27']],
    ['端午节', '05-31', '06-02', []],
    ['国庆节、中秋节', '10-01', '10-08', ['09-28', '10-11']],
  ],
  // 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04
  2026: [
    ['元旦', '01-01', '01-03', ['01-04']],
    ['春节', '02-15', '02-23', ['02-14', '02-28']],
    ['清明节', '04-04', '04-06', []],
    ['劳动节', '05-01', '05-05', ['05-09']],
    ['端午节', '06-19', '06-21', []],
    ['中秋节', '09-25', '09-27', []],
    ['国庆节', '10-01', '10-07', ['09-20', '10-10']],
  ],
};

const DAY = 86_400_000;
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

export function makeHolidays(notices = NOTICES) {
  const rows = [];
  for (const [year, holidays] of Object.entries(notices)) {
    for (const [name, first, last, makeUp] of holidays) {
      for (let d = Date.parse(`${year}-${first}`); d <= Date.parse(`${year}-${last}`); d += DAY) {
        rows.push({ date: iso(d), kind: 'holiday', name });
      }
      for (const day of makeUp) rows.push({ date: `${year}-${day}`, kind: 'workday', name: `${name}调休` });
    }
  }
  return rows.sort((a, b) => (a.date < b.date ? -1 : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTsv(OUT, ['date', 'kind', 'name'], makeHolidays());
}
