// What nginx keeps away from the pools, and how it says no.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { startHouse } from '../../scripts/lib/house.mjs';
import { request } from './load.mjs';

const top = mkdtempSync(`${tmpdir()}/house-`);
let house;

before(async () => {
  house = await startHouse({ dir: `${top}/run`, free: true, quiet: true });
});
after(async () => {
  await house?.stop();
  rmSync(top, { recursive: true, force: true });
});

/** Sends bytes as they are; answers {status, type, body}, status 0 when there is no answer. */
function raw(port, text) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    let all = '';
    const done = () => {
      socket.destroy();
      const [head, body = ''] = all.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), type: /^content-type: (.*)$/im.exec(head)?.[1], body });
    };
    socket.on('data', (part) => {
      all += part;
      const length = /^content-length: (\d+)$/im.exec(all)?.[1];
      if (length && Buffer.byteLength(all.split('\r\n\r\n').slice(1).join('\r\n\r\n')) >= Number(length)) done();
    });
    socket.on('end', done);
    socket.on('error', done);
  });
}

const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}Connection: close\r\n\r\n`;

function isProblem({ status, type, body }, wanted, code) {
  assert.equal(status, wanted);
  assert.equal(type, 'application/problem+json');
  const problem = JSON.parse(body);
  assert.equal(problem.status, wanted);
  assert.equal(problem.code, code);
  assert.equal(problem.type, `urn:hall:problem:${code}`);
  assert.match(problem.request_id, /^[0-9a-f]{32}$/);
  return problem;
}

test('what cannot be understood is refused in the words of the contract', async () => {
  for (const text of [
    get('/api/../../etc/passwd'),
    get('/api/v1/%00'),
    get('/api/v1/%zz'),
    get('/api/v1/noop', 'Bad Header\r\n'),
    get('/api/v1/noop', 'Content-Length: 1\r\nContent-Length: 2\r\n'),
    'GET /api/v1/noop HTTP/1.1\r\n\r\n',
    'POST /callback/sms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    get('/api/v1/noop', 'Cookie: a=1\r\nCookie: a=2\r\n'),
    get('/api/v1/noop', 'Idempotency-Key: a\r\nIdempotency-Key: b\r\n'),
  ])
    isProblem(await raw(house.port, text), 400, 'malformed');
  assert.equal((await raw(house.port, get('/..%2f..%2fetc/passwd'))).status, 400);
  assert.equal((await raw(house.port, 'nonsense\r\n\r\n')).status, 400);
});

test('methods that no route knows end at nginx', async () => {
  for (const method of ['FOO', 'OPTIONS', 'TRACE', 'PROPFIND'])
    isProblem(await raw(house.port, get('/api/v1/noop').replace('GET', method)), 405, 'method_not_allowed');
  isProblem(await raw(house.port, get('/api/v1/noop').replace('GET', 'DELETE')), 405, 'method_not_allowed');
});

test('pages get a page, in both languages, programs a problem in theirs', async () => {
  const page = await request(`${house.hallUrl}/no-such-page`);
  assert.equal(page.status, 404);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.body, /没有找到/);
  assert.match(page.body, /Not found/);
  const english = await request(`${house.hallUrl}/api/v2/orders`, { headers: { 'accept-language': 'en' } });
  assert.equal(JSON.parse(english.body).title, 'Not found');
  const chinese = await request(`${house.hallUrl}/api/v2/orders`);
  assert.equal(JSON.parse(chinese.body).title, '没有找到');
});

test('no path of the API is answered by a redirect', async () => {
  for (const path of ['/api', '/api/v1', '/api/v1/orders', '/api/v1/h5/id-card', '/api/v1/h5/liveness-challenges', '/callback', '/pki'])
    for (const method of ['GET', 'POST']) assert.ok((await request(`${house.hallUrl}${path}`, { method })).status >= 400, path);
  assert.equal((await request(`${house.staffUrl}/api/admin/v1`)).status, 404);
});

test('a name that is not ours gets no answer', async () => {
  assert.equal((await raw(house.port, get('/').replace('localhost', 'evil.example'))).status, 0);
  assert.equal((await raw(house.port, get('http://evil.example/api/v1/noop'))).status, 0);
  assert.equal((await raw(house.staffPort, get('/').replace('localhost', 'evil.example'))).status, 0);
});

test('the staff desk is not at the public door, nor the hall at the other', async () => {
  assert.equal((await request(`${house.hallUrl}/api/admin/v1/session`)).status, 404);
  assert.equal((await request(`${house.staffUrl}/api/v1/noop`)).status, 404);
  assert.equal((await request(`${house.staffUrl}/callback/sms`, { method: 'POST', body: '{}' })).status, 404);
  assert.equal((await request(`${house.staffUrl}/api/admin/v1/openapi.json`)).status, 200);
});

test('bodies over the limit are 413, whoever says it', async () => {
  const send = (path, bytes, method = 'POST') => request(`${house.hallUrl}${path}`, { method, body: Buffer.alloc(bytes), headers: { 'content-type': 'application/json' } });
  const order = '/api/v1/orders/20261122000001';
  for (const [path, bytes, method] of [['/api/v1/sessions', 65_537], [`${order}/documents/business_licence`, 3_200_000, 'PUT'],
    ['/api/v1/h5/id-card/front', 3_200_000, 'PUT'], ['/api/v1/h5/liveness-challenges/1/video', 9_000_000, 'PUT']]) {
    const { status, headers, body } = await send(path, bytes, method);
    isProblem({ status, type: headers['content-type'], body }, 413, 'too_large');
  }
});

test('headers that guard the browser are on every answer', async () => {
  for (const [url, csp] of [[`${house.hallUrl}/`, /script-src 'self'/], [`${house.hallUrl}/nothing`, /script-src 'self'/],
    [`${house.hallUrl}/api/v1/noop`, /default-src 'none'/], [`${house.hallUrl}/api/nothing`, /default-src 'none'/],
    [`${house.staffUrl}/`, /frame-ancestors 'none'/], [`${house.staffUrl}/api/admin/v1/session`, /default-src 'none'/]]) {
    const { headers } = await request(url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.match(headers['content-security-policy'], csp, url);
    assert.doesNotMatch(headers['content-security-policy'], /unsafe/, url);
    assert.ok(headers['referrer-policy'], url);
    assert.equal(headers.server, 'nginx', url);
    assert.ok(!('strict-transport-security' in headers), url);
  }
});

test('only the phone page may use the camera', async () => {
  assert.match((await request(`${house.hallUrl}/`)).headers['permissions-policy'], /camera=\(\)/);
  assert.match((await request(`${house.hallUrl}/h5/`)).headers['permissions-policy'], /camera=\(self\)|camera=\(\)/);
});

test('certificates and lists of the authorities are there', async () => {
  const crl = await request(`${house.hallUrl}/pki/sm2-root.crl`);
  assert.equal(crl.status, 200);
  assert.equal(crl.headers['content-type'], 'application/pkix-crl');
  assert.equal((await request(`${house.hallUrl}/pki/p256-issuing.cer`)).headers['content-type'], 'application/pkix-cert');
  assert.equal((await request(`${house.hallUrl}/pki/`)).status, 404);
  assert.equal((await request(`${house.hallUrl}/pki/../journal`)).status, 404);
});

test('each request has one name in nginx, in the answer and in the pool', async () => {
  const answer = await request(`${house.hallUrl}/api/v1/nothing-here`);
  const id = answer.headers['x-request-id'];
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(JSON.parse(answer.body).request_id, id);
  assert.match(house.log('applicant'), new RegExp(id));
});

test('what a client says of its own address is not believed, nor its proxy', async () => {
  const lies = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-real-ip': '192.0.2.1', proxy: 'http://192.0.2.1/' };
  assert.equal((await request(`${house.hallUrl}/api/v1/noop`, { headers: lies })).status, 200);
  assert.doesNotMatch(house.log('applicant'), /192\.0\.2\.1/);
});

test('a query string is in no log', async () => {
  await request(`${house.hallUrl}/api/v1/noop?secret=4711`);
  await new Promise((resolve) => setTimeout(resolve, 1200)); // nginx writes its log in batches
  assert.doesNotMatch(house.log('applicant') + house.log('nginx/access'), /4711/);
});

test('with a certificate the same house speaks TLS and HTTP/2', async () => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-keyout', `${top}/tls.key`, '-out', `${top}/tls.crt`], { stdio: 'ignore' });
  Object.assign(process.env, { TLS_CERTIFICATE: `${top}/tls.crt`, TLS_KEY: `${top}/tls.key` });
  const secure = await startHouse({ dir: `${top}/secure`, free: true, quiet: true }).finally(() => {
    delete process.env.TLS_CERTIFICATE;
    delete process.env.TLS_KEY;
  });
  try {
    const { status, headers, protocol } = await new Promise((resolve, reject) => {
      const call = https.get(`${secure.hallUrl}/api/v1/noop`, { rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, (response) => {
        resolve({ status: response.statusCode, headers: response.headers, protocol: response.socket.getProtocol() });
        response.resume();
      });
      call.on('error', reject);
    });
    assert.equal(status, 200);
    assert.equal(protocol, 'TLSv1.3');
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    const plain = `http://127.0.0.1:${secure.plainPort}`;
    assert.equal((await request(`${plain}/pki/sm2-root.crl`)).status, 200);
    assert.equal((await request(`${plain}/api/v1/noop?a=b`)).headers.location, `${secure.hallUrl}/api/v1/noop?a=b`);
    const h2 = http2.connect(secure.hallUrl, { rejectUnauthorized: false });
    const answered = await new Promise((resolve, reject) => h2.on('error', reject).request({ ':path': '/api/v1/noop' }).on('response', resolve));
    h2.close();
    assert.equal(answered[':status'], 200);
  } finally {
    await secure.stop();
  }
});
