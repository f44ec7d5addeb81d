// What a liveness check can tell about a clip without looking at faces: the container, the length,
// and a mark that tests put into it.
const MARK = 'hall-sandbox-liveness=';

/** "mp4", "mov", "webm", "avi", "flv", or null. */
export function clipFormat(data) {
  if (data.length < 12) return null;
  const ascii = (from, to) => data.toString('latin1', from, to);
  if (ascii(4, 8) === 'ftyp') return ascii(8, 12) === 'qt  ' ? 'mov' : 'mp4';
  if (data.readUInt32BE(0) === 0x1a45dfa3) return 'webm';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'AVI ') return 'avi';
  return ascii(0, 3) === 'FLV' ? 'flv' : null;
}

function* boxes(data) {
  for (let at = 0; at + 8 <= data.length; ) {
    const size = data.readUInt32BE(at);
    if (size < 8 || at + size > data.length) return;
    yield { type: data.toString('latin1', at + 4, at + 8), body: data.subarray(at + 8, at + size) };
    at += size;
  }
}

/** Seconds of an mp4, 0 where it does not say (recorded in fragments). */
export function clipSeconds(data) {
  const moov = [...boxes(data)].find((b) => b.type === 'moov');
  const mvhd = moov && [...boxes(moov.body)].find((b) => b.type === 'mvhd')?.body;
  if (!mvhd || mvhd.length < 32) return 0;
  if (mvhd[0] === 0) return mvhd.readUInt32BE(16) / (mvhd.readUInt32BE(12) || 1);
  return Number(mvhd.readBigUInt64BE(24)) / (mvhd.readUInt32BE(20) || 1);
}

/** The mark of a clip, "passed" or a failure's name; "" when it has none. */
export function clipMark(data) {
  const at = data.indexOf(MARK);
  return at < 0 ? '' : /^\w*/.exec(data.toString('latin1', at + MARK.length, at + MARK.length + 40))[0];
}

/** The same clip with a mark: a `free` box in mp4, a Void element in webm. Players skip both. */
export function markClip(data, mark) {
  const text = Buffer.from(MARK + mark + '\0');
  if (clipFormat(data) === 'webm')
    return Buffer.concat([data, Buffer.from([0xec, 0x80 | text.length]), text]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + text.length);
  head.write('free', 4);
  return Buffer.concat([data, head, text]);
}
