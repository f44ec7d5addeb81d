// After all other files: every route of both documents was called well by somebody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { hallUrl, staffUrl } from './lib/client.mjs';
import { contractOf } from './lib/contract.mjs';

test('every route was called, with success', { skip: !process.env.CALLS && 'only when all files run' }, async (t) => {
  const calls = readFileSync(process.env.CALLS, 'utf8').split('\n').filter(Boolean).map((line) => line.split(' '));
  const contracts = [await contractOf(hallUrl, '/api/v1'), await contractOf(staffUrl, '/api/admin/v1')];
  const names = contracts.flatMap((contract) => contract.names());
  const heard = (name, fits) => calls.some(([method, path, status]) => `${method} ${path}` === name && fits(Number(status)));
  const unrefused = names.filter((name) => !heard(name, (status) => status >= 400));
  if (unrefused.length) t.diagnostic(`never refused: ${unrefused.join(', ')}`);
  assert.deepEqual(names.filter((name) => !heard(name, (status) => status < 400)), []);
});
