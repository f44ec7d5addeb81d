// Every route of both documents, with everything that a body, a query or a path can be wrong in. The
// answer is a refusal that says where, and nothing is written.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import test, { before } from 'node:test';
import { bringTo, Case, Client, hallUrl, newStaff, ok, psql, refused, staffUrl, until } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';

const RAW_MAX = { 'business_licence': 2 << 20, front: 2 << 20, video: 8 << 20 };
const clients = {};
const args = { order_no: '', kind: 'business_licence', side: 'front', challenge_id: 'x', payment_id: 'x', refund_id: 'x', id: '1',
  project: 'ccgp-liaoning' };

const contracts = { hall: await contractOf(hallUrl, '/api/v1'), staff: await contractOf(staffUrl, '/api/admin/v1') };

/** Every operation: {client, method, path, operation, name}. */
function operations() {
  return Object.entries(contracts).flatMap(([door, contract]) => contract.names().map((name) => {
    const [method, template] = name.split(' ');
    const path = template.replaceAll(/\{(\w+)\}/g, (_, word) => args[word]);
    const { operation } = contract.find(method, path);
    const scheme = Object.keys(operation.security?.[0] ?? {})[0];
    return { name, method, path, template, operation, client: clients[scheme] ?? new Client(door === 'staff' ? staffUrl : hallUrl) };
  }));
}

const schemaOf = (o) => o.operation.requestBody?.content['application/json']?.schema;
const isRaw = (o) => o.operation.requestBody && !schemaOf(o);

/** Rows of every table that an applicant or a member of staff can cause. */
async function rows() {
  const tables = (await psql(`SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('crl', 'audit_checkpoint') ORDER BY 1`)).flat();
  const counts = await psql(tables.map((t) => `SELECT '${t}', count(*) FROM "${t}"`).join(' UNION ALL ') + ' ORDER BY 1');
  const [[version]] = await psql(`SELECT coalesce(sum(version), 0) FROM orders`);
  return Object.fromEntries([...counts, ['version of all orders', version]]);
}
const settled = () => until('all work to be done', async () =>
  (await psql(`SELECT count(*) FROM job WHERE state = 'queued' AND kind NOT IN ('LEDGER') AND key NOT LIKE 'clock/%' AND due_at <= hall_now()`))[0][0] === '0');

before(async () => {
  const c = new Case();
  await c.begin();
  await c.fill();
  args.order_no = c.orderNo;
  clients.applicant = c.client;
  clients.staff = await newStaff('reviewer', 'finance', 'production', 'auditor', 'administrator');
  const p = await bringTo('awaiting_identity').catch(() => null);
  const phone = await p?.startIdentity();
  if (phone) ok(await phone.open(), 201);
  clients.phone = phone?.client ?? new Client();
  await settled();
  clients.before = await rows();
});
/** A refusal in the words of the contract; answers the pointers. */
function isRefusal(reply, what) {
  assert.ok(reply.status >= 400 && reply.status < 500, `${what}: ${reply.status} ${reply.body.toString().slice(0, 300)}`);
  assert.equal(reply.type, 'application/problem+json', what);
  const { code, title, detail, status, errors = [] } = reply.json;
  assert.ok(code && title && detail && status === reply.status, what);
  for (const e of errors) assert.ok(e.code && e.detail && typeof e.pointer === 'string', what);
  return errors.map((e) => e.pointer);
}

const send = (o, body, more = {}) => o.client.call(o.method, o.path, { body, type: 'application/json', ifMatch: '*', ...more });

// ---- bodies ----

/** Something that the schema takes; names that mean something get something that looks like it. */
const LOOKS = { phone: '13900001234', mobile: '13900001234', transferred_on: '2026-11-20', username: 'somebody', roles: ['auditor'] };
function example(schema, name) {
  if (name in LOOKS) return LOOKS[name];
  const type = [schema.type].flat()[0];
  if (schema.enum) return schema.enum[0];
  if (type === 'object') return Object.fromEntries((schema.required ?? []).map((key) => [key, example(schema.properties[key], key)]));
  if (type === 'array') return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => example(schema.items));
  if (type === 'boolean') return true;
  if (type === 'integer') return schema.minimum ?? 1;
  return 'x'.repeat(Math.max(1, schema.minLength ?? 1));
}

const quoted = (value) => JSON.stringify(value);

