// Makes liveness.mp4 and liveness.webm: a drawn face that blinks and opens its mouth for three
// seconds. Run once by hand, needs ffmpeg; the results are kept in the repository.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Canvas } from '../lib/card.mjs';

const [width, height, rate, frames] = [480, 640, 15, 45];

function frame(n) {
  const canvas = new Canvas(width, height);
  canvas.rectangle(0, 0, width, height, [206, 214, 220]);
  for (let x = 0; x < width; x += 60) canvas.rectangle(x, 0, 3, height, [184, 194, 202]);
  const cx = 240 + Math.round(10 * Math.sin(n / 7));
  const eyes = n >= 10 && n < 16 ? 2 : 11;
  const mouth = n >= 24 && n < 36 ? 26 : 4;
  canvas.ellipse(cx, 620, 190, 150, [44, 52, 72]);
  canvas.ellipse(cx, 330, 120, 155, [226, 190, 164]);
  canvas.ellipse(cx, 210, 126, 78, [34, 30, 30]);
  for (const side of [-46, 46]) {
    canvas.rectangle(cx + side - 22, 286, 44, 6, [40, 32, 30]);
    canvas.ellipse(cx + side, 320, 17, eyes, [30, 26, 26]);
  }
  canvas.ellipse(cx, 420, 34, mouth, [140, 56, 56]);
  return Buffer.from(canvas.pixels);
}

const input = Buffer.concat(Array.from({ length: frames }, (_, n) => frame(n)));
const source = [
  '-v',
  'error',
  '-y',
  '-f',
  'rawvideo',
  '-pix_fmt',
  'rgb24',
  '-s',
  `${width}x${height}`,
  '-r',
  `${rate}`,
  '-i',
  '-',
];
const formats = {
  'liveness.mp4': [
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-pix_fmt',
    'yuv420p',
    '-crf',
    '28',
    '-movflags',
    '+faststart',
  ],
  'liveness.webm': ['-c:v', 'libvpx', '-b:v', '300k', '-crf', '20'],
};
for (const [name, options] of Object.entries(formats)) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  execFileSync('ffmpeg', [...source, ...options, '-map_metadata', '-1', '-fflags', '+bitexact', file], {
    input,
  });
}
