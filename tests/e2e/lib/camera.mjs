// What a phone's camera sees: clips for Chromium's fake camera, photographed from cards of the
// sandbox. A camera's picture loses what the card's file says in a comment, so a QR code on the
// card says it too.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { build } from 'esbuild';
import { backOf, frontOf } from '../../api/lib/client.mjs';

const [WIDTH, HEIGHT] = [1280, 720];

const loadQr = async () => {
  const { outputFiles } = await build({ entryPoints: ['www/shared/qr.ts'], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
};

// Where the code lies on the card, in the card's own 1280 x 800: over the portrait, beside the dates.
const CODE = { front: [850, 180, 340], back: [850, 380, 340] };

async function scene({ jpeg, says, style }) {
  const { qrPath } = await loadQr();
  let code = '';
  if (says) {
    const { path, side } = qrPath(JSON.stringify(says));
    const [x, y, wide] = CODE[says.side].map((n) => n * 0.74);
    code = `<svg viewBox="-2 -2 ${side + 4} ${side + 4}" style="position:absolute;left:${x}px;top:${y}px;width:${wide}px;background:#fff"><path d="${path}"/></svg>`;
  }
  return `<body style="margin:0;width:${WIDTH}px;height:${HEIGHT}px;background:#a8967f;overflow:hidden"><div style="position:absolute;left:167px;top:64px;width:947px;height:592px;${style ?? ''}">
    <img src="data:image/jpeg;base64,${jpeg.toString('base64')}" style="width:947px;height:592px">${code}</div></body>`;
}

const LIGHT = 'filter:brightness(.8)'; // the fake camera's white is brighter than the picture's

export class FakeCamera {
  #dir = mkdtempSync(`${tmpdir()}/camera-`);
  file = `${this.#dir}/clip.mjpeg`;
  #frames = {};

  constructor() {
    process.on('exit', () => rmSync(this.#dir, { recursive: true, force: true }));
    writeFileSync(this.file, '');
  }

  /** Arguments of a browser that has this camera. */
  get words() {
    return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${this.file}`];
  }

  /** Photographs what will be put before the camera: good cards of this person, and spoilt ones. */
  async prepare(browser, person) {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    const [front, back] = [await frontOf(person), await backOf({ valid_until: person.id_valid_to })];
    const says = { front: { side: 'front', name: person.name, id_number: person.id_number }, back: { side: 'back', authority: '测试公安局', valid_from: '2020-12-31', valid_until: person.id_valid_to } };
    const scenes = { front: { jpeg: front, says: says.front, style: LIGHT }, back: { jpeg: back, says: says.back, style: LIGHT }, dark: { jpeg: front, style: 'filter:brightness(.12)' }, blurred: { jpeg: front, style: 'filter:blur(14px)' } };
    for (const [name, what] of Object.entries(scenes)) {
      await page.setContent(await scene(what));
      if (name === 'dark') await page.evaluate(() => { document.body.style.background = '#111'; });
      this.#frames[name] = await page.screenshot({ type: 'jpeg', quality: 92 });
    }
    await page.close();
  }

  /** Whoever opens the camera from now on sees this. */
  sees(name) {
    writeFileSync(`${this.file}.new`, Buffer.concat(Array(3).fill(this.#frames[name])));
    renameSync(`${this.file}.new`, this.file);
  }
}
