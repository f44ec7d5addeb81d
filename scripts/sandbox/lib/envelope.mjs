// The envelope of the bank's direct channel: JSON with sorted keys and no blanks, signed by SM2 with
// SM3, the whole under SM4-CBC. The signature is made over the text that has this word in its place.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sm2Sign, sm2Verify } from './sm2.mjs';
import { base64, isObject, jsonObject } from './text.mjs';

const PLACE = '__signature_sigdat__';

/** The signer's id, which is the initial vector too: the user's number, padded to 16 with zeros. */
export const signerId = (uid) => (uid + '0'.repeat(16)).slice(0, 16);

/** JSON with keys sorted by bytes at every depth and no blanks. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`).join(',')}}`;
}

/** The text with the signature of `key` in its place. */
export const signText = (text, key, uid) =>
  text.replace(PLACE, sm2Sign(text, key, signerId(uid)).toString('base64'));

/** The signed text as an object when it is `key`'s and canonical, else {fault}. */
export function verifyText(text, key, uid) {
  const object = jsonObject(text);
  const signature = object?.signature?.sigdat;
  const raw = typeof signature === 'string' && base64(signature);
  if (!raw) return { fault: 'missing' };
  const signed = text.replace(`"${signature}"`, `"${PLACE}"`);
  const sorted = canonical({ ...object, signature: { ...object.signature, sigdat: PLACE } });
  if (signed !== sorted || !sm2Verify(signed, raw, key, signerId(uid))) return { fault: 'bad' };
  return { object };
}

export function sm4Encrypt(data, key, uid) {
  const cipher = createCipheriv('sm4-cbc', key, signerId(uid));
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** The plain text, null when key or padding are wrong. */
export function sm4Decrypt(data, key, uid) {
  try {
    const cipher = createDecipheriv('sm4-cbc', key, signerId(uid));
    return Buffer.concat([cipher.update(data), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
