// Synthetic organisations, people and accounts: right by every rule, unlike any other in the house.
import { randomInt } from 'node:crypto';

const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const HAN = '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬东西南北';
const digits = (n) => Array.from({ length: n }, () => randomInt(10)).join('');
const pick = (alphabet, n) => Array.from({ length: n }, () => alphabet[randomInt(alphabet.length)]).join('');
const weighted = (text, alphabet, weights) => weights.reduce((sum, w, i) => sum + w * alphabet.indexOf(text[i]), 0);

/** GB 32100: a company of Shenyang. */
export function uscc() {
  const code = pick(USCC.slice(0, 30), 6);
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'; // GB 11714 counts all letters
  const rest = 11 - (weighted(`MA${code}`, alphabet, [3, 7, 9, 10, 5, 8, 4, 2]) % 11);
  const body = `91210102MA${code}${rest === 10 ? 'X' : rest === 11 ? '0' : rest}`;
  let weight = 1;
  const weights = Array.from({ length: 17 }, () => { const w = weight; weight = (weight * 3) % 31; return w; });
  return body + USCC[(31 - (weighted(body, USCC, weights) % 31)) % 31];
}

/** GB 11643: somebody grown up. */
export function idNumber({ year = randomInt(1960, 2003) } = {}) {
  const body = `210102${year}${String(randomInt(1, 13)).padStart(2, '0')}${String(randomInt(1, 29)).padStart(2, '0')}${digits(3)}`;
  return body + '10X98765432'[weighted(body, '0123456789', [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11];
}

/** A number that the sandbox's carrier knows nothing special about. */
export const mobile = () => `13${digits(5)}${randomInt(1000, 9000)}`;

/** A card number whose Luhn digit is right. */
export function card() {
  const body = `622202${digits(12)}`;
  const sum = [...body].reverse().reduce((s, d, i) => {
    const n = Number(d) * (i % 2 ? 1 : 2);
    return s + (n > 9 ? n - 9 : n);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

export const personName = () => `测试${pick(HAN, 2)}`;
export const organisationName = () => `沈阳测试${pick(HAN, 5)}科技有限公司`;
export const BANK = '102221000727'; // 中国工商银行 沈阳
export const REGION = '210102'; // 沈阳市和平区
export const ELSEWHERE = '440305'; // 深圳市南山区: another courier fee

const person = () => ({
  name: personName(), id_kind: 'resident_id_card', id_number: idNumber(), id_valid_to: '2040-12-31', mobile: mobile(),
  email: 'person@example.com', department: '采购部', title: '经理',
});
const delivery = (who) => ({ recipient: who.name, mobile: who.mobile, region: REGION, address: '测试路1号3楼', postcode: '110000' });

/** A whole form of this certificate type; `more` is laid over it, group by group. */
export function makeForm(type = 'organisation', more = {}) {
  const organisation = { name: organisationName(), licence_kind: 'business_licence', uscc: uscc() };
  const who = person();
  const form = type === 'organisation' ? {
    organisation: { ...organisation, region: REGION, address: '和平区测试街2号', valid_to: 'long_term', phone: '024-12345678', nature: 'enterprise' },
    handler: who,
    legal_representative: { name: personName(), id_kind: 'resident_id_card', id_number: idNumber(), mobile: mobile() },
    bank_account: { account_name: organisation.name, bank_code: BANK, account_number: digits(19) },
    delivery: delivery(who),
    invoice: { wanted: true, kind: 'ordinary', title: organisation.name, tax_number: organisation.uscc, email: 'invoice@example.com' },
  } : {
    organisation,
    applicant: who,
    bank_account: { account_name: who.name, bank_code: BANK, account_number: card() },
    delivery: delivery(who),
    invoice: { wanted: false },
  };
  for (const [group, members] of Object.entries(more)) form[group] = { ...form[group], ...members };
  return form;
}

/** The person who is checked on the phone. */
export const personOf = (form) => form.handler ?? form.applicant;

/** Like a waybill of the courier and a token's serial number. */
export const trackingNo = () => `SF${digits(13)}`;
export const tokenSerial = () => `TK${digits(10)}`;
