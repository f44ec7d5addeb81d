// One HTTP server for all stand-ins: reads the raw request, lets the provider judge the signature,
// applies the fault that a test asked for, and answers what the provider says.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const HOLD_MS = 120_000; // the longest that an answer is withheld
const MOST_BODY = 16 << 20;
const HTML =
  '<html>\r\n<head><title>Error</title></head>\r\n<body><center><h1>Server Error</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n';

class Call {
  constructor(request, target, body) {
    const question = target.indexOf('?');
    this.method = request.method;
    this.target = target; // as on the wire, with the prefix
    this.path = question < 0 ? target : target.slice(0, question);
    this.query = question < 0 ? '' : target.slice(question + 1);
    this.body = body;
    this.headers = new Map();
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      const name = request.rawHeaders[i].toLowerCase();
      this.headers.set(name, [...(this.headers.get(name) ?? []), request.rawHeaders[i + 1]]);
    }
  }
  /** The value of a header that was sent exactly once, else undefined. */
  header(name) {
    const values = this.headers.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }
  text() {
    return this.body.toString('utf8');
  }
}

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= MOST_BODY) parts.push(part); // the rest is read away, so that the refusal arrives
  }
  return size <= MOST_BODY ? Buffer.concat(parts) : null;
}

function answer(response, { status, headers = {}, body = '' }) {
  const noBody = status === 204 || status === 304;
  response.writeHead(status, {
    ...headers,
    ...(noBody ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(noBody ? undefined : body);
}

const html = (status, extra = {}) => ({
  status,
  headers: { 'content-type': 'text/html', ...extra },
  body: HTML,
});

function hold(response) {
  const timer = setTimeout(() => response.socket?.destroy(), HOLD_MS);
  timer.unref();
  response.on('close', () => clearTimeout(timer));
}

// Faults that strike before the provider has looked at the request.
const UNPROCESSED = {
  refuse: (call, response) => response.socket.resetAndDestroy(),
  hang: (call, response) => hold(response),
  error_500: (call, response) => answer(response, html(500)),
  error_502: (call, response) => answer(response, html(502)),
  redirect: (call, response) =>
    answer(response, html(302, { location: `http://${call.header('host')}${call.target}` })),
};

// Faults that spoil the answer to what was done.
const PROCESSED = {
  commit_then_hang: (response) => hold(response),
  commit_then_close: (response) => response.socket.destroy(),
  commit_then_500: (response) => answer(response, html(500)),
  commit_then_drop: (response, sealed) => {
    const body = Buffer.from(sealed.body?.length ? sealed.body : '{}');
    response.writeHead(sealed.status === 204 ? 200 : sealed.status, {
      ...sealed.headers,
      'content-length': body.length,
    });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  },
};

/** Answers one request to a provider. */
async function serve({ faults, requests, callbacks }, provider, call, response) {
  const started = performance.now();
  Object.assign(call, provider.identify(call));
  const refusal = provider.verify(call);
  const slot = faults.take(provider.name, 'call', call.action);
  call.mode = slot?.mode ?? null;
  call.seconds = slot?.seconds ?? null;
  const entry = requests.add({
    provider: provider.name,
    method: call.method,
    path: call.path,
    action: call.action,
    key: call.key ?? null,
    signature: call.signature,
    mode: call.mode,
    status: null,
  });
  if (UNPROCESSED[call.mode]) return UNPROCESSED[call.mode](call, response);
  if (call.mode === 'slow') await sleep((call.seconds ?? 3) * 1000);

  const reply = refusal ?? provider.refusal(call) ?? provider.handle(call);
  await callbacks.overtaking();
  if (call.mode === 'unknown_enum' && reply.json) provider.strange(reply.json);
  const rendered = () => (provider.render ? provider.render(reply.json, call) : JSON.stringify(reply.json));
  let payload = reply.payload ?? (reply.json ? rendered() : '');
  if (call.mode?.startsWith('garbage')) {
    payload = faults.garble(payload, call.mode);
    if (reply.status === 204) reply.status = 200;
  }
  const sealed = provider.seal({ ...reply, payload }, call);
  Object.assign(entry, {
    status: sealed.status,
    code: reply.code ?? null,
    ms: Math.round(performance.now() - started),
  });
  if (PROCESSED[call.mode]) return PROCESSED[call.mode](response, sealed);
  return answer(response, sealed);
}

/**
 * Starts the server. `own` serves what is no provider's: the control calls and the page. Answers
 * {address, listeners, close()}.
 */
export async function listen({ host, port, ports = {}, providers, own, house, log }) {
  async function handle(request, response) {
    const body = await readBody(request);
    if (!body) return answer(response, { status: 413, headers: { connection: 'close' } });
    const target = request.url;
    const provider = providers.find(
      (p) => target === p.prefix || target.startsWith(`${p.prefix}/`) || target.startsWith(`${p.prefix}?`),
    );
    const call = new Call(request, target, body);
    if (!provider) return answer(response, await own(call, request));
    call.path = call.path.slice(provider.prefix.length) || '/';
    return serve(house, provider, call, response);
  }
  const listeners = {};
  for (const [name, number] of Object.entries({ main: port, ...ports })) {
    const server = http.createServer(
      { keepAliveTimeout: 15_000, requestTimeout: 60_000 },
      (request, response) => {
        handle(request, response).catch((e) => {
          log(`${request.method} ${request.url.split('?')[0]}: ${e.stack}`);
          if (!response.headersSent) answer(response, html(500));
          else response.destroy();
        });
      },
    );
    const open = () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(listeners[name]?.number ?? number, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
    const shut = () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    await open();
    listeners[name] = { server, open, shut, number: server.address().port };
  }
  return {
    listeners,
    port: listeners.main.number,
    close: () => Promise.all(Object.values(listeners).map((l) => l.shut())),
  };
}
