// SM2 signatures with SM3 (GB/T 32918.2), because Node's crypto cannot set the signer's id.
// Not constant-time: the keys are throw-away keys of a stand-in.
import { createHash, randomBytes } from 'node:crypto';

const hex = (s) => BigInt('0x' + s.replaceAll(' ', ''));
const P = hex('FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFF');
const A = P - 3n;
const B = hex('28E9FA9E 9D9F5E34 4D5A9E4B CF6509A7 F39789F5 15AB8F92 DDBCBD41 4D940E93');
const N = hex('FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123');
const G = {
  x: hex('32C4AE2C 1F198119 5F990446 6A39C994 8FE30BBF F2660BE1 715A4589 334C74C7'),
  y: hex('BC3736A2 F4F6779C 59BDCEE3 6B692153 D0A9877C C62A4740 02DF32E5 2139F0A0'),
};

const mod = (v, m) => ((v % m) + m) % m;

function inverse(value, m) {
  let [r0, r1, t0, t1] = [m, mod(value, m), 0n, 1n];
  while (r1) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return mod(t0, m);
}

// Points are Jacobian [X, Y, Z]; Z = 0 is the point at infinity.
function double([x, y, z]) {
  if (!z || !y) return [1n, 1n, 0n];
  const zz = mod(z * z, P);
  const yy = mod(y * y, P);
  const s = mod(4n * x * yy, P);
  const m = mod(3n * (x - zz) * (x + zz), P); // a = -3
  const x3 = mod(m * m - 2n * s, P);
  return [x3, mod(m * (s - x3) - 8n * yy * yy, P), mod(2n * y * z, P)];
}

function add(p, q) {
  if (!p[2]) return q;
  if (!q[2]) return p;
  const [x1, y1, z1] = p;
  const [x2, y2, z2] = q;
  const z1z1 = mod(z1 * z1, P);
  const z2z2 = mod(z2 * z2, P);
  const u1 = mod(x1 * z2z2, P);
  const u2 = mod(x2 * z1z1, P);
  const s1 = mod(y1 * z2 * z2z2, P);
  const s2 = mod(y2 * z1 * z1z1, P);
  const h = mod(u2 - u1, P);
  const r = mod(s2 - s1, P);
  if (!h) return r ? [1n, 1n, 0n] : double(p);
  const hh = mod(h * h, P);
  const hhh = mod(h * hh, P);
  const v = mod(u1 * hh, P);
  const x3 = mod(r * r - hhh - 2n * v, P);
  return [x3, mod(r * (v - x3) - s1 * hhh, P), mod(z1 * z2 * h, P)];
}

function multiply(scalar, point) {
  let sum = [1n, 1n, 0n];
  for (const bit of scalar.toString(2)) {
    sum = double(sum);
    if (bit === '1') sum = add(sum, point);
  }
  return sum;
}

function affine([x, y, z]) {
  const i = inverse(z, P);
  const ii = mod(i * i, P);
  return { x: mod(x * ii, P), y: mod(y * ii * i, P) };
}

const jacobian = ({ x, y }) => [x, y, 1n];
const bytes = (v) => Buffer.from(v.toString(16).padStart(64, '0'), 'hex');
const number = (buffer) => BigInt('0x' + (buffer.toString('hex') || '0'));
const sm3 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sm3')).digest();

function digest(message, id, publicKey) {
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(Buffer.byteLength(id) * 8);
  const points = [A, B, G.x, G.y, publicKey.x, publicKey.y].map(bytes);
  return number(sm3(sm3(bits, id, ...points), message));
}

const der = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

/** The public point of a SubjectPublicKeyInfo in PEM. */
export function sm2PublicKey(pem) {
  const point = der(pem).subarray(-65);
  if (point.length !== 65 || point[0] !== 4) throw new Error('not an uncompressed SM2 public key');
  const key = { x: number(point.subarray(1, 33)), y: number(point.subarray(33)) };
  if (mod(key.y * key.y - (key.x ** 3n + A * key.x + B), P)) throw new Error('not on the SM2 curve');
  return key;
}

/** The private number, and its public point, of a PKCS#8 or SEC1 key in PEM. */
export function sm2PrivateKey(pem) {
  const found = der(pem)
    .toString('hex')
    .match(/0201010420([0-9a-f]{64})/);
  if (!found) throw new Error('not an SM2 private key');
  const d = BigInt('0x' + found[1]);
  return { d, ...affine(multiply(d, jacobian(G))) };
}

/** 64 bytes, r and s, over `message` for the signer `id`. */
export function sm2Sign(message, key, id) {
  const e = digest(message, id, key);
  for (;;) {
    const k = mod(number(randomBytes(40)), N - 1n) + 1n;
    const r = mod(e + affine(multiply(k, jacobian(G))).x, N);
    if (!r || r + k === N) continue;
    const s = mod(inverse(1n + key.d, N) * (k - r * key.d), N);
    if (s) return Buffer.concat([bytes(r), bytes(s)]);
  }
}

/** Whether the 64 bytes of `signature` are `key`'s over `message`. */
export function sm2Verify(message, signature, key, id) {
  if (signature.length !== 64) return false;
  const r = number(signature.subarray(0, 32));
  const s = number(signature.subarray(32));
  const t = mod(r + s, N);
  if (!r || !s || !t || r >= N || s >= N) return false;
  const sum = add(multiply(s, jacobian(G)), multiply(t, jacobian(key)));
  return sum[2] !== 0n && mod(digest(message, id, key) + affine(sum).x, N) === r;
}
