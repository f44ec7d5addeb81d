// Tables of fcgi-app that the build turns into modules (scripts/build-www.mjs).
declare module 'defs:fault' { // by name, so that those alone are bundled
  export interface Row { code: string; zh: string; en: string }
  export const CARD_SMALL: Row, CARD_DARK: Row, CARD_BRIGHT: Row, CARD_BLURRED: Row, ACCOUNT_FORMAT: Row, ACCOUNT_NAME: Row, ACCOUNT_NAME_PERSON: Row,
    APPLICANT_AGE: Row, BANK_CODE: Row, CARD_CHECK: Row, CARD_FORMAT: Row, CHARACTERS: Row, DATE_OR_LONG_TERM: Row, EMAIL: Row, HANDLER_AGE: Row,
    ID_BIRTH: Row, ID_CHECK: Row, ID_EXPIRED: Row, ID_FORMAT: Row, ID_PERMIT: Row, ID_REGION: Row, INVOICE_DELIVERY: Row, LENGTH: Row, LICENCE_EXPIRED:
    Row, MOBILE: Row, NAME: Row, PASSPORT: Row, PHONE: Row, POSTCODE: Row, REGION: Row, REQUIRED: Row, TAX_CHECK: Row, TAX_FORMAT: Row, USCC_CATEGORY:
    Row, USCC_CHECK: Row, USCC_FORMAT: Row;
}
declare module 'defs:fault-zh' { // the same; en is the name of the English in defs:fault-en
  export * from 'defs:fault';
}
declare module 'defs:fault-en' {
  const rows: Record<string, string>;
  export default rows;
}
declare module 'defs:reason' {
  export const FACE_VIDEO: { code: string; zh: string; en: string };
}
declare module 'defs:action' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:state' {
  const rows: Record<string, { zh: string; en: string; turn: string }>;
  export default rows;
}
declare module 'defs:material' {
  const rows: Record<string, { zh: string; en: string; types: string; source: string; needed: string }>;
  export default rows;
}
declare module 'defs:reason-review' {
  const rows: Record<string, { zh: string; en: string; target: string; pointer: string }>;
  export default rows;
}
declare module 'defs:reason-bank' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:reason-denial' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:reason-finance' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:reason-parcel' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:revocation' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
declare module 'defs:carrier' {
  const rows: Record<string, { zh: string; en: string; prefix: string; least: number; most: number }>;
  export default rows;
}
declare module 'defs:move' {
  const rows: Record<string, { zh: string; en: string }>;
  export default rows;
}
