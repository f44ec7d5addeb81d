// What applicants scan: printed forms with signature and seal, licences, vouchers.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { tool } from './house.mjs';

const run = promisify(execFile);

/** Bytes that scan-maker makes; words are its arguments, `type` is jpg or pdf. */
export async function scan(words, { pdf, type = 'jpg' } = {}) {
  const dir = mkdtempSync(`${tmpdir()}/scan-`);
  try {
    if (pdf) writeFileSync(`${dir}/in.pdf`, pdf);
    await run(tool('scan-maker'), [...(pdf ? ['--pdf', `${dir}/in.pdf`] : []), ...words, '-o', `${dir}/out.${type}`]);
    return readFileSync(`${dir}/out.${type}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export const stampedForm = (pdf, name, more = {}) => scan(['--sign', '--seal', name, ...(more.words ?? [])], { pdf, ...more });
export const stampedSeal = (pdf, name, more = {}) => scan(['--seal', name, '--dpi', '300', ...(more.words ?? [])], { pdf, ...more });
export const licence = (name, uscc, more = {}) => scan(['--licence', name, uscc, ...(more.words ?? [])], more);
export const voucher = (payer, amount, more = {}) => scan(['--voucher', payer, amount, ...(more.words ?? [])], more);
