// A database as the hall has it: schema, grants and legal moves by hall-ctl, on a cluster of the
// test's own. The programs are those of B (build).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cluster } from './cluster.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CTL = path.resolve(ROOT, process.env.B ?? 'build', 'hall-ctl');

/**
 * {sql(text), as(role, text), errors(role, statements), stop()}: rows as arrays of text; a refusal
 * is thrown. errors() tries statements of one line each: of each what was said against it, or ''.
 */
export function hallDatabase(name = 'hall') {
  const cluster = new Cluster();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'hall-schema-'));
  const dsn = cluster.database(name);
  fs.writeFileSync(`${home}/conf`, `database = ${dsn('hall_owner')}\nsandbox = 1\n`);
  const made = spawnSync(CTL, ['conf', 'migrate', `${ROOT}/sql`], { cwd: home, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const as = (role, text) => {
    const r = spawnSync('psql', ['-qXAt', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', dsn(role), '-f', '-'], { input: text, encoding: 'utf8' });
    if (r.status !== 0) throw new Error(r.stderr);
    return r.stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  };
  const errors = (role, statements) => {
    const { stderr } = spawnSync('psql', ['-qXAt', '-d', dsn(role), '-f', '-'], { input: statements.map((text) => `${text};\n`).join(''), encoding: 'utf8' });
    const found = statements.map(() => '');
    for (const [, line, text] of stderr.matchAll(/^psql:<stdin>:(\d+): ERROR:\s+(.*)$/gm)) found[line - 1] = text;
    return found;
  };
  const stop = () => {
    cluster.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { sql: (text) => cluster.sql(name, text), as, errors, stop };
}

/** The named statements of one file of sql/query: {name: {text, params}}. */
export function queries(file) {
  const found = {};
  let name;
  for (const line of fs.readFileSync(`${ROOT}/sql/query/${file}.sql`, 'utf8').split('\n')) {
    const begun = /^-- name: (\w+)/.exec(line);
    if (begun) [, name] = begun;
    else if (name && !/^\s*(--|$)/.test(line)) found[name] = `${found[name] ?? ''}${line}\n`;
  }
  return Object.fromEntries(Object.entries(found).map(([key, text]) => [key, {
    text: text.trim().replace(/;$/, ''), params: Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n))) }]));
}
