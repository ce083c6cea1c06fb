/**
 * What is private to Node is used only where it works: what a release may change is changed here,
 * on the prototype of real handles, and the public ways must be what is left. Serial, for all
 * sockets of this process have that prototype.
 */
import test from 'ava';
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { PUBLIC_SOCKETS } from '../../src/base/socket-paths.js';
import { probeSockets, socketPaths } from '../../src/io/probe-sockets.js';
import { observeWrite } from '../../src/io/socket-writer.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Where a TCP handle's methods are. */
async function handlePrototype(): Promise<object> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  let at: unknown = '_handle' in client ? client._handle : null;
  while (at !== null && !Object.hasOwn(Object(at), 'writeBuffer')) at = Object.getPrototypeOf(at);
  client.destroy();
  server.close();
  return Object(at);
}

/** Probe while a method of every handle is another. */
async function probeWith(name: string, change: (own: Method) => Method): Promise<unknown> {
  const prototype = await handlePrototype();
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  if (own === undefined) throw new Error(`a handle has no ${name}`);
  Object.defineProperty(prototype, name, { ...own, value: change(own.value) });
  try {
    return await probeSockets();
  } finally {
    Object.defineProperty(prototype, name, own);
  }
}

test.serial('what works here is found, and a switch leaves it alone', async (t) => {
  const found = await probeSockets();
  t.deepEqual(await probeSockets(), found);
  const isForced = process.env['RINGLEADER_PUBLIC_SOCKETS'] === '1';
  t.deepEqual(await socketPaths(), isForced ? PUBLIC_SOCKETS : found);
  process.env['RINGLEADER_PUBLIC_SOCKETS'] = '1';
  t.deepEqual(await socketPaths(), PUBLIC_SOCKETS);
  if (!isForced) delete process.env['RINGLEADER_PUBLIC_SOCKETS'];
});

test.serial('writes that are lost without a word leave the public ways', async (t) => {
  let writes = 0;
  const outcome = await probeWith('writeBuffer', (own) => {
    return function (this: unknown, ...args) {
      writes += 1;
      return writes === 3 ? 0 : Reflect.apply(own, this, args);
    };
  });
  t.deepEqual(outcome, PUBLIC_SOCKETS);
});

test.serial('a buffer that is not read into leaves the public way to read', async (t) => {
  const outcome = await probeWith('useUserBuffer', () => () => 0);
  t.like(outcome, { read: 'public' });
});

function OtherWrap(): void {}
function WriteWrap(): void {}

test('a handle that is written to in an unknown way is left to the stream', (t) => {
  /** What a stream of a release to come gives to its handle, and gets. */
  const releases: readonly [request: unknown, result: unknown][] = [
    [undefined, 0],
    [null, undefined],
    [null, '0'],
    [{ constructor: OtherWrap }, 0],
    [{ constructor: WriteWrap }, undefined],
    [Object.create(null), 0],
  ];
  for (const [request, result] of releases) {
    const socket = new Socket();
    class Handle {
      readonly writeQueueSize = 0;
      writeBuffer(..._args: unknown[]): unknown {
        return result;
      }
    }
    const handle = new Handle();
    const write = (bytes: unknown): boolean => {
      handle.writeBuffer(request, bytes);
      return true;
    };
    const strange = Object.assign(socket, { _handle: handle, write });
    t.is(observeWrite(strange, Buffer.from('x')), 'public');
  }
  t.is(
    observeWrite(
      new Socket().on('error', () => {}),
      Buffer.from('x'),
    ),
    'public',
  );
});
