// Test material for the phone page: pictures of cards, and the clip for the liveness check.
import { readFileSync } from 'node:fs';
import { cardPicture, plainPicture, QUALITIES } from './lib/card.mjs';
import { markClip } from './lib/clip.mjs';
import { isText } from './lib/text.mjs';
import { unprocessable } from './refusal.mjs';

const MUST = { front: ['name', 'id_number'], back: ['authority', 'valid_from', 'valid_until'] };

/** Type and bytes of a picture; side "none" is a picture without a card. */
export function card({ quality = 'good', ...text }) {
  if (text.side === 'none') return ['image/jpeg', plainPicture()];
  if (!MUST[text.side]) throw unprocessable('side is front, back or none');
  if (!QUALITIES.includes(quality)) throw unprocessable(`quality is one of ${QUALITIES.join(', ')}`);
  const missing = MUST[text.side].filter((n) => !isText(text[n], 1, 200));
  if (missing.length) throw unprocessable(`${missing.join(', ')} needed`);
  for (const name of ['sim', 'quality_score']) if (text[name] !== undefined) text[name] = Number(text[name]);
  return ['image/jpeg', cardPicture(text, quality)];
}

/** Type and bytes of the clip, with the mark that decides its check where `result` is given. */
export function clip({ result = '', format = 'mp4' }) {
  if (!['mp4', 'webm'].includes(format)) throw unprocessable('format is mp4 or webm');
  if (!/^\w{0,40}$/.test(result)) throw unprocessable('result is passed, failed or the name of a failure');
  const data = readFileSync(new URL(`assets/liveness.${format}`, import.meta.url));
  return [`video/${format}`, result ? markClip(data, result) : data];
}
