// What the tests of the sandbox share: a sandbox of its own keys, and a hall that takes callbacks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../scripts/sandbox/config.mjs';
import { startSandbox } from '../../scripts/sandbox/sandbox.mjs';

const root = new URL('../../', import.meta.url);
export const vectors = JSON.parse(readFileSync(new URL('tests/data/vectors/vectors.json', root), 'utf8'));
export const vectorKey = (name) => readFileSync(new URL(`tests/data/vectors/keys/${name}`, root), 'utf8');
export const script = (name) => new URL(`scripts/sandbox/${name}`, root).pathname;

export function tryJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Fresh keys in a directory of their own, with what hall.conf says. */
export function makeKeys(...options) {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  execFileSync(process.execPath, [script('keys.mjs'), dir, '--port', '0', ...options]);
  const lines = readFileSync(join(dir, 'hall.conf'), 'utf8').trim().split('\n');
  return {
    dir,
    settings: Object.fromEntries(lines.map((line) => line.split(' = '))),
    remove: () => rmSync(dir, { recursive: true }),
  };
}

/** One HTTP exchange; answers {status, headers, body, text, json()}. */
export function exchange(url, { method = 'GET', headers = {}, body, agent = false, timeout = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const all = body === undefined ? headers : { 'content-length': Buffer.byteLength(body), ...headers };
    const request = http.request(url, { method, headers: all, agent, timeout }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('aborted', () => reject(new Error('answer cut short')));
      answer.on('end', () => {
        const data = Buffer.concat(parts);
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          body: data,
          text: data.toString(),
          json: () => JSON.parse(data.toString()),
        });
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

/** A hall that takes callbacks: answers by `respond(path, body, count)`, keeps what came in `got`. */
export async function startHall() {
  const hall = { got: [], respond: () => [200, ''] };
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    hall.got.push({ path: request.url, headers: request.headers, body });
    const [status, text] = hall.respond(request.url, body, hall.got.length);
    response.writeHead(status).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  hall.url = `http://127.0.0.1:${server.address().port}`;
  hall.close = () => new Promise((resolve) => server.close(resolve));
  /** The first `count` callbacks, once they are here. */
  hall.wait = async (count, ms = 3000) => {
    await until(
      () => hall.got.length >= count,
      ms,
      () => `${hall.got.length} of ${count} callbacks`,
    );
    return hall.got.slice(0, count);
  };
  return hall;
}

/** Resolves once `done()` is true. */
export async function until(done, ms = 3000, what = () => String(done)) {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`in vain: ${what()}`);
}

/** A sandbox and a hall. `change(config, hall)` may alter the configuration first. */
export async function startAll(keys, change = () => {}) {
  const hall = await startHall();
  const config = readConfig(join(keys.dir, 'sandbox.json'));
  config.state = '';
  config.sms.report_url = '';
  config.sf.push_url = '';
  change(config, hall);
  const logged = [];
  const sandbox = await startSandbox(config, { log: (line) => logged.push(line) });
  const base = `http://127.0.0.1:${sandbox.port}`;
  const control = async (method, path, body) => {
    const answer = await exchange(base + path, { method, body: body && JSON.stringify(body) });
    return { ...tryJson(answer.text), status: answer.status };
  };
  return {
    hall,
    config,
    sandbox,
    base,
    keys,
    logged,
    control,
    settings: keys.settings,
    get: (path) => control('GET', path),
    items: async (path) => (await control('GET', path)).items,
    post: (path, body = {}) => control('POST', path, body),
    behave: (provider, mode, more = {}) => control('PUT', '/sandbox/behaviour', { provider, mode, ...more }),
    close: () => sandbox.close().then(hall.close),
  };
}