/** [what, JSON text of the value] for what this member must not be. */
function* wrongValues(schema) {
  const type = [schema.type].flat()[0];
  const all = { string: ['number', '5'], integer: ['text', '"5"'], boolean: ['text', '"true"'], array: ['text', '"x"'], object: ['text', '"x"'] };
  yield all[type];
  if (type !== 'object') yield ['an object', '{}'];
  if (type !== 'array') yield ['a list', '[]'];
  if (type === 'integer') {
    yield ['a fraction that is whole', '240.0'];
    yield ['a fraction', '1.5'];
    yield ['an exponent', '1e2'];
    if (schema.minimum !== undefined) yield ['too little', String(schema.minimum - 1)];
    if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER) yield ['too much', String(schema.maximum + 1)];
  }
  if (type === 'string') {
    yield ['a NUL', '"a\\u0000b"'];
    yield ['a control character', '"a\\u0007b"'];
    yield ['not NFC', quoted(`e\u0301${'x'.repeat(Math.max(0, (schema.minLength ?? 1) - 2))}`)];
    if (schema.maxLength !== undefined) yield ['too long', quoted('长'.repeat(schema.maxLength + 1))];
    if ((schema.minLength ?? 0) > 1) yield ['too short', quoted('x'.repeat(schema.minLength - 1))];
    if (schema.enum) yield ['no choice', '"neither"'], yield ['a choice with a NUL', quoted(`${schema.enum[0]}\0`)];
  }
  if (type === 'array' && schema.maxItems !== undefined && schema.maxItems < 1000)
    yield ['too many', JSON.stringify(Array.from({ length: schema.maxItems + 1 }, () => example(schema.items)))];
}

/** [path of keys, schema] of every member, those inside lists by their first item. */
function* members(schema, at = []) {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    yield [[...at, key], inner];
    const type = [inner.type].flat()[0];
    if (type === 'object') yield* members(inner, [...at, key]);
    if (type === 'array' && inner.items?.properties) yield* members(inner.items, [...at, key, 0]);
    else if (type === 'array' && inner.items) yield [[...at, key, 0], inner.items];
  }
}

/** The text of `base` with the value at `path` replaced by `text`. */
function withValue(base, path, text) {
  const copy = structuredClone(base);
  let at = copy;
  for (const [i, key] of path.slice(0, -1).entries()) {
    at[key] ??= typeof path[i + 1] === 'number' ? [] : {};
    at = at[key];
  }
  at[path.at(-1)] = '\u0001here';
  return JSON.stringify(copy).replace('"\\u0001here"', () => text);
}

const withBody = () => operations().filter(schemaOf);

test('what is not JSON is refused, and the refusal points at the whole', async () => {
  const deep = '['.repeat(200) + ']'.repeat(200);
  for (const o of withBody())
    for (const [what, body] of [['half', '{"a":'], ['trailing', '{} {}'], ['a key twice', '{"a":1,"a":2}'], ['comma', '{"a":1,}'],
      ['single quotes', "{'a':1}"], ['NaN', '{"a":NaN}'], ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])], ['half a surrogate', '{"a":"\\ud800"}'],
      ['raw NUL', '{"a":"\0"}'], ['a key with NUL', '{"a\\u0000":1}'], ['too deep', deep], ['too deep objects', '{"a":'.repeat(200) + '1' + '}'.repeat(200)],
      ['a giant number', '{"a":1e999}'], ['byte order mark', '\ufeff{}'], ['a word', 'true false']]) {
      const reply = await send(o, body);
      refused(reply, 400, 'malformed');
      assert.deepEqual(isRefusal(reply, `${o.name}: ${what}`), [''], `${o.name}: ${what}`);
    }
});

test('a body is an object', async () => {
  for (const o of withBody())
    for (const body of ['[]', '"x"', '1', 'null', 'true'])
      assert.ok(isRefusal(await send(o, body), `${o.name}: ${body}`).includes(''), `${o.name}: ${body}`);
});

test('no body at all is refused where one is needed', async () => {
  for (const o of withBody().filter((o) => o.operation.requestBody.required)) isRefusal(await send(o, undefined, { type: undefined }), o.name);
});

test('a body that has another name than JSON is 415', async () => {
  for (const o of withBody())
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'text/json'])
      refused(await send(o, '{}', { type }), 415, 'unsupported_type');
});

