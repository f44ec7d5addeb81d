// scripts/build-www: the pages, from www/ into www/dist. Each directory of www/ with an index.html
// and a main.ts or main.tsx is one set of pages; pages.json beside it lists addresses that answer
// with the same document under a title of their own, and the part that each needs.
//   node scripts/build-www.mjs
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rows } from './lib/defs.mjs';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const FROM = `${PROJECT}/www`, TO = `${FROM}/dist`, NEW = `${TO}.new`;
const COMPRESSED = new Set(['.html', '.css', '.js', '.svg', '.json', '.txt']);

/** Reasons for one use: its rows of domain/reason.def. */
const reasons = (use) => ['domain/reason.def', 'REASON', ([, code, , target, pointer, zh, en]) => [code, { zh, en, target, pointer }], ([, , wanted]) => wanted === use];

// Where the words of the C tables come from, so that nobody writes them twice; a fourth member
// chooses among the rows.
const TABLES = {
  fault: ['base/fault.def', 'FAULT', ([name, code, zh, en]) => [name, { code, zh, en }]],
  // apart: a page in Chinese does without the English
  'fault-zh': ['base/fault.def', 'FAULT', ([name, code, zh]) => [name, { code, zh, en: `fault_${name}` }]],
  'fault-en': ['base/fault.def', 'FAULT', ([name, , , en]) => [`fault_${name}`, en]],
  action: ['domain/order.def', 'ACTION', ([, code, zh, en]) => [code, { zh, en }]],
  state: ['domain/order.def', 'STATE', ([, code, zh, en, turn]) => [code, { zh, en, turn }]],
  reason: ['domain/reason.def', 'REASON', ([name, code, , , , zh, en]) => [name, { code, zh, en }]],
  material: ['domain/material.def', 'MATERIAL', ([, kind, types, source, needed, zh, en]) => [kind, { zh, en, types, source, needed }]],
  'reason-review': reasons('REVIEW'),
  'reason-denial': reasons('DENIAL'),
  'reason-finance': reasons('FINANCE'),
  'reason-bank': reasons('BANK'),
  'reason-parcel': reasons('PARCEL'),
  revocation: ['pki/revocation.def', 'REASON', ([, , code, zh, en]) => [code, { zh, en }]],
  carrier: ['domain/carrier.def', 'CARRIER', ([, code, zh, en, prefix, least, most]) => [code, { zh, en, prefix, least: Number(least), most: Number(most) }]],
  move: ['domain/order.def', 'MOVE_ID', ([, code, , zh, en]) => [code, { zh, en }]],
};

/** import words from 'defs:fault' gives the rows of the table as an object. */
const defs = {
  name: 'defs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^defs:/ }, ({ path }) => ({ path: path.slice(5), namespace: 'defs' }));
    onLoad({ filter: /./, namespace: 'defs' }, ({ path }) => {
      const [file, macro, entry, wanted = () => true] = TABLES[path];
      return { contents: JSON.stringify(Object.fromEntries(rows(`${PROJECT}/fcgi-app/${file}`, macro).filter(wanted).map(entry))), loader: 'json' };
    });
  },
};

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

async function bundle(name) {
  const main = ['main.tsx', 'main.ts'].find((file) => existsSync(`${FROM}/${name}/${file}`));
  const css = existsSync(`${FROM}/${name}/${name}.css`) ? [{ in: `${FROM}/${name}/${name}.css`, out: name }] : [];
  const result = await build({
    entryPoints: [{ in: `${FROM}/${name}/${main}`, out: name }, ...css],
    bundle: true, splitting: true, format: 'esm', minify: true, charset: 'utf8', legalComments: 'none', metafile: true,
    target: ['chrome80', 'safari14', 'firefox78'], supported: { destructuring: true }, // Safari 14 errs only in rare nested defaults
    jsx: 'automatic', jsxImportSource: 'preact',
    entryNames: '[name]-[hash]', chunkNames: 'part-[hash]', assetNames: '[name]-[hash]', outdir: `${NEW}/${name}/a`,
    loader: { '.svg': 'file' }, publicPath: name === 'h5' ? '/h5/a' : '/a', // the hall and the desk have an address of their own
    plugins: [defs], absWorkingDir: PROJECT, logLevel: 'warning',
  });
  const { outputs } = result.metafile;
  const made = new Map(Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint).map(([file, { entryPoint }]) => [entryPoint.replace(`www/${name}/`, ''), file]));
  return { outputs, made, main: made.get(main), style: made.get(`${name}.css`)?.split('/').pop() };
}

