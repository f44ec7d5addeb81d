// What the form asks, group by group (forms.md 1 and 2); the table that the page is drawn from.
import * as faults from 'defs:fault-zh';
import { today } from '../../shared/words';
import type { Word } from '../text';
import { account, email, idNumber, isDate, mobile, personName, phone, say, taxNumber, tidy, uscc, words } from './rules';

export type Type = 'organisation' | 'natural_person';
export type Values = Record<string, string>;
export interface Member {
  key: string; word: Word; kind: 'text' | 'select' | 'radio' | 'region' | 'date' | 'bank'; rule?: string; least?: number; most?: number; need?: boolean; choices?: string[]; hint?: Word; wide?: boolean;
  inputMode?: 'numeric' | 'tel' | 'email'; fill?: string; secret?: boolean; shown?: (values: Values) => boolean;
}
export interface Section { group: string; word: Word; note?: Word; members: Member[] }

const LICENCES = ['business_licence', 'public_institution', 'social_organisation', 'private_non_enterprise', 'law_firm', 'other'];
const NATURES = ['enterprise', 'self_employed', 'government', 'public_institution', 'social_organisation', 'other'];
const IDS = ['resident_id_card', 'residence_permit', 'passport'];
const text = (key: string, word: Word, rule: string, least: number, most: number, more: Partial<Member> = {}): Member => ({ key, word, kind: 'text', rule, least, most, ...more });
const need = { need: true };
const wanted = (values: Values) => values['invoice/wanted'] !== 'no';
const special = (values: Values) => wanted(values) && values['invoice/kind'] === 'special';

const identity = (group: string): Member[] => [
  { key: `${group}/id_kind`, word: 'fIdKind', kind: 'select', choices: IDS, need: true },
  text(`${group}/id_number`, 'fIdNumber', 'ID', 5, 20, { ...need, fill: 'off' }),
];
const person = (group: string, name: Word): Member[] => [
  text(`${group}/name`, name, 'NAME', 2, 30, { ...need, hint: 'fNameHint' }),
  text(`${group}/mobile`, 'fMobile', 'MOBILE', 11, 11, { ...need, inputMode: 'numeric', hint: 'fMobileHint' }),
  ...identity(group),
  { key: `${group}/id_valid_to`, word: 'fIdValidTo', kind: 'date', rule: 'VALID_TO', need: true },
  text(`${group}/email`, 'fEmail', 'EMAIL', 5, 100, { inputMode: 'email' }),
  text(`${group}/department`, 'fDepartment', 'CLEAN', 1, 40),
  text(`${group}/title`, 'fTitle', 'CLEAN', 1, 40),
];
const organisation: Member[] = [
  text('organisation/name', 'fOrgName', 'CLEAN', 2, 100, { ...need, hint: 'fOrgNameHint' }),
  text('organisation/uscc', 'fUscc', 'USCC', 18, 18, { ...need, hint: 'fUsccHint' }),
  { key: 'organisation/licence_kind', word: 'fLicenceKind', kind: 'select', choices: LICENCES, need: true },
];
const delivery: Section = { group: 'delivery', word: 'gDelivery', members: [
  text('delivery/recipient', 'fRecipient', 'CLEAN', 2, 30, need),
  text('delivery/mobile', 'fRecipientMobile', 'PHONE', 7, 20, { ...need, inputMode: 'tel' }),
  { key: 'delivery/region', word: 'fDeliveryRegion', kind: 'region', rule: 'REGION', need: true, wide: true },
  text('delivery/address', 'fAddress', 'CLEAN', 5, 100, { ...need, hint: 'fAddressHint' }),
  text('delivery/postcode', 'fPostcode', 'POSTCODE', 6, 6, { inputMode: 'numeric' }),
] };
const invoice = (type: Type): Section => ({ group: 'invoice', word: 'gInvoice', members: [
  { key: 'invoice/wanted', word: 'fInvoiceWanted', kind: 'radio', choices: ['yes', 'no'], need: true },
  { key: 'invoice/kind', word: 'fInvoiceKind', kind: 'radio', choices: type === 'organisation' ? ['ordinary', 'special'] : ['ordinary'], need: true, shown: wanted },
  text('invoice/title', 'fInvoiceTitle', 'CLEAN', 2, 100, { ...need, shown: wanted }),
  text('invoice/tax_number', 'fTaxNumber', 'TAX', 15, 20, { need: type === 'organisation', shown: wanted }),
  text('invoice/email', 'fInvoiceEmail', 'EMAIL', 5, 100, { inputMode: 'email', shown: wanted, hint: 'fInvoiceEmailHint' }),
  text('invoice/mobile', 'fInvoiceMobile', 'MOBILE', 11, 11, { inputMode: 'numeric', shown: wanted }),
  text('invoice/address_phone', 'fInvoiceAddress', 'CLEAN', 5, 100, { shown: special }),
  text('invoice/bank_account', 'fInvoiceBank', 'CLEAN', 5, 100, { shown: special }),
] });
export const bankSection = (type: Type): Section => ({
  group: 'bank_account', word: type === 'organisation' ? 'gBank' : 'gBankPerson', note: type === 'organisation' ? 'nBank' : 'nBankPerson', members: [
    text('bank_account/account_name', 'fAccountName', 'CLEAN', 2, 100, { ...need, hint: type === 'organisation' ? 'fAccountNameHint' : 'fAccountNamePersonHint' }),
    { key: 'bank_account/bank_code', word: 'fBank', kind: 'bank', rule: 'BANK', need: true, hint: 'fBankHint' },
    text('bank_account/account_number', 'fAccountNumber', type === 'organisation' ? 'ACCOUNT' : 'CARD', 1, 40, { ...need, inputMode: 'numeric', fill: 'off' }),
  ],
});

