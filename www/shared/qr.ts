// QR codes (ISO/IEC 18004) of text in byte mode, error correction M, versions 1 to 20.
const EC_PER_BLOCK = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Codewords that a version holds, data and correction together. */
function capacity(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const n = Math.floor(version / 7) + 2;
    modules -= (25 * n - 10) * n - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const dataCapacity = (version: number) => capacity(version) - EC_PER_BLOCK[version] * BLOCKS[version];

/** Product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((b >>> i) & 1) * a;
  }
  return z;
}

function divisor(degree: number): number[] {
  const result: number[] = new Array(degree).fill(0);
  result[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) result[j] = times(result[j], root) ^ (result[j + 1] || 0);
    root = times(root, 2);
  }
  return result;
}

function remainder(data: number[], by: number[]): number[] {
  const result = by.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (result.shift() as number);
    result.push(0);
    by.forEach((coefficient, i) => { result[i] ^= times(coefficient, factor); });
  }
  return result;
}

function codewords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, n: number) => { for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  const room = dataCapacity(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const out: number[] = [];
  for (let i = 0; i < bits.length; i += 8) out.push(bits.slice(i, i + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
  return out;
}

/** Splits into blocks, adds correction to each, and interleaves them. */
function interleaved(data: number[], version: number): number[] {
  const blocks = BLOCKS[version], ecLength = EC_PER_BLOCK[version], raw = capacity(version);
  const shortOnes = blocks - (raw % blocks), shortLength = Math.floor(raw / blocks) - ecLength;
  const by = divisor(ecLength);
  const parts: number[][] = [], corrections: number[][] = [];
  for (let i = 0, at = 0; i < blocks; i++) {
    const part = data.slice(at, at + shortLength + (i < shortOnes ? 0 : 1));
    at += part.length;
    parts.push(part);
    corrections.push(remainder(part, by));
  }
  const out: number[] = [];
  for (let i = 0; i <= shortLength; i++) parts.forEach((part) => { if (i < part.length) out.push(part[i]); });
  for (let i = 0; i < ecLength; i++) corrections.forEach((part) => out.push(part[i]));
  return out;
}

class Grid {
  readonly size: number;
  readonly dark: boolean[][];
  private fixed: boolean[][];

  constructor(private version: number) {
    this.size = version * 4 + 17;
    this.dark = Array.from({ length: this.size }, () => new Array(this.size).fill(false));
    this.fixed = this.dark.map((row) => row.slice());
    this.patterns();
  }

  private set(x: number, y: number, dark: boolean): void {
    this.dark[y][x] = dark;
    this.fixed[y][x] = true;
  }

  private patterns(): void {
    const { size, version } = this;
    for (let i = 0; i < size; i++) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) this.square(cx, cy, 4, [2, 4]);
    const at = this.alignments(), last = at.length - 1;
    at.forEach((x, i) => at.forEach((y, j) => {
      if (!((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0))) this.square(x, y, 2, [1]);
    }));
    this.format(0);
    if (version >= 7) this.versionBits();
  }

  private square(cx: number, cy: number, radius: number, light: number[]): void {
    for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) {
      const x = cx + dx, y = cy + dy;
      if (x >= 0 && x < this.size && y >= 0 && y < this.size) this.set(x, y, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }

  private alignments(): number[] {
    if (this.version === 1) return [];
    const n = Math.floor(this.version / 7) + 2;
    const step = Math.ceil((this.version * 4 + 4) / (n * 2 - 2)) * 2;
    const out = [6];
    for (let at = this.size - 7; out.length < n; at -= step) out.splice(1, 0, at);
    return out;
  }

  /** Format of correction M (00) with this mask. */
  format(mask: number): void {
    let rem = mask;
    for (let i = 0; i < 10; i++) rem = (rem << 1) ^ ((rem >>> 9) * 0x537);
    const bits = ((mask << 10) | rem) ^ 0x5412;
    const bit = (i: number) => ((bits >>> i) & 1) !== 0;
    const { size } = this;
    for (let i = 0; i <= 5; i++) this.set(8, i, bit(i));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let i = 9; i < 15; i++) this.set(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) this.set(size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) this.set(8, size - 15 + i, bit(i));
    this.set(8, size - 8, true);
  }

  private versionBits(): void {
    let rem = this.version;
    for (let i = 0; i < 12; i++) rem = (rem << 1) ^ ((rem >>> 11) * 0x1f25);
    const bits = (this.version << 12) | rem;
    for (let i = 0; i < 18; i++) {
      const a = this.size - 11 + (i % 3), b = Math.floor(i / 3), dark = ((bits >>> i) & 1) !== 0;
      this.set(a, b, dark);
      this.set(b, a, dark);
    }
  }

  fill(data: number[]): void {
    let i = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step++) for (let j = 0; j < 2; j++) {
        const x = right - j, y = ((right + 1) & 2) === 0 ? this.size - 1 - step : step;
        if (this.fixed[y][x] || i >= data.length * 8) continue;
        this.dark[y][x] = ((data[i >>> 3] >>> (7 - (i & 7))) & 1) !== 0;
        i += 1;
      }
    }
  }

  mask(n: number): void {
    const flips = [
      (x: number, y: number) => (x + y) % 2, (_x: number, y: number) => y % 2, (x: number) => x % 3, (x: number, y: number) => (x + y) % 3,
      (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
      (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2,
    ];
    this.dark.forEach((row, y) => row.forEach((_, x) => { if (!this.fixed[y][x] && flips[n](x, y) === 0) row[x] = !row[x]; }));
  }

  /** How hard it would be to read (7.8.3). */
  penalty(): number {
    const { size, dark } = this;
    const lines = [...dark, ...dark.map((_, x) => dark.map((row) => row[x]))].map((line) => line.map(Number).join(''));
    let sum = 0, black = 0;
    for (const line of lines) {
      for (const run of line.match(/(.)\1{4,}/g) ?? []) sum += run.length - 2;
      sum += 40 * (line.match(/(?=10111010000|00001011101)/g) ?? []).length;
    }
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
      black += Number(dark[y][x]);
      if (x && y && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
    }
    return sum + 10 * Math.floor(Math.abs((black * 20) / (size * size) - 10));
  }
}

/** Rows of dark modules, without the quiet zone. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version < 21 && 4 + (version < 10 ? 8 : 16) + bytes.length * 8 > dataCapacity(version) * 8) version += 1;
  if (version > 20) throw new RangeError('too long for a QR code');
  const grid = new Grid(version);
  grid.fill(interleaved(codewords(bytes, version), version));
  let best = 0, least = Infinity;
  for (let n = 0; n < 8; n++) {
    grid.mask(n);
    grid.format(n);
    const penalty = grid.penalty();
    if (penalty < least) [best, least] = [n, penalty];
    grid.mask(n);
  }
  grid.mask(best);
  grid.format(best);
  return grid.dark;
}

/** The same as the d of an SVG path with four modules of quiet zone; side is the viewBox. */
export function qrPath(text: string): { path: string; side: number } {
  const dark = qrCode(text);
  let path = '';
  dark.forEach((row, y) => {
    for (let x = 0, n = 0; x < row.length; x += n || 1) {
      for (n = 0; row[x + n]; n++);
      if (n) path += `M${x + 4} ${y + 4}h${n}v1h-${n}z`;
    }
  });
  return { path, side: dark.length + 8 };
}
