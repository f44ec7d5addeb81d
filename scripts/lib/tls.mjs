// What nginx shows to browsers: the certificate of TLS_CERTIFICATE and TLS_KEY, or with TLS=1 one of
// this run directory's own, for trying the hall out.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { directory } from './files.mjs';
import { Failure } from './failure.mjs';

const YEARS = 2;

/** {certificate, key, own}, paths of PEM files; null for plain HTTP. */
export function tlsOf(dir, host) {
  const { TLS_CERTIFICATE: certificate, TLS_KEY: key, TLS: wanted } = process.env;
  if (certificate || key) {
    for (const path of [certificate, key])
      if (!path || !existsSync(path)) throw new Failure('TLS_CERTIFICATE and TLS_KEY must both name a PEM file.');
    return { certificate, key, own: false };
  }
  if (!wanted || wanted === '0') return null;
  const made = { certificate: `${dir}/keys/tls-${host}.crt`, key: `${dir}/keys/tls-${host}.key`, own: true };
  if (!existsSync(made.certificate)) {
    directory(`${dir}/keys`);
    const names = [...new Set([host, 'localhost', '127.0.0.1'])].map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(366 * YEARS), '-subj', `/CN=${host}`,
      '-addext', `subjectAltName=${names.join(',')}`, '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', made.key, '-out', made.certificate], { stdio: 'ignore' });
  }
  return made;
}
