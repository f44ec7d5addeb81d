// Baseline JPEG (ITU-T T.81): writes a picture, and reads size and comment of one.

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];
// The tables of annex K: quantisation of luminance and chrominance, Huffman codes of luminance.
const QUANT = [
  [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
  ],
  [
    17,
    18,
    24,
    47,
    99,
    99,
    99,
    99,
    18,
    21,
    26,
    66,
    99,
    99,
    99,
    99,
    24,
    26,
    56,
    99,
    99,
    99,
    99,
    99,
    47,
    66,
    99,
    99,
    99,
    99,
    99,
    99,
    ...Array(32).fill(99),
  ],
];
const DC = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const AC = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
  values: [
    ...Buffer.from(
      '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a' +
        '434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aa' +
        'b2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
      'hex',
    ),
  ],
};

function codesOf({ counts, values }) {
  const codes = [];
  let [code, at] = [0, 0];
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) codes[values[at++]] = [code++, i + 1];
    code <<= 1;
  });
  return codes;
}
const [DC_CODES, AC_CODES] = [DC, AC].map(codesOf);

const COSINE = Array.from({ length: 64 }, (_, i) => {
  const [u, x] = [i >> 3, i & 7];
  return (u ? 0.5 : Math.SQRT1_2 / 2) * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

class BitWriter {
  #bytes = [];
  #held = 0;
  #count = 0;
  put(value, size) {
    for (let i = size - 1; i >= 0; i--) {
      this.#held = (this.#held << 1) | ((value >> i) & 1);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#held);
      if (this.#held === 0xff) this.#bytes.push(0);
      this.#held = this.#count = 0;
    }
  }
  end() {
    while (this.#count) this.put(1, 1);
    return Buffer.from(this.#bytes);
  }
}

const scratch = new Float64Array(64);

// Quantised coefficients of one 8x8 block in zigzag order; a flat block needs no transform.
function transform(block, quant, out) {
  out.fill(0);
  if (block.every((v) => v === block[0])) {
    out[0] = Math.round((block[0] * 8) / quant[0]);
    return;
  }
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += block[y * 8 + x] * COSINE[u * 8 + x];
      scratch[y * 8 + u] = sum;
    }
  }
  for (let i = 0; i < 64; i++) {
    const [v, u] = [ZIGZAG[i] >> 3, ZIGZAG[i] & 7];
    let sum = 0;
    for (let y = 0; y < 8; y++) sum += scratch[y * 8 + u] * COSINE[v * 8 + y];
    out[i] = Math.round(sum / quant[ZIGZAG[i]]);
  }
}

const sizeOf = (v) => 32 - Math.clz32(Math.abs(v));
const amplitude = (v, size) => (v < 0 ? v + (1 << size) - 1 : v);

function writeBlock(bits, coefficients, last) {
  const step = coefficients[0] - last;
  const size = sizeOf(step);
  bits.put(...DC_CODES[size]);
  if (size) bits.put(amplitude(step, size), size);
  let end = 63;
  while (end && !coefficients[end]) end--;
  let run = 0;
  for (let i = 1; i <= end; i++) {
    const v = coefficients[i];
    if (!v) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) bits.put(...AC_CODES[0xf0]);
    const n = sizeOf(v);
    bits.put(...AC_CODES[(run << 4) | n]);
    bits.put(amplitude(v, n), n);
    run = 0;
  }
  if (end < 63) bits.put(...AC_CODES[0]);
}

function segment(marker, ...parts) {
  const data = Buffer.concat(parts.map((p) => Buffer.from(p)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

// The three components of one 8x8 block of an RGB picture, level-shifted.
function loadBlock(pixels, width, left, top, planes) {
  for (let i = 0; i < 64; i++) {
    const at = ((top + (i >> 3)) * width + left + (i & 7)) * 3;
    const [r, g, b] = [pixels[at], pixels[at + 1], pixels[at + 2]];
    planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
    planes[1][i] = -0.168736 * r - 0.331264 * g + 0.5 * b;
    planes[2][i] = 0.5 * r - 0.418688 * g - 0.081312 * b;
  }
}

/** A JPEG of RGB bytes; width and height are multiples of 8, quality 50 to 100. */
export function jpegEncode(pixels, width, height, quality = 88) {
  const scale = 200 - 2 * quality;
  const quant = QUANT.map((q) => q.map((v) => Math.min(255, Math.max(1, Math.round((v * scale) / 100)))));
  const planes = [0, 1, 2].map(() => new Float64Array(64));
  const coefficients = new Int32Array(64);
  const last = [0, 0, 0];
  const bits = new BitWriter();
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      loadBlock(pixels, width, x, y, planes);
      planes.forEach((plane, i) => {
        transform(plane, quant[i ? 1 : 0], coefficients);
        writeBlock(bits, coefficients, last[i]);
        last[i] = coefficients[0];
      });
    }
  }
  const frame = [
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
    1,
    0x11,
    0,
    2,
    0x11,
    1,
    3,
    0x11,
    1,
  ];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...quant.map((q, i) =>
      segment(
        0xdb,
        [i],
        ZIGZAG.map((z) => q[z]),
      ),
    ),
    segment(0xc0, frame),
    segment(0xc4, [0], DC.counts, DC.values),
    segment(0xc4, [0x10], AC.counts, AC.values),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    bits.end(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** The same JPEG with `text` in a comment segment. */
export function jpegComment(jpeg, text) {
  return Buffer.concat([jpeg.subarray(0, 2), segment(0xfe, text), jpeg.subarray(2)]);
}

/** {width, height, comments} of a JPEG, null when it is none. */
export function jpegRead(data) {
  if (data.length < 4 || data[0] !== 0xff || data[1] !== 0xd8) return null;
  const found = { width: 0, height: 0, comments: [] };
  for (let at = 2; at + 4 <= data.length && data[at] === 0xff; ) {
    const marker = data[at + 1];
    const size = data.readUInt16BE(at + 2);
    const body = data.subarray(at + 4, at + 2 + size);
    if (marker === 0xda) break;
    if (marker === 0xfe) found.comments.push(body.toString('utf8'));
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && body.length >= 5)
      [found.height, found.width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
    at += 2 + size;
  }
  return found.width ? found : null;
}