/** What a browser asks for to run this file: it and everything that it imports at once. */
function needs(outputs, file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') needs(outputs, path, found);
  return found;
}

const sent = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const sum = (files) => files.reduce((all, file) => all + sent(`${PROJECT}/${file}`), 0);

/** Bytes over the line: of the first visit, and of each part that comes later; scripts/check-weights reads them. */
function weights(name, { outputs, made, main, style }) {
  const first = needs(outputs, main);
  const parts = [...made].filter(([from, file]) => !from.endsWith('.css') && !first.has(file)).map(([from, file]) => [from, sum([...needs(outputs, file)].filter((one) => !first.has(one)))]);
  return { first: sent(`${NEW}/${name}/index.html`) + (style ? sent(`${NEW}/${name}/a/${style}`) : 0) + sum([...first]), parts: Object.fromEntries(parts) };
}

/** What stands beside the scripts: files of static/ as they are. The icon stands in the documents, which saves asking for it. */
function assets(name) {
  const icon = `${FROM}/${name}/icon.svg`;
  if (existsSync(`${FROM}/${name}/static`)) cpSync(`${FROM}/${name}/static`, `${NEW}/${name}`, { recursive: true });
  return existsSync(icon) ? `data:image/svg+xml,${encodeURIComponent(readFileSync(icon, 'utf8').trim())}` : 'data:,';
}

/** What the page at hand needs besides the script, asked for at once. */
function ahead({ outputs, made, main }, part) {
  if (part && !made.has(part)) throw new Error(`no part ${part}`);
  const files = new Set([...needs(outputs, main), ...(part ? needs(outputs, made.get(part)) : [])]);
  files.delete(main);
  return [...files].map((file) => `<link rel="modulepreload" href="/a/${file.split('/').pop()}">`).join('\n');
}

function documents(name, words, made) {
  const template = readFileSync(`${FROM}/${name}/index.html`, 'utf8');
  const list = `${FROM}/${name}/pages.json`;
  const pages = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [{ path: '/', title: '', description: '' }];
  for (const page of pages) {
    const filled = template.replace('@AHEAD@', () => ahead(made, page.part)).replace(/@([A-Z]+)@/g, (all, word) => {
      const value = { ...words, TITLE: page.title, DESCRIPTION: page.description, ROBOTS: page.private ? 'noindex' : 'index, follow' }[word];
      if (value === undefined) throw new Error(`${name}/index.html: nothing for ${all}`);
      return escape(value);
    });
    const dir = `${NEW}/${name}${page.path === '/' ? '' : page.path}`;
    mkdirSync(dir, { recursive: true });
    writeFileSync(`${dir}/index.html`, filled);
  }
}

/** Beside everything that compresses its .gz, for nginx's gzip_static. */
function compress(dir) {
  for (const name of readdirSync(dir)) {
    const path = `${dir}/${name}`;
    if (statSync(path).isDirectory()) compress(path);
    else if (COMPRESSED.has(extname(name)) && statSync(path).size > 256) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

rmSync(NEW, { recursive: true, force: true });
const sets = readdirSync(FROM).filter((name) => existsSync(`${FROM}/${name}/index.html`) && name !== 'dist').sort();
const weighed = {};
for (const name of sets) {
  mkdirSync(`${NEW}/${name}/a`, { recursive: true });
  const made = await bundle(name);
  documents(name, { SCRIPT: made.main.split('/').pop(), STYLE: made.style ?? '', ICON: assets(name) }, made);
  weighed[name] = weights(name, made);
}
writeFileSync(`${NEW}/weights.json`, `${JSON.stringify(weighed, null, 1)}\n`);
compress(NEW);
rmSync(TO, { recursive: true, force: true });
renameSync(NEW, TO);
