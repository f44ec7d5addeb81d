// Where the house listens: the wanted port, or a free one.
import { createServer } from 'node:net';
import { Failure } from './failure.mjs';

// Below the ports that the kernel gives to outgoing connections, one of which could take a chosen
// port before its server does.
const LOWEST = 20000;
const HIGHEST = 32000;

function canListen(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('')));
  });
}

/** wanted: a number, 0 for any that is free and not in `taken`. */
export async function port(host, wanted, what, taken) {
  if (wanted) {
    const problem = taken.includes(wanted) ? 'EADDRINUSE' : await canListen(host, wanted);
    if (problem === 'EADDRINUSE') throw new Failure(`Port ${wanted} is taken: set ${what} to another one, or FREE=1 for free ones.`);
    if (problem) throw new Failure(`Port ${wanted} (${what}) cannot be used: ${problem}.`);
    return wanted;
  }
  for (;;) {
    const chosen = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!taken.includes(chosen) && !(await canListen(host, chosen))) return chosen;
  }
}
