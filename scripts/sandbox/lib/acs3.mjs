// ACS3-HMAC-SHA256, the request signature of Aliyun.
import { createHmac } from 'node:crypto';
import { rfc3986, sha256Hex } from './text.mjs';

const byBytes = (a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));

/** The parts of an Authorization header, null when it is not one of ACS3. */
export function acs3Parse(authorization) {
  const m =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization ?? '',
    );
  return m && { id: m[1], signed: m[2].split(';'), signature: m[3] };
}

/** The signature over one request; `query` is a list of decoded pairs, `header` as in tc3Sign. */
export function acs3Sign({ secret, method, path, query, header, signed, payload }) {
  const pairs = [...query].sort(byBytes).map(([k, v]) => `${rfc3986(k)}=${rfc3986(v)}`);
  const lines = signed.map((name) => `${name}:${header(name).trim()}\n`).join('');
  const canonical = [method, path, pairs.join('&'), lines, signed.join(';'), sha256Hex(payload)].join('\n');
  const text = 'ACS3-HMAC-SHA256\n' + sha256Hex(canonical);
  return createHmac('sha256', secret).update(text).digest('hex');
}
