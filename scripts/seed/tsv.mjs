// Tab-separated files as PostgreSQL's COPY reads them: one header line, \N for
// NULL, no quoting. Used by the makers here and by tests/seed.
import fs from 'node:fs';

const FORBIDDEN = /[\t\n\r\\\u0000-\u001f\u007f]/u;

export function tsvCell(value) {
  if (value === null || value === undefined || value === '') return '\\N';
  const text = String(value);
  if (FORBIDDEN.test(text)) throw new Error(`cell not allowed in TSV: ${JSON.stringify(text)}`);
  if (text !== text.normalize('NFC')) throw new Error(`cell is not NFC: ${text}`);
  return text;
}

export function writeTsv(file, columns, rows) {
  const lines = rows.map((row) => columns.map((c) => tsvCell(row[c])).join('\t'));
  fs.writeFileSync(file, [columns.join('\t'), ...lines, ''].join('\n'));
  process.stdout.write(`${file}: ${rows.length} rows\n`);
}

export function readTsv(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error(`${file}: last line has no newline`);
  const columns = lines.shift().split('\t');
  return lines.map((line, n) => {
    const cells = line.split('\t');
    if (cells.length !== columns.length) throw new Error(`${file}:${n + 2}: ${cells.length} cells`);
    return Object.fromEntries(columns.map((c, i) => [c, cells[i] === '\\N' ? null : cells[i]]));
  });
}
