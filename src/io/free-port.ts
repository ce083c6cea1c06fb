/** Ports for servers that are started beside this process, by tests and benches. */
import { createServer } from 'node:net';

/** Below those that the system gives to connections, which would be taken at any moment. */
const FIRST = 10_000;
const COUNT = 22_000;

/** @returns a TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

/** Whether it can be listened at, on all addresses. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
