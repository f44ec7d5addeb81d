// The rules of forms.md as the page knows them; the hall checks all of it again. The words are those of base/fault.def.
import * as faults from 'defs:fault-zh'; // those named below alone are bundled
import { today } from '../../shared/words';
import { either } from '../text';

export const say = (row: faults.Row, ...values: number[]): string => {
  let i = 0;
  return either(row.en, row.zh).replace(/%\w*d/g, () => String(values[i++]));
};

export const clean = (text: string): string => text.normalize('NFKC').replace(/[\s　]+/g, ' ').trim();
const compact = (text: string): string => clean(text).replace(/[\s-]/g, '');

/** What is stored of what was typed. */
export function tidy(rule: string, text: string): string {
  switch (rule) {
    case 'USCC': case 'ID': case 'TAX': return compact(text).toUpperCase();
    case 'ACCOUNT': case 'CARD': return compact(text);
    case 'MOBILE': return compact(text).replace(/^(?:\+86|0086)/, '');
    case 'PHONE': return clean(text).replace(/\s/g, '').replace(/^(?:\+86|0086)(?=1)/, '');
    case 'CLEAN': return text.normalize('NFC').replace(/[\s　]+/g, ' ').trim();
    default: return clean(text);
  }
}

const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CATEGORIES: Record<string, string> = { 1: '1239', 2: '19', 3: '123459', 4: '19', 5: '1239', 6: '129', 7: '129', 8: '19', 9: '123', A: '19', N: '1239', Y: '1' };

export function uscc(code: string): string {
  if (!/^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/.test(code)) return say(faults.USCC_FORMAT);
  if (!CATEGORIES[code[0]]?.includes(code[1])) return say(faults.USCC_CATEGORY);
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i++, weight = (weight * 3) % 31) sum += USCC.indexOf(code[i]) * weight;
  return USCC[(31 - (sum % 31)) % 31] === code[17] ? '' : say(faults.USCC_CHECK);
}

const PROVINCES = ' 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 ';

export function isDate(text: string): boolean {
  const [, y, m, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (!y || y < 1900 || !m || !d) return false;
  const date = new Date(Date.UTC(y, m - 1, d));
  return date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
}

function residentId(number: string): string {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return say(faults.ID_FORMAT);
  if (!PROVINCES.includes(` ${number.slice(0, 2)} `)) return say(faults.ID_REGION);
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDate(born) || born > today()) return say(faults.ID_BIRTH);
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((all, weight, i) => all + weight * Number(number[i]), 0);
  return '10X98765432'[sum % 11] === number[17] ? '' : say(faults.ID_CHECK);
}

export function idNumber(kind: string, number: string, adult: faults.Row | null): string {
  if (kind === 'passport') return /^[0-9A-Z]{5,20}$/.test(number) ? '' : say(faults.PASSPORT);
  const wrong = residentId(number);
  if (wrong) return wrong;
  if (kind === 'residence_permit' && !/^8[123]/.test(number)) return say(faults.ID_PERMIT);
  const age = Number(today().replace(/-/g, '')) - Number(number.slice(6, 14));
  return adult && age < 180000 ? say(adult) : '';
}

function luhn(digits: string): boolean {
  const sum = Array.from(digits).reverse().reduce((all, digit, i) => {
    const n = Number(digit) * (i % 2 ? 2 : 1);
    return all + (n > 9 ? n - 9 : n);
  }, 0);
  return sum % 10 === 0;
}

export function account(number: string, personal: boolean): string {
  if (!personal) return /^\d{6,32}$/.test(number) ? '' : say(faults.ACCOUNT_FORMAT);
  if (!/^\d{12,19}$/.test(number)) return say(faults.CARD_FORMAT);
  return /^62\d{14,17}$/.test(number) && !luhn(number) ? say(faults.CARD_CHECK) : '';
}

export function taxNumber(number: string): string {
  if (!/^(?:[0-9A-Z]{15}|[0-9A-Z]{17}|[0-9A-Z]{18}|[0-9A-Z]{20})$/.test(number)) return say(faults.TAX_FORMAT);
  if (number.length === 18 && uscc(number) && residentId(number)) return say(faults.TAX_CHECK);
  return '';
}

export const mobile = (text: string): string => (/^1[3-9]\d{9}$/.test(text) ? '' : say(faults.MOBILE));
export const phone = (text: string): string => (/^1[3-9]\d{9}$/.test(text) || /^0\d{2,3}-?\d{7,8}(?:-\d{1,6})?$/.test(text) ? '' : say(faults.PHONE));
export const email = (text: string): string => (text.length <= 100 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text) ? '' : say(faults.EMAIL));
export const words = (text: string): string => (/[<>"\\`\p{Cc}]/u.test(text) ? say(faults.CHARACTERS) : '');
export const personName = (text: string): string => (/^(?:[\p{Script=Han}〇]+(?:·[\p{Script=Han}〇]+)*|[\p{Script=Latin}][\p{Script=Latin} .'’-]*)$/u.test(text) ? '' : say(faults.NAME));
