// Pictures of invented ID cards, for tests of the phone page. Nobody could take them for real: the
// writing is blocks of strokes, only the number is legible. What the stand-in of the recognition
// "reads" stands in a comment segment of the JPEG.
import { jpegComment, jpegEncode } from './jpeg.mjs';

const DIGITS = {
  0: '0e11131519110e',
  1: '040c040404040e',
  2: '0e11010204081f',
  3: '1f02040201110e',
  4: '02060a121f0202',
  5: '1f101e0101110e',
  6: '0608101e11110e',
  7: '1f010204080808',
  8: '0e11110e11110e',
  9: '0e11110f01020c',
  X: '11110a040a1111',
};

export class Canvas {
  constructor(width, height) {
    Object.assign(this, { width, height, pixels: new Uint8Array(width * height * 3) });
  }
  rectangle(x, y, w, h, [r, g, b]) {
    const [left, right] = [Math.max(0, x), Math.min(this.width, x + w)];
    for (let row = Math.max(0, y); row < Math.min(this.height, y + h); row++) {
      let at = (row * this.width + left) * 3;
      for (let col = left; col < right; col++) {
        this.pixels[at++] = r;
        this.pixels[at++] = g;
        this.pixels[at++] = b;
      }
    }
  }
  ellipse(cx, cy, rx, ry, color) {
    for (let dy = -ry; dy <= ry; dy++) {
      const half = Math.floor(rx * Math.sqrt(1 - (dy / ry) ** 2));
      this.rectangle(cx - half, cy + dy, 2 * half, 1, color);
    }
  }
}

// Strokes that look like writing; the same seed draws the same.
function writing(canvas, x, y, size, glyphs, seed, color) {
  let state = seed;
  const random = (n) => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % Math.floor(n);
  const pen = Math.max(2, Math.round(size / 11));
  for (let g = 0; g < glyphs; g++) {
    const left = x + g * Math.round(size * 1.1);
    for (let line = 0; line < 4; line++)
      canvas.rectangle(
        left + random(size / 4),
        y + line * Math.floor(size / 4),
        Math.floor(size / 2) + random(size / 3),
        pen,
        color,
      );
    for (let line = 0; line < 3; line++)
      canvas.rectangle(
        left + random(size - pen),
        y + random(size / 3),
        pen,
        Math.floor(size / 2) + random(size / 3),
        color,
      );
  }
}

function number(canvas, x, y, dot, text) {
  [...text].forEach((c, i) => {
    const rows = Buffer.from(DIGITS[c] ?? DIGITS[0], 'hex');
    rows.forEach((bits, row) => {
      for (let col = 0; col < 5; col++) {
        if ((bits >> (4 - col)) & 1)
          canvas.rectangle(x + (i * 6 + col) * dot, y + row * dot, dot, dot, [20, 20, 24]);
      }
    });
  });
}

function background(canvas) {
  canvas.rectangle(0, 0, 1280, 800, [168, 150, 128]);
  for (let y = 0; y < 800; y += 16) canvas.rectangle(0, y, 1280, 2, [150, 132, 110]);
  canvas.rectangle(64, 64, 1152, 672, [236, 241, 246]);
  for (let i = 0; i < 34; i++) {
    for (let x = 72; x < 1208; x += 8) {
      const y = 80 + i * 19 + Math.round(8 * Math.sin(x / 60 + i));
      canvas.rectangle(x, y, 8, 2, i % 2 ? [196, 214, 232] : [226, 210, 216]);
    }
  }
}

