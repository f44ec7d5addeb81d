// The OpenAPI documents that the hall serves, as a judge: every reply that a test gets is compared
// with them, and every call is written down, so that a route which nobody called is found.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';
import { request } from './http.mjs';

const VERBS = ['get', 'put', 'post', 'delete', 'patch'];
const pointer = (...parts) => parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

class Contract {
  #operations = [];
  #validators = new Map();

  constructor(name, document) {
    this.name = name;
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, name);
    for (const [path, item] of Object.entries(document.paths))
      for (const verb of VERBS) if (item[verb]) this.#operations.push({ path, verb, pattern: patternOf(path), operation: item[verb] });
  }

  /** "GET /api/v1/orders/{order_no}" of everything there is. */
  names() {
    return this.#operations.map(({ verb, path }) => `${verb.toUpperCase()} ${path}`);
  }

  find(method, path) {
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    return this.#operations.find((o) => o.verb === verb && o.pattern.test(path));
  }

  #validator({ path, verb }, status, type) {
    const place = `${this.name}#${pointer('paths', path, verb, 'responses', status, 'content', type, 'schema')}`;
    if (!this.#validators.has(place)) this.#validators.set(place, this.ajv.compile({ $ref: place }));
    return this.#validators.get(place);
  }

  /** Fails where the reply is not one that the document announces. */
  judge(found, method, reply) {
    const what = `${method} ${found.path} -> ${reply.status}`;
    const announced = found.operation.responses[reply.status];
    assert.ok(announced, `${what} is not in the contract: ${reply.body.toString().slice(0, 400)}`);
    if (method === 'HEAD' || reply.status === 204 || reply.status === 304) {
      assert.equal(reply.body.length, 0, `${what} has a body`);
      return;
    }
    if (!announced.content) return;
    const [type] = Object.entries(announced.content).find(([name]) => name.split(' ').includes(reply.type)) ?? [];
    assert.ok(type, `${what} is of type ${reply.type}, the contract says ${Object.keys(announced.content)}`);
    if (reply.json === undefined) return;
    const validate = this.#validator(found, String(reply.status), type);
    assert.ok(validate(reply.json), `${what} breaks the contract: ${this.ajv.errorsText(validate.errors)}\n${reply.body.toString().slice(0, 1500)}`);
  }
}

const patternOf = (path) => new RegExp(`^${path.replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);

const loaded = new Map();

/** The contract of the hall or of the staff desk: base is its address. */
export function contractOf(base, prefix) {
  const url = `${base}${prefix}/openapi.json`;
  if (!loaded.has(url))
    loaded.set(url, request(url).then((reply) => new Contract(prefix.slice(1).replaceAll('/', '-'), reply.json)));
  return loaded.get(url);
}

/** Judges one reply and writes the call down (in the file that CALLS names). */
export async function judge(base, method, path, reply) {
  const prefix = path.startsWith('/api/admin/v1/') ? '/api/admin/v1' : '/api/v1';
  if (!path.startsWith(`${prefix}/`)) return;
  const contract = await contractOf(base, prefix);
  const found = contract.find(method, path.split('?')[0]);
  if (!found) return;
  contract.judge(found, method, reply);
  if (process.env.CALLS) appendFileSync(process.env.CALLS, `${method} ${found.path} ${reply.status}\n`);
}
