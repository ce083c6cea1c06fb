/**
 * FaultProxies in front of a server that answers each chunk with the same: what passes, and when.
 */
import test, { type ExecutionContext } from 'ava';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { FaultProxy } from '../../src/io/fault-proxy.js';
import { until } from '../support/until.js';

interface Echo {
  readonly server: Server;
  readonly proxy: FaultProxy;
  /** What has passed the proxy. */
  readonly passed: { requests: string; replies: string; closed: number };
  readonly clients: Client[];
}

interface Client {
  readonly socket: Socket;
  heard: string;
  end: 'end' | 'error' | null;
}

/** A server and its proxy, which end with the test. */
async function open(
  t: ExecutionContext,
  serve: (socket: Socket) => unknown = (socket) => socket.pipe(socket),
): Promise<Echo> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.add(socket);
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const passed = { requests: '', replies: '', closed: 0 };
  const proxy = new FaultProxy(
    () => ({ host: '127.0.0.1', port }),
    () => ({
      request: (bytes) => (passed.requests += String(bytes)),
      reply(bytes) {
        passed.replies += String(bytes);
        return bytes;
      },
      closed: () => (passed.closed += 1),
    }),
  );
  await proxy.listen('127.0.0.1');
  const clients: Client[] = [];
  t.teardown(async () => {
    for (const { socket } of clients) socket.destroy();
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, proxy, passed, clients };
}

function dial({ proxy, clients }: Echo, options: { allowHalfOpen?: true } = {}): Client {
  const socket = connect({ ...proxy.address, ...options });
  const client: Client = { socket, heard: '', end: null };
  client.socket.on('data', (bytes) => (client.heard += String(bytes)));
  client.socket.on('end', () => (client.end ??= 'end'));
  client.socket.on('error', () => (client.end = 'error'));
  clients.push(client);
  return client;
}

test('bytes pass both ways, and so does the end', async (t) => {
  const echo = await open(t);
  const client = dial(echo);
  client.socket.write('hello');
  await until(() => client.heard === 'hello');
  client.socket.end();
  await until(() => client.end === 'end' && echo.passed.closed === 1);
  t.deepEqual(echo.passed, { requests: 'hello', replies: 'hello', closed: 1 });
});

test('a held link is open and silent; what waits arrives in order when it heals', async (t) => {
  const echo = await open(t);
  const { proxy, passed } = echo;
  const old = dial(echo);
  old.socket.write('1');
  await until(() => old.heard === '1');
  proxy.hold('both');
  old.socket.write('2');
  const fresh = dial(echo);
  fresh.socket.write('3');
  await new Promise((resolve) => fresh.socket.once('connect', resolve));
  // A round trip beside the proxy: time enough for what would pass to have passed.
  await roundTrip(echo.server);
  t.deepEqual([old.heard, fresh.heard, old.end, fresh.end], ['1', '', null, null]);
  old.socket.write('4');
  proxy.hold('nothing');
  await until(() => old.heard === '124' && fresh.heard === '3');
  t.is(passed.replies.length, 4);
});

test('a cut is of one address: others pass, and it heals in order', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  const cut = dial(echo);
  cut.socket.write('1');
  await until(() => cut.heard === '1');
  proxy.cut('127.0.0.1', true);
  cut.socket.write('2');
  await roundTrip(echo.server);
  t.is(cut.heard, '1');
  proxy.cut('127.0.0.2', true); // Another's: it does not matter here.
  proxy.cut('127.0.0.1', false);
  await until(() => cut.heard === '12');
  proxy.hold('both');
  proxy.cut('127.0.0.1', false); // What is held for all stays held.
  cut.socket.write('3');
  await roundTrip(echo.server);
  t.is(cut.heard, '12');
  proxy.hold('nothing');
  await until(() => cut.heard === '123');
});

test('held replies: the request has passed, its answer comes after the heal', async (t) => {
  const echo = await open(t);
  const { proxy, passed } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  proxy.hold('replies');
  client.socket.write('2');
  await until(() => passed.requests === '12');
  await roundTrip(echo.server);
  t.is(client.heard, '1');
  t.is(passed.replies, '1');
  proxy.hold('nothing');
  await until(() => client.heard === '12');
  t.is(passed.replies, '12');
});

test('a reset is an error to the client; a refusing proxy is as no server, until it heals', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  proxy.reset();
  await until(() => client.end === 'error');
  await proxy.refuse(true);
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  const { port } = proxy.address;
  await proxy.refuse(false);
  t.is(proxy.address.port, port);
  const again = dial(echo);
  again.socket.write('2');
  await until(() => again.heard === '2');
});

test('a proxy is closed as long as its actor is down, whatever else is healed', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  await proxy.actorIsDown(true);
  await proxy.refuse(false);
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  await proxy.actorIsDown(false);
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  t.pass();
});

test('delayed bytes keep their order and take no less than the delay', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  proxy.delay(20);
  const start = performance.now();
  client.socket.write('2');
  await until(() => echo.passed.requests === '12');
  proxy.delay(0);
  client.socket.write('3');
  await until(() => client.heard === '123');
  t.true(performance.now() - start >= 19);
});

test('a reset by the actor is a reset to the client; behind bytes and an end, they come first', async (t) => {
  const sockets: Socket[] = [];
  const echo = await open(t, (socket) => sockets.push(socket));
  const { proxy, passed } = echo;
  const client = dial(echo);
  await until(() => sockets.length === 1);
  sockets[0]!.resetAndDestroy();
  await until(() => client.end === 'error');

  const other = dial(echo);
  await until(() => sockets.length === 2);
  proxy.hold('replies');
  sockets[1]!.end('bytes');
  await until(() => sockets[1]!.writableFinished);
  sockets[1]!.resetAndDestroy();
  proxy.hold('nothing');
  await until(() => passed.closed === 2);
  t.is(other.heard, 'bytes');
});

test('a reset does not wait for a client that does not read', async (t) => {
  const echo = await open(t, (socket) => socket.end(Buffer.alloc(20_000_000)));
  const client = dial(echo);
  client.socket.pause();
  await until(() => echo.passed.replies.length > 0);
  echo.proxy.reset();
  await until(() => echo.passed.closed === 1);
  t.true(echo.passed.replies.length < 20_000_000, 'most of it was still to be written');
});

test('a proxy that is closed leaves no timer, no port and no connection', async (t) => {
  const echo = await open(t);
  const { proxy, passed } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  proxy.delay(600_000);
  client.socket.write('2');
  await until(() => passed.requests === '12');
  const waiting = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  t.true(waiting > 0);
  await proxy.close();
  t.is(passed.closed, 1);
  await proxy.refuse(false); // A heal that comes late opens nothing.
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  await until(
    () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length < waiting,
  );
});

test('closed while it opens again, a proxy does not listen', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  await proxy.refuse(true);
  const opening = proxy.refuse(false);
  await proxy.close();
  await opening;
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  t.pass();
});

test('a port that is taken for a moment is had again', async (t) => {
  const echo = await open(t);
  const { proxy } = echo;
  await proxy.refuse(true);
  const other = createServer();
  // A connection of another test may just have it as its own port.
  await until(async () => {
    other.listen(proxy.address.port, proxy.address.host);
    return once(other, 'listening').then(
      () => true,
      () => false,
    );
  });
  const healed = proxy.refuse(false);
  await roundTrip(echo.server);
  other.close();
  await healed;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  t.pass();
});

/** Once through the server itself. */
async function roundTrip(server: Server): Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = connect(port, '127.0.0.1');
  socket.write('x');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
}
