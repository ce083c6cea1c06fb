/** Ports for servers that are started beside this process, by tests and benches. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below those that the system gives to connections, which would be taken at any moment. */
const FIRST = 10_000;
const COUNT = 22_000;

/** @returns a TCP port that is free, and that no other process is given by this function. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/**
 * Hold the UDP port of this number, which no server here wants, until this process ends: the server
 * takes a while to start, and another process may be looking for a port meanwhile.
 */
function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

/** Whether it can be listened at, on all addresses. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