test('a body over 64 KB is 413', async () => {
  for (const o of withBody()) refused(await send(o, `{"a":"${'x'.repeat(65_536)}"}`), 413, 'too_large');
});

test('a field that nobody knows is named', async () => {
  for (const o of withBody()) {
    const body = { ...example(schemaOf(o)), 'no~such/field': 1 };
    assert.ok(isRefusal(await send(o, JSON.stringify(body)), o.name).includes('/no~0such~1field'), o.name);
  }
});

test('each member that is not what it must be is named', async (t) => {
  let n = 0;
  for (const o of withBody()) {
    const base = example(schemaOf(o));
    for (const [path, schema] of members(schemaOf(o)))
      for (const [what, text] of wrongValues(schema)) {
        const pointer = `/${path.join('/')}`;
        const pointers = isRefusal(await send(o, withValue(base, path, text)), `${o.name}: ${pointer} is ${what}`);
        assert.ok(pointers.includes(pointer), `${o.name}: ${pointer} is ${what}, and the answer names ${pointers}`);
        n++;
      }
  }
  t.diagnostic(`${n} bodies`);
});

test('each member that is missing is named, all at once', async () => {
  for (const o of withBody()) {
    const { required = [] } = schemaOf(o);
    if (required.length === 0) continue;
    const pointers = isRefusal(await send(o, '{}'), o.name);
    for (const key of required) assert.ok(pointers.includes(`/${key}`), `${o.name}: ${key} is not among ${pointers}`);
  }
});

test('a path that is no text leads nowhere', async () => {
  for (const o of operations().filter((o) => o.template.includes('{'))) {
    const path = o.template.replaceAll(/\{\w+\}/g, '%FF');
    refused(await o.client.call(o.method, path, { type: 'application/json', ifMatch: '*' }), 404, 'not_found');
  }
});

test('a call that takes no body takes none', async () => {
  for (const o of operations().filter(({ method, operation }) => method !== 'GET' && !operation.requestBody)) {
    if (/\/(session|claim|next|reopening)$/.test(o.path)) continue; // they would do what they are for
    isRefusal(await send(o, '{"a":1}'), o.name);
    isRefusal(await send(o, '{"a":'), o.name);
  }
});

// ---- bytes ----

test('bytes of the wrong kind, none and too many are refused', async () => {
  for (const o of operations().filter(isRaw)) {
    const [type] = Object.keys(o.operation.requestBody.content);
    const limit = RAW_MAX[Object.keys(RAW_MAX).find((name) => o.path.includes(name))];
    for (const wrong of ['text/html', 'application/json', 'image/svg+xml', 'application/zip']) isRefusal(await send(o, Buffer.alloc(100, 0xff), { type: wrong }), o.name);
    isRefusal(await send(o, Buffer.alloc(0), { type }), o.name);
    isRefusal(await send(o, Buffer.from('GIF89a'), { type }), o.name);
    isRefusal(await send(o, Buffer.from([0xff, 0xd8, 0xff, 0xe0]), { type }), o.name);
    refused(await send(o, Buffer.alloc(limit + 1, 1), { type }), 413, 'too_large');
  }
});

// ---- queries ----

test('a parameter that is not what it must be is named', async () => {
  for (const o of operations().filter(({ method }) => method === 'GET')) {
    const parameters = (o.operation.parameters ?? []).filter((p) => p.in === 'query' && p.name !== 'wait');
    if (parameters.length === 0) continue;
    const good = Object.fromEntries(parameters.filter((p) => p.required).map((p) => [p.name, p.schema.format === 'date' ? '2026-01-01' : example(p.schema, p.name)]));
    const ask = (more) => o.client.get(`${o.path}?${new URLSearchParams({ ...good, ...more })}`);
    assert.ok(isRefusal(await ask({ colour: 'red' }), o.name).includes('?colour'), o.name);
    for (const { name, schema, required } of parameters) {
      const type = [schema.type].flat()[0];
      const wrong = type === 'integer' ? ['x', '1.0', '-1', '1e1', '99999999999999999999', String((schema.maximum ?? 1e9) + 1)]
        : type === 'boolean' ? ['x', '2', 'TRUE'] : schema.enum ? ['neither'] : ['x'.repeat((schema.maxLength ?? 300) + 1), 'a\u0007b'];
      for (const value of wrong)
        assert.ok(isRefusal(await ask({ [name]: value }), `${o.name}?${name}=${value}`).includes(`?${name}`), `${o.name}?${name}=${value}`);
      refused(await o.client.get(`${o.path}?${name}=%ff`), 400, 'malformed');
      if (required) assert.ok(isRefusal(await o.client.get(o.path), o.name).includes(`?${name}`), o.name);
    }
  }
});

