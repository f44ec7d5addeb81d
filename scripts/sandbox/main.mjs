// node scripts/sandbox/main.mjs --config FILE [--state FILE] [--port N]
import { parseArgs } from 'node:util';
import { readConfig } from './config.mjs';
import { startSandbox } from './sandbox.mjs';

const { values } = parseArgs({
  options: { config: { type: 'string' }, state: { type: 'string' }, port: { type: 'string' } },
});
if (!values.config) {
  console.error('usage: node scripts/sandbox/main.mjs --config FILE [--state FILE] [--port N]');
  process.exit(2);
}
const config = readConfig(values.config);
if (values.state) config.state = values.state;
if (values.port) config.port = Number(values.port);

const sandbox = await startSandbox(config);
console.log(`sandbox listens on http://${config.host}:${sandbox.port}/`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => sandbox.close().then(() => process.exit(0)));
}