function front(canvas, idNumber) {
  const [ink, label] = [
    [24, 24, 28],
    [52, 96, 160],
  ];
  [
    [150, 2, 3],
    [240, 2, 1],
    [330, 4, 6],
    [420, 2, 9],
  ].forEach(([y, glyphs, seed]) => {
    writing(canvas, 130, y, 40, 2, seed * 31, label);
    writing(canvas, 240, y, 44, glyphs + (seed % 4), seed * 57, ink);
  });
  writing(canvas, 240, 480, 44, 8, 771, ink);
  writing(canvas, 130, 630, 40, 4, 991, label);
  number(canvas, 330, 626, 7, idNumber);
  canvas.rectangle(850, 150, 300, 400, [222, 228, 234]);
  canvas.ellipse(1000, 300, 88, 112, [226, 190, 164]);
  canvas.ellipse(1000, 214, 92, 60, [34, 30, 30]);
  canvas.ellipse(1000, 520, 140, 100, [44, 52, 72]);
  canvas.rectangle(850, 550, 300, 80, [236, 241, 246]);
  for (const eye of [966, 1034]) canvas.ellipse(eye, 296, 12, 7, [30, 26, 26]);
  canvas.rectangle(978, 352, 44, 6, [150, 70, 66]);
}

function back(canvas) {
  const ink = [24, 24, 28];
  canvas.ellipse(260, 250, 110, 116, [196, 44, 40]);
  canvas.ellipse(260, 250, 78, 84, [240, 205, 90]);
  canvas.ellipse(260, 250, 40, 44, [196, 44, 40]);
  writing(canvas, 460, 150, 70, 7, 1201, ink);
  writing(canvas, 460, 290, 88, 5, 1409, ink);
  writing(canvas, 250, 520, 44, 14, 1613, ink);
  writing(canvas, 250, 620, 44, 16, 1811, ink);
}

function blur(canvas, radius) {
  const { width, height, pixels } = canvas;
  for (const [step, count, lines, lineStep] of [
    [3, width, height, width * 3],
    [width * 3, height, width, 3],
  ]) {
    const source = pixels.slice();
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < 3; channel++) {
        const start = line * lineStep + channel;
        let sum = 0;
        const at = (i) => source[start + Math.min(count - 1, Math.max(0, i)) * step];
        for (let i = -radius; i <= radius; i++) sum += at(i);
        for (let i = 0; i < count; i++) {
          pixels[start + i * step] = sum / (2 * radius + 1);
          sum += at(i + radius + 1) - at(i - radius);
        }
      }
    }
  }
}

function shrink(canvas, by) {
  const small = new Canvas(canvas.width / by, canvas.height / by);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++)
      small.pixels.set(
        canvas.pixels.subarray((y * by * canvas.width + x * by) * 3).subarray(0, 3),
        (y * small.width + x) * 3,
      );
  }
  return small;
}

const drawn = new Map(); // the last pictures, because drawing takes a tenth of a second

function draw(side, idNumber, quality) {
  let canvas = new Canvas(1280, 800);
  background(canvas);
  if (side === 'front') front(canvas, idNumber);
  else back(canvas);
  if (quality === 'blurred') [0, 1].forEach(() => blur(canvas, 14));
  if (quality === 'dark') canvas.pixels.forEach((v, i) => (canvas.pixels[i] = v / 10));
  if (quality === 'small') canvas = shrink(canvas, 4);
  return jpegEncode(canvas.pixels, canvas.width, canvas.height);
}

export const QUALITIES = ['good', 'dark', 'blurred', 'small'];

/** A JPEG of 1280x800 that carries `text`, the object of the comment. `quality` spoils the picture. */
export function cardPicture(text, quality = 'good') {
  const key = `${text.side} ${text.id_number} ${quality}`;
  if (!drawn.has(key)) {
    if (drawn.size >= 32) drawn.delete(drawn.keys().next().value);
    drawn.set(key, draw(text.side, text.id_number ?? '', quality));
  }
  return jpegComment(drawn.get(key), JSON.stringify(text));
}

/** A grey picture without any card. */
export function plainPicture(width = 1280, height = 800) {
  const canvas = new Canvas(width, height);
  canvas.rectangle(0, 0, width, height, [180, 180, 180]);
  for (let x = 0; x < width; x += 40) canvas.rectangle(x, 0, 12, height, [70, 90, 110]);
  return jpegEncode(canvas.pixels, width, height);
}
