/** Gates in front of a server that answers each chunk with the same: what passes, and when. */
import test, { type ExecutionContext } from 'ava';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { Gate } from '../../../src/drill/stage/fault-proxy.js';
import { until } from '../../support/until.js';

interface Echo {
  readonly server: Server;
  readonly gate: Gate;
  /** What has passed the gate. */
  readonly passed: { requests: string; replies: string; closed: number };
  readonly clients: Client[];
}

interface Client {
  readonly socket: Socket;
  heard: string;
  end: 'end' | 'error' | null;
}

/** A server and its gate, which end with the test. */
async function open(t: ExecutionContext): Promise<Echo> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const passed = { requests: '', replies: '', closed: 0 };
  const gate = new Gate(
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
  await gate.listen('127.0.0.1');
  const clients: Client[] = [];
  t.teardown(async () => {
    for (const { socket } of clients) socket.destroy();
    await gate.close();
    server.close();
  });
  return { server, gate, passed, clients };
}

function dial({ gate, clients }: Echo): Client {
  const client: Client = { socket: connect(gate.address), heard: '', end: null };
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
  const { gate, passed } = echo;
  const old = dial(echo);
  old.socket.write('1');
  await until(() => old.heard === '1');
  gate.hold('both');
  old.socket.write('2');
  const fresh = dial(echo);
  fresh.socket.write('3');
  await new Promise((resolve) => fresh.socket.once('connect', resolve));
  // Another gate's round trip: time enough for what would pass to have passed.
  await roundTrip(echo.server);
  t.deepEqual([old.heard, fresh.heard, old.end, fresh.end], ['1', '', null, null]);
  old.socket.write('4');
  gate.hold('nothing');
  await until(() => old.heard === '124' && fresh.heard === '3');
  t.is(passed.replies.length, 4);
});

test('held replies: the request has passed, its answer comes after the heal', async (t) => {
  const echo = await open(t);
  const { gate, passed } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  gate.hold('replies');
  client.socket.write('2');
  await until(() => passed.requests === '12');
  await roundTrip(echo.server);
  t.is(client.heard, '1');
  t.is(passed.replies, '1');
  gate.hold('nothing');
  await until(() => client.heard === '12');
  t.is(passed.replies, '12');
});

test('a reset is an error to the client; a refusing gate is as no server, until it heals', async (t) => {
  const echo = await open(t);
  const { gate } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  gate.reset();
  await until(() => client.end === 'error');
  await gate.refuse(true);
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  const { port } = gate.address;
  await gate.refuse(false);
  t.is(gate.address.port, port);
  const again = dial(echo);
  again.socket.write('2');
  await until(() => again.heard === '2');
});

test('a gate is closed as long as its actor is down, whatever else is healed', async (t) => {
  const echo = await open(t);
  const { gate } = echo;
  await gate.actorIsDown(true);
  await gate.refuse(false);
  const refused = dial(echo);
  await until(() => refused.end === 'error');
  await gate.actorIsDown(false);
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  t.pass();
});

test('delayed bytes keep their order and take no less than the delay', async (t) => {
  const echo = await open(t);
  const { gate } = echo;
  const client = dial(echo);
  client.socket.write('1');
  await until(() => client.heard === '1');
  gate.delay(20);
  const start = performance.now();
  client.socket.write('2');
  await until(() => echo.passed.requests === '12');
  gate.delay(0);
  client.socket.write('3');
  await until(() => client.heard === '123');
  t.true(performance.now() - start >= 19);
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
