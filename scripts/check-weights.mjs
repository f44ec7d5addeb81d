// What the pages weigh, gzipped, against what they may: fails with the name of the part that is too
// heavy. The build writes www/dist/weights.json.
//   node scripts/check-weights.mjs
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const KB = 1000;
// first: document, style and scripts of the first visit, the page's own part included; later: a part that comes afterwards
const MOST = { hall: { first: 40, later: 10 }, h5: { first: 15, later: 10 }, staff: { first: 60, later: 25 } };
// What the first page of a visit brings besides; the form is the heaviest page of the hall.
const WITH = { hall: [['front.ts'], ['person.ts'], ['orders.ts'], ['reading.ts'], ['begin.ts', 'form.ts'], ['begin.ts', 'papers.ts']], h5: [[]], staff: [[], ['desk.tsx'], ['review/review.tsx']] };

const weighed = JSON.parse(readFileSync(fileURLToPath(new URL('../www/dist/weights.json', import.meta.url))));
const wrong = [];
const judge = (what, bytes, most) => { if (bytes > most * KB) wrong.push(`${what}: ${(bytes / KB).toFixed(1)} KB, may be ${most}`); };
for (const [name, { first, parts }] of Object.entries(weighed)) {
  for (const [part, bytes] of Object.entries(parts)) judge(`${name}/${part}`, bytes, MOST[name].later);
  for (const with_ of WITH[name]) {
    const unknown = with_.find((part) => !(part in parts));
    if (unknown) throw new Error(`${name} has no part ${unknown}`);
    judge(`first visit: ${[name, ...with_].join(' + ')}`, with_.reduce((all, part) => all + parts[part], first), MOST[name].first);
  }
}
for (const line of wrong) console.error(`scripts/check-weights: ${line}`);
process.exit(wrong.length ? 1 : 0);
