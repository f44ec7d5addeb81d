// Steady requests beside a test: how many were sent, and what came back that should not have.
import http from 'node:http';

/** One request over an agent: {status, headers, body}; rejects when the connection fails. */
export function request(url, { method = 'GET', headers = {}, body, agent, timeout = 15_000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, timeout }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends requests on `lanes` connections until stop(); every answer other than `status` is bad. */
export function load(url, { lanes = 8, status = 200, ...options } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: lanes });
  const tally = { sent: 0, bad: [], slowestMs: 0 };
  let going = true;
  const lane = async () => {
    while (going) {
      const began = performance.now();
      tally.sent++;
      const answer = await request(url, { agent, ...options }).catch((error) => ({ status: error.message }));
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
      if (answer.status !== status) tally.bad.push(answer.status);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  return {
    tally,
    async stop() {
      going = false;
      await running;
      agent.destroy();
      return tally;
    },
  };
}
