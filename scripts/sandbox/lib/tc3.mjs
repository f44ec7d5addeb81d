// TC3-HMAC-SHA256, the request signature of Tencent Cloud.
import { createHmac } from 'node:crypto';
import { sha256Hex } from './text.mjs';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** The parts of an Authorization header, null when it is not one of TC3. */
export function tc3Parse(authorization) {
  const m =
    /^TC3-HMAC-SHA256 Credential=([^/,]+)\/(\d{4}-\d\d-\d\d)\/([a-z0-9]+)\/tc3_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization ?? '',
    );
  if (!m) return null;
  return { id: m[1], date: m[2], service: m[3], signed: m[4].split(';'), signature: m[5] };
}

/**
 * The signature over one request. `header` answers the value sent under a lower-case name; every
 * signed header but the action goes in as sent.
 */
export function tc3Sign({ secret, method, path, query, header, signed, payload, timestamp, date, service }) {
  const value = (name) => (name === 'x-tc-action' ? header(name).toLowerCase() : header(name).trim());
  const lines = signed.map((name) => `${name}:${value(name)}\n`).join('');
  const canonical = [method, path, query, lines, signed.join(';'), sha256Hex(payload)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const text = ['TC3-HMAC-SHA256', timestamp, scope, sha256Hex(canonical)].join('\n');
  const key = [date, service, 'tc3_request'].reduce((k, part) => hmac(k, part), 'TC3' + secret);
  return hmac(key, text).toString('hex');
}
