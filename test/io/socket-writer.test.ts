/**
 * Bytes arrive whole and in order whatever the kernel takes at once, on a real socket, on every
 * path.
 */
import test, { type ExecutionContext } from 'ava';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { probeSockets } from '../../src/io/probe-sockets.js';
import { SocketWriter } from '../../src/io/socket-writer.js';
import { until } from '../support/until.js';

/** Two ends, open until the test is over. */
async function pair(t: ExecutionContext): Promise<{ server: Socket; client: Socket }> {
  const accepted: Socket[] = [];
  const listener = createServer({ allowHalfOpen: true }, (socket) => accepted.push(socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const client = connect(address.port, '127.0.0.1');
  await until(() => accepted.length === 1);
  const server = accepted[0]!;
  t.teardown(() => {
    client.destroy();
    server.destroy();
    listener.close();
  });
  return { server, client };
}

/** Bytes that say where they belong. */
const numbered = (from: number, length: number): Buffer =>
  Buffer.from(Uint32Array.from({ length: length / 4 }, (_, i) => from + i).buffer);

const { write: privatePath } = await probeSockets();

for (const path of new Set(['public', privatePath] as const)) {
  test(`${path}: what the kernel does not take waits, in order, and the end after it`, async (t) => {
    const { server, client } = await pair(t);
    const writer = new SocketWriter(server, path);
    client.pause();
    const sizes = [4, 8, 400, 4_000_000, 12, 2_000_000, 4];
    let sent = 0;
    for (const size of sizes) {
      writer.write(numbered(sent / 4, size));
      sent += size;
    }
    t.true(writer.bufferedBytes > 0);
    t.true(writer.bufferedBytes <= sent);
    let isDrained = false;
    writer.whenDrained(() => {
      isDrained = true;
    });
    server.destroySoon();
    const chunks: Buffer[] = [];
    client.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
    await once(client, 'end');
    t.true(Buffer.concat(chunks).equals(numbered(0, sent)));
    await until(() => isDrained);
    t.is(writer.bufferedBytes, 0);
  });

  test(`${path}: who writes to a client that is gone learns it as from any socket`, async (t) => {
    const { server, client } = await pair(t);
    const writer = new SocketWriter(server, path);
    const errors: Error[] = [];
    server.on('error', (error) => errors.push(error));
    client.resetAndDestroy();
    await until(() => {
      writer.write(Buffer.alloc(100_000));
      return server.destroyed;
    });
    t.true(errors.length <= 1);
    const before = writer.bufferedBytes;
    writer.write(Buffer.from('late'));
    t.is(writer.bufferedBytes, before);
  });

  test(`${path}: a client that goes while bytes wait for it ends the socket`, async (t) => {
    const { server, client } = await pair(t);
    const writer = new SocketWriter(server, path);
    server.on('error', () => server.destroy());
    client.pause();
    writer.write(Buffer.from('first'));
    while (writer.bufferedBytes === 0) writer.write(Buffer.alloc(1_000_000));
    let isDrained = false;
    writer.whenDrained(() => {
      isDrained = true;
    });
    client.resetAndDestroy();
    await until(() => server.destroyed && isDrained);
    t.pass();
  });
}

test('no two writes have the same request: Node aborts if one it still has is used again', async (t) => {
  const { server, client } = await pair(t);
  client.resume();
  new SocketWriter(server, privatePath).write(Buffer.from('whose request tells the class'));
  const requests: unknown[] = [];
  assertHandle(server);
  const { _handle: handle } = server;
  const write = handle.writeBuffer.bind(handle);
  handle.writeBuffer = (request, bytes) => {
    requests.push(request);
    return write(request, bytes);
  };
  const writer = new SocketWriter(server, privatePath);
  for (let i = 0; i < 10; i++) writer.write(Buffer.from('small enough to be taken at once'));
  const given = requests.filter((request) => request !== null);
  t.is(given.length, privatePath === 'request' ? 10 : 0);
  t.is(new Set(given).size, given.length);
});

interface WithHandle {
  readonly _handle: { writeBuffer(request: unknown, bytes: Uint8Array): unknown };
}

function assertHandle(socket: object): asserts socket is WithHandle {
  if (!('_handle' in socket)) throw new Error('this Node has no handle there');
}

test('the public path leaves the handle to Node', async (t) => {
  const { server, client } = await pair(t);
  client.resume();
  let given = 0;
  const write = server.write.bind(server);
  server.write = (...args: unknown[]) => {
    given += 1;
    return Reflect.apply(write, null, args);
  };
  const writer = new SocketWriter(server);
  for (let i = 0; i < 10; i++) writer.write(Buffer.from('any'));
  t.is(given, 10);
});
