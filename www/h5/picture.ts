// Photographs of a card: upright on a canvas, judged with the measures of fcgi-app/paper/inspect.c,
// and made small enough to send.
import { CARD_BLURRED, CARD_BRIGHT, CARD_DARK, CARD_SMALL } from 'defs:fault';
import { of } from './text';

const LONGEST = 1600, ENOUGH_BYTES = 400 * 1024, LEAST_SIDE = 600;
const MEASURED_SIDE = 600, TILES = 12, DARK = 50, BRIGHT = 225, BURNT = 250, MOST_BURNT = 0.3, LEAST_SHARP = 100;

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  return [canvas, canvas.getContext('2d') as CanvasRenderingContext2D];
}

/** The part of a source that is asked for, no larger than what is sent. */
export function drawn(source: CanvasImageSource, x: number, y: number, width: number, height: number, longest = LONGEST): HTMLCanvasElement {
  const by = Math.min(1, longest / Math.max(width, height));
  const [canvas, context] = canvasOf(width * by, height * by);
  context.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A chosen file, turned as its orientation says; null when it is no picture. */
export function decoded(file: Blob): Promise<HTMLCanvasElement | null> {
  return new Promise((resolve) => {
    const image = new Image(), url = URL.createObjectURL(file);
    image.onload = () => {
      resolve(drawn(image, 0, 0, image.naturalWidth, image.naturalHeight));
      URL.revokeObjectURL(url);
    };
    image.onerror = () => {
      resolve(null);
      URL.revokeObjectURL(url);
    };
    image.src = url;
  });
}

/** Variance of the Laplacian within one tile of a grey picture. */
function variance(grey: Uint8ClampedArray, width: number, x0: number, y0: number, x1: number, y1: number): number {
  let sum = 0, squares = 0, n = 0;
  for (let y = y0; y <= y1; y++) {
    for (let at = y * width + x0; at <= y * width + x1; at++, n++) {
      const l = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      sum += l;
      squares += l * l;
    }
  }
  return n ? squares / n - (sum / n) ** 2 : 0;
}

/** The sharpest tenth of the tiles: a card on an even table is sharp in parts only. */
function sharpness(grey: Uint8ClampedArray, width: number, height: number): number {
  const edge = (i: number, length: number) => Math.floor((i * (length - 2)) / TILES);
  const all: number[] = [];
  for (let y = 0; y < TILES; y++) {
    for (let x = 0; x < TILES; x++) all.push(variance(grey, width, 1 + edge(x, width), 1 + edge(y, height), edge(x + 1, width), edge(y + 1, height)));
  }
  const best = all.sort((a, b) => b - a).slice(0, Math.floor((TILES * TILES) / 10));
  return best.reduce((a, b) => a + b) / best.length;
}

/** What is wrong with a photograph, in the server's words; '' for nothing. */
export function fault(picture: HTMLCanvasElement): string {
  const shorter = Math.min(picture.width, picture.height);
  if (shorter < LEAST_SIDE) return of(CARD_SMALL);
  const small = drawn(picture, 0, 0, picture.width, picture.height, (Math.max(picture.width, picture.height) * MEASURED_SIDE) / shorter);
  const { width, height } = small;
  const rgba = (small.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, width, height).data;
  const grey = new Uint8ClampedArray(width * height);
  let sum = 0, burnt = 0;
  for (let i = 0; i < grey.length; i++) {
    const luminance = (rgba[4 * i] * 77 + rgba[4 * i + 1] * 150 + rgba[4 * i + 2] * 29) >> 8;
    grey[i] = luminance;
    sum += luminance;
    if (luminance >= BURNT) burnt += 1;
  }
  if (sum / grey.length < DARK) return of(CARD_DARK);
  if (sum / grey.length > BRIGHT || burnt / grey.length > MOST_BURNT) return of(CARD_BRIGHT);
  return sharpness(grey, width, height) < LEAST_SHARP ? of(CARD_BLURRED) : '';
}

const toJpeg = (picture: HTMLCanvasElement, quality: number) => new Promise<Blob | null>((done) => picture.toBlob(done, 'image/jpeg', quality));

/** A JPEG to send; null where the browser makes none. */
export async function encoded(picture: HTMLCanvasElement): Promise<Blob | null> {
  let jpeg: Blob | null = null;
  for (const quality of [0.86, 0.75, 0.6]) {
    jpeg = await toJpeg(picture, quality);
    if (!jpeg || jpeg.size <= ENOUGH_BYTES) break;
  }
  return jpeg;
}

/** Whether a chosen file can be sent as it is: a small JPEG that says nothing about where and how it was taken. */
export async function isPlainJpeg(file: Blob, picture: HTMLCanvasElement): Promise<boolean> {
  if (file.size > ENOUGH_BYTES || Math.max(picture.width, picture.height) >= LONGEST) return false;
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16 * 1024).arrayBuffer()));
  return head.startsWith('\xff\xd8\xff') && !head.includes('Exif\0');
}
