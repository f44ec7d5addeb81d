// Orders that begin where a certificate is due, made by build/tools/order-maker in a fraction of a
// second; and what one does with certificates outside the hall.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { Case, Client, bankMemo, dir, makeForm, mobile, ok, personOf, readSms, tool } from './client.mjs';

const run = promisify(execFile);
const PASSWORD = 'order-maker-pass'; // order-maker's accounts have this one

/**
 * Orders of these wishes ({type, method, form}): paid, reviewed, and in the worker's hands; with
 * {until: 'pending_review'} before the review, and a transfer before finance has seen it.
 */
export async function madeMany(wishes) {
  const whole = wishes.map(({ type = 'organisation', method = 'bank_transfer', form, until: end } = {}) =>
    ({ type, method, phone: mobile(), form: form ?? makeForm(type), ...(end && { until: end }) }));
  const child = spawn(tool('order-maker'), ['conf/ctl.conf'], { cwd: dir, stdio: ['pipe', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  child.stdin.end(whole.map((wish) => `${JSON.stringify(wish)}\n`).join(''));
  const code = await new Promise((done) => child.on('close', done));
  assert.equal(code, 0, texts.stderr);
  return texts.stdout.trim().split('\n').map((line, i) => {
    const { order_no: orderNo } = JSON.parse(line);
    return Object.assign(new Case(whole[i]), { orderNo, phone: whole[i].phone, paymentId: `P${orderNo}` });
  });
}

/** Their owner signs in. */
export async function signIn(c) {
  c.client = new Client();
  ok(await c.client.post('/api/v1/sessions', { phone: c.phone, password: PASSWORD }), 201);
  return c;
}

/** The same, their owners signed in. */
export async function madeAll(wishes) {
  const cases = await madeMany(wishes);
  for (const c of cases) await signIn(c);
  return cases;
}

/** One of them. */
export const made = async (wish) => (await madeAll([wish]))[0];

/** The same, waited for in this state. */
export async function madeTo(states, wish, ms = 30_000) {
  const c = await made(wish);
  await c.reaches(states, ms);
  return c;
}

// ---- certificates outside ----

const scratch = mkdtempSync(`${tmpdir()}/hall-made-`);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

/** Puts bytes into a file of the test's own; answers its path. */
export function put(bytes, ending = 'pem') {
  const path = `${scratch}/${++count}.${ending}`;
  writeFileSync(path, bytes);
  return path;
}

/** What openssl says; fails when it fails. */
export const openssl = async (...words) => (await run('openssl', words)).stdout;
/** Whether it fails. */
export const opensslFails = (...words) => run('openssl', words).then(() => false, () => true);

const SM2_ID = ['-vfyopt', 'distid:1234567812345678'];

/** The certificates of a PEM text, each a text of its own. */
export const pems = (text) => text.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g);

/** leaf, issuing, root verify, by OpenSSL; its SM2 id reaches only the last certificate of a path. */
export async function chainHolds(chain, algorithm) {
  const [leaf, issuing, root] = pems(chain).map((text) => put(text));
  if (algorithm === 'sm2') {
    await openssl('verify', ...SM2_ID, '-CAfile', root, issuing);
    await openssl('verify', ...SM2_ID, '-partial_chain', '-trusted', issuing, leaf);
  } else {
    await openssl('verify', '-x509_strict', '-CAfile', root, '-untrusted', issuing, leaf);
  }
  return leaf;
}

/** Opens a container with its PIN; answers certificate and key, PEM. */
export async function openContainer(bytes, pin) {
  const file = put(bytes, 'p12');
  const read = (...more) => openssl('pkcs12', '-in', file, '-passin', `pass:${pin}`, ...more);
  return { certificate: pems(await read('-nokeys', '-clcerts'))[0], key: await read('-nocerts', '-nodes') };
}

export const containerRefuses = (bytes, pin) => opensslFails('pkcs12', '-in', put(bytes, 'p12'), '-passin', `pass:${pin}`, '-nokeys');

const pubkeyOf = (certificate) => openssl('x509', '-in', put(certificate), '-noout', '-pubkey');
export const keyFits = async ({ certificate, key }) => (await pubkeyOf(certificate)) === (await openssl('pkey', '-in', put(key), '-pubout'));

/** The PIN as its owner reads it: in the memo of 0.01 yuan, or in a message. */
export const pinOfMemo = async (account) => (await bankMemo(account)).match(/PIN码([0-9A-Z]{12})/)[1];
export const pinOfSms = async (form) => (await readSms(personOf(form).mobile, 'N19')).text.match(/PIN码：([0-9A-Z]{12})/)[1];

/** Verifies a receipt just as it says itself: with openssl and what is published. */
export async function receiptHolds(receipt, publishedKey) {
  assert.equal(receipt.public_key.trim(), publishedKey.trim(), 'the key is the published one');
  const [json, signature, key] = [put(receipt.statement, 'json'), put(Buffer.from(receipt.signature, 'base64'), 'sig'), put(receipt.public_key)];
  await openssl('pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', json, '-sigfile', signature);
  return JSON.parse(readFileSync(json, 'utf8'));
}
