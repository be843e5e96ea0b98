import { createServer } from 'node:net';

/*
 * Ports are taken below the ephemeral range (32768 and up), out of which the system gives ports to every outgoing
 * connection, and each Playwright worker has a range of its own. So a port that was free when it was looked at is still
 * free when the server, which must know it beforehand for its public URL, listens on it.
 */
const FIRST = 20_000;
const PER_WORKER = 1_000;
let next = 0;

export async function freePort(worker: number): Promise<number> {
  for (let tried = 0; tried < PER_WORKER; tried++) {
    const port = FIRST + worker * PER_WORKER + (next++ % PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`no port is free from ${FIRST + worker * PER_WORKER} on`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
