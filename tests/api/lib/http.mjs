// Requests as a stranger would make them: raw bytes, any header, an address of one's own. The hall
// counts some things per address, so every client comes from another one of 127.0.0.0/8.
import http from 'node:http';
import https from 'node:https';
import { randomInt } from 'node:crypto';

const agents = { 'http:': new http.Agent({ keepAlive: false }), 'https:': new https.Agent({ keepAlive: false, rejectUnauthorized: false }) };

/** An address of this machine that nobody else is likely to use. */
export const ownAddress = () => `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;

/** {status, headers, body (Buffer), json (undefined where it is none)}. headers of a request may hold arrays. */
export function request(url, { method = 'GET', headers = {}, body, from, timeout = 40_000 } = {}) {
  const { protocol, hostname } = new URL(url);
  const local = from && /^127\.|^localhost$/.test(hostname) ? { localAddress: from, family: 4 } : {};
  return new Promise((resolve, reject) => {
    const call = (protocol === 'https:' ? https : http).request(url, { method, headers, agent: agents[protocol], timeout, ...local });
    call.on('timeout', () => call.destroy(new Error(`${method} ${url}: no answer within ${timeout} ms`)));
    call.on('error', reject);
    call.on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(answer(response, Buffer.concat(parts))));
    });
    if (body !== undefined) call.setHeader('Content-Length', Buffer.byteLength(body));
    call.end(body);
  });
}

function answer(response, body) {
  const type = response.headers['content-type'] ?? '';
  const isJson = /^application\/(problem\+)?json\b/.test(type) && body.length > 0;
  return { status: response.statusCode, headers: response.headers, type: type.split(';')[0], body, json: isJson ? JSON.parse(body) : undefined };
}