// ---- paths and methods ----

/** The request line as it is, whatever it is. */
function raw(url, method, path, headers = '') {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`));
    let all = '';
    socket.on('data', (part) => { all += part; });
    socket.on('error', reject);
    socket.on('end', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(all)?.[1] ?? 0), text: all }));
  });
}
const cookieOf = (o) => (o.client.cookies.size ? `Cookie: ${[...o.client.cookies].map(([n, v]) => `${n}=${v}`).join('; ')}\r\n` : '');
const notOurs = ({ status, text }, what) => {
  assert.ok(status >= 400 && status < 500, `${what}: ${text.slice(0, 300)}`);
  assert.doesNotMatch(text, /root:x:0/, what);
};

test('a path that leads out, or cannot be read, leads nowhere', async () => {
  for (const o of operations())
    for (const bad of [`${o.path}/../../../../../../etc/passwd`, `${o.path}/..%2f..%2fetc%2fpasswd`, `${o.path}/%2e%2e/%2e%2e/x`, `${o.path}%00`, `${o.path}/`,
      `${o.path}/x`, `/${o.path}//x`, `${o.path};a=b`, `${o.path}%zz`, `${o.path}\\..\\x`])
      notOurs(await raw(o.client.base, o.method === 'GET' ? 'GET' : 'POST', bad, `${cookieOf(o)}Content-Length: 0\r\n`), `${o.method} ${bad}`);
});

test('names in a path may be anything, and are then not found', async () => {
  const strange = ['0', '-1', '99999999999999999999', 'x'.repeat(300), "1'%20OR%20'1'='1", '%E8%AE%A2%E5%8D%95', '%F0%9F%98%80', '1%0d%0aX:%20y', '*', '1.0', '%25'];
  for (const o of operations().filter(({ template }) => template.includes('{')))
    for (const name of strange) {
      const path = o.template.replaceAll(/\{\w+\}/g, name);
      const reply = await o.client.call(o.method, path, { ...(schemaOf(o) && { json: example(schemaOf(o)) }), ifMatch: '*',
        ...(isRaw(o) && { body: Buffer.from([0xff, 0xd8, 0xff, 0xe0]), type: Object.keys(o.operation.requestBody.content)[0] }) });
      isRefusal(reply, `${o.method} ${path}`);
    }
});

test('a method that a route does not have is 405', async () => {
  const routes = new Map();
  for (const o of operations()) routes.set(o.template, o);
  for (const o of routes.values())
    for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'X'.repeat(50)]) {
      if (contracts[o.client.base === staffUrl ? 'staff' : 'hall'].find(method, o.path)) continue; // another route takes the word for a name
      const { status, text } = await raw(o.client.base, method, o.path, `${cookieOf(o)}Content-Length: 0\r\n`);
      assert.ok([400, 405].includes(status), `${method} ${o.path}: ${text.slice(0, 200)}`);
    }
});

test('HEAD is as GET, without a body', async () => {
  for (const o of operations().filter(({ method, template }) => method === 'GET' && !/pdf|documents|certificate|receipt/.test(template))) {
    const reply = await o.client.call('HEAD', o.path);
    assert.equal(reply.body.length, 0, o.path);
    assert.ok(reply.status < 500, o.path);
  }
});

test('a request that breaks off in the middle leaves nothing behind', async () => {
  for (const o of withBody().slice(0, 10))
    await new Promise((resolve) => {
      const call = http.request(o.client.base + o.path, { method: o.method, headers: { 'content-type': 'application/json', 'content-length': 1000 } });
      call.on('error', resolve);
      call.write('{"a":', () => setImmediate(() => call.destroy()));
      call.on('close', resolve);
    });
  ok(await clients.applicant.get('/api/v1/health'));
});

test('after all this nothing was written', async () => {
  await settled();
  assert.deepEqual(await rows(), clients.before);
});