export function sections(type: Type): Section[] {
  if (type === 'natural_person') {
    return [
      { group: 'applicant', word: 'gApplicant', note: 'nApplicant', members: person('applicant', 'fApplicantName') },
      { group: 'organisation', word: 'gEmployer', note: 'nEmployer', members: organisation },
      bankSection(type), delivery, invoice(type),
    ];
  }
  return [
    { group: 'organisation', word: 'gOrganisation', members: [
      ...organisation,
      { key: 'organisation/valid_to', word: 'fValidTo', kind: 'date', rule: 'VALID_TO', need: true },
      { key: 'organisation/region', word: 'fRegion', kind: 'region', rule: 'REGION', need: true, wide: true },
      text('organisation/address', 'fOrgAddress', 'CLEAN', 5, 120, need),
      text('organisation/phone', 'fOrgPhone', 'PHONE', 7, 20, { inputMode: 'tel' }),
      { key: 'organisation/nature', word: 'fNature', kind: 'select', choices: NATURES },
    ] },
    { group: 'handler', word: 'gHandler', note: 'nHandler', members: person('handler', 'fHandlerName') },
    { group: 'legal_representative', word: 'gLegal', members: [
      text('legal_representative/name', 'fLegalName', 'NAME', 2, 30, { ...need, hint: 'fLegalNameHint' }),
      text('legal_representative/mobile', 'fLegalMobile', 'MOBILE', 11, 11, { inputMode: 'numeric' }),
      ...identity('legal_representative'),
    ] },
    bankSection(type), delivery, invoice(type),
  ];
}

export const membersOf = (type: Type): Member[] => sections(type).flatMap((section) => section.members);
export const idOf = (key: string): string => `f-${key.replace('/', '-')}`;

/** What is typed once and meant twice. */
const MIRRORS: Record<string, string[]> = {
  'organisation/name': ['bank_account/account_name', 'invoice/title'],
  'organisation/uscc': ['invoice/tax_number'],
  'organisation/region': ['delivery/region'],
  'organisation/address': ['delivery/address'],
  'handler/name': ['delivery/recipient'],
  'handler/mobile': ['delivery/mobile'],
  'handler/email': ['invoice/email'],
  'applicant/name': ['delivery/recipient', 'bank_account/account_name'],
  'applicant/mobile': ['delivery/mobile'],
  'applicant/email': ['invoice/email'],
};

export function change(type: Type, values: Values, key: string, value: string): Values {
  const next = { ...values, [key]: value };
  for (const other of MIRRORS[key] ?? []) {
    if (type === 'natural_person' && key === 'organisation/name' && other === 'bank_account/account_name') continue;
    if ((values[other] ?? '') === (values[key] ?? '')) next[other] = value;
  }
  if (key === 'organisation/uscc') Object.assign(next, guessed(value, values));
  return next;
}

