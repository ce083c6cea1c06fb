/** Ports for servers beside this process. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { freePort } from '../../src/io/free-port.js';

test('a port can be listened at, and no process is given it twice', async (t) => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  t.is(new Set(ports).size, 20);
  const [port] = ports;
  const server = createServer().listen(port);
  await once(server, 'listening');
  server.close();
  const other = createSocket('udp4');
  other.bind({ port: port!, address: '127.0.0.1', exclusive: true });
  const [error] = await once(other, 'error');
  t.is(Object(error).code, 'EADDRINUSE');
  other.close();
});
