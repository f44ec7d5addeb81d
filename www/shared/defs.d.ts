// Tables of fcgi-app that the build turns into modules (scripts/build-www.mjs).
declare module 'defs:fault' {
  interface Row { code: string; zh: string; en: string }
  const rows: Record<string, Row>;
  export default rows;
  export const CARD_SMALL: Row, CARD_DARK: Row, CARD_BRIGHT: Row, CARD_BLURRED: Row; // by name: these alone are bundled
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