/** Kind of licence and of body as the first two places of the code say. */
function guessed(code: string, values: Values): Values {
  if (code.length < 2 || uscc(tidy('USCC', code))) return {};
  const two = code.slice(0, 2).toUpperCase();
  const kinds: Record<string, string[]> = { 12: ['public_institution', 'public_institution'], 31: ['law_firm', 'other'], 51: ['social_organisation', 'social_organisation'], 52: ['private_non_enterprise', 'social_organisation'],
    91: ['business_licence', 'enterprise'], 92: ['business_licence', 'self_employed'], 93: ['business_licence', 'enterprise'], 11: ['other', 'government'] };
  const [licence, nature] = kinds[two] ?? ['', ''];
  return { ...(licence && { 'organisation/licence_kind': licence }), ...(nature && !values['organisation/nature'] && { 'organisation/nature': nature }) };
}

const RULES: Record<string, (value: string) => string> = {
  USCC: uscc, MOBILE: mobile, PHONE: phone, EMAIL: email, TAX: taxNumber,
  NAME: (value) => words(value) || personName(value), CLEAN: words,
  ACCOUNT: (value) => account(value, false), CARD: (value) => account(value, true),
  POSTCODE: (value) => (/^\d{6}$/.test(value) ? '' : say(faults.POSTCODE)),
  REGION: (value) => (/^\d{6}$/.test(value) ? '' : say(faults.REGION)),
  BANK: (value) => (/^\d{12}$/.test(value) ? '' : say(faults.BANK_CODE)),
};

/** What is wrong with one member: '' for nothing. */
export function checkMember(type: Type, member: Member, values: Values): string {
  const { key, rule = '', least = 0, most = 0 } = member;
  if (member.shown && !member.shown(values)) return '';
  const value = tidy(rule, values[key] ?? '');
  const group = key.split('/')[0];
  if (!value) {
    if (key === 'invoice/email' && !values['invoice/mobile']) return say(faults.INVOICE_DELIVERY);
    return member.need ? say(faults.REQUIRED) : '';
  }
  if ((rule === 'CLEAN' || rule === 'NAME') && (Array.from(value).length < least || Array.from(value).length > most)) return say(faults.LENGTH, least, most);
  if (rule === 'ID') return idNumber(values[`${group}/id_kind`], value, group === 'handler' ? faults.HANDLER_AGE : group === 'applicant' ? faults.APPLICANT_AGE : null);
  if (rule === 'VALID_TO') {
    if (value === 'long_term') return '';
    if (!isDate(value)) return say(faults.DATE_OR_LONG_TERM);
    return value < today() ? say(group === 'organisation' ? faults.LICENCE_EXPIRED : faults.ID_EXPIRED) : '';
  }
  return RULES[rule]?.(value) || compare(type, key, value, values);
}

/** NFKC has made brackets narrow already. */
const bare = (text: string): string => tidy('', text).replace(/\s/g, '');
const same = (a: string, b: string): boolean => bare(a) === bare(b);

function compare(type: Type, key: string, value: string, values: Values): string {
  if (key !== 'bank_account/account_name') return '';
  if (type === 'natural_person') return !values['applicant/name'] || same(value, values['applicant/name']) ? '' : say(faults.ACCOUNT_NAME_PERSON);
  const selfEmployed = values['organisation/nature'] === 'self_employed' || /^92/.test(values['organisation/uscc'] ?? '');
  return selfEmployed || !values['organisation/name'] || same(value, values['organisation/name']) ? '' : say(faults.ACCOUNT_NAME);
}

/** The form as the hall takes it; without what `leave` names. */
export function toJson(type: Type, values: Values, leave: (key: string) => boolean = () => false): Record<string, Record<string, unknown>> {
  const out: Record<string, Record<string, unknown>> = {};
  for (const { group, members } of sections(type)) {
    out[group] = {};
    for (const member of members) {
      const name = member.key.split('/')[1];
      const value = tidy(member.rule ?? '', values[member.key] ?? '');
      if (member.key === 'invoice/wanted') out[group][name] = wanted(values);
      else if (value && !leave(member.key) && (!member.shown || member.shown(values))) out[group][name] = value;
    }
  }
  return out;
}

export function fromJson(type: Type, form: Record<string, Record<string, unknown> | undefined> | null): Values {
  const values: Values = {};
  for (const { key } of membersOf(type)) {
    const [group, name] = key.split('/');
    const value = form?.[group]?.[name];
    if (typeof value === 'string') values[key] = value;
  }
  values['invoice/wanted'] = form?.invoice?.wanted === false ? 'no' : 'yes';
  return values;
}
