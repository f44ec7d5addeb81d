// GBK, which Chinese banks count memos in and Alipay writes its bills in. Node only decodes it, so
// the table for encoding is made by decoding every two-byte sequence once.
let table;

function encodingTable() {
  if (table) return table;
  table = new Map();
  const decoder = new TextDecoder('gbk');
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(high, low));
      if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, [high, low]);
    }
  }
  return table;
}

/** The bytes of `text` in GBK, null when a character is not in it. */
export function gbkEncode(text) {
  const out = [];
  for (const c of text) {
    if (c.codePointAt(0) < 0x80) out.push(c.codePointAt(0));
    else if (encodingTable().has(c)) out.push(...encodingTable().get(c));
    else return null;
  }
  return Buffer.from(out);
}

/** How many bytes `text` has in GBK, NaN when a character is not in it. */
export const gbkLength = (text) => gbkEncode(text)?.length ?? NaN;
