// Tables of fcgi-app that the build turns into modules (scripts/build-www.mjs).
declare module 'defs:fault' {
  const rows: Record<string, { code: string; zh: string; en: string }>;
  export default rows;
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
