/**
 * An abortive close behind a half-close, on every path of a link.
 *
 * Between a socket's end and its `finish` Node forgets it if it is reset: it stays open for ever,
 * and the event loop spins. So each way to cut a link is tried at each moment after the end was
 * passed on.
 */
import test, { type ExecutionContext } from 'ava';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { abortSocket } from '../../src/io/abort-socket.js';
import { FaultLink, type LinkFaults } from '../../src/io/fault-link.js';

interface Linked {
  readonly link: FaultLink;
  readonly faults: LinkFaults;
  /** The proxy's side of the client's connection. */
  readonly inner: Socket;
  /** The client's own. */
  readonly outer: Socket;
  readonly actor: Socket;
}

const listening = async (server: Server): Promise<number> => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/**
 * A client, a link and an actor, each with its own end of the connections; both sides half-open.
 */
async function open(t: ExecutionContext): Promise<Linked> {
  const options = { allowHalfOpen: true, pauseOnConnect: true, noDelay: true };
  const [proxy, actors] = [createServer(options), createServer(options)];
  const ports = { proxy: await listening(proxy), actor: await listening(actors) };
  const outer = connect({ port: ports.proxy, host: '127.0.0.1', allowHalfOpen: true });
  outer.on('error', () => {}).resume();
  const [inner] = await once(proxy, 'connection');
  const faults: LinkFaults = { held: 'nothing', delayMs: 0 };
  const tap = { request() {}, reply: (bytes: Buffer) => bytes, closed() {} };
  const target = () => ({ host: '127.0.0.1', port: ports.actor });
  const link = new FaultLink(inner, target, tap, faults, () => {});
  const [actor] = await once(actors, 'connection');
  actor.on('error', () => {}).resume();
  t.teardown(() => {
    for (const socket of [inner, outer, actor]) socket.destroy();
    for (const server of [proxy, actors]) server.close();
  });
  return { link, faults, inner, outer, actor };
}

type Cut = (linked: Linked) => unknown;

const moments: Record<string, (cut: () => void) => unknown> = {
  'in the same tick': (cut) => cut(),
  'a microtask later': (cut) => queueMicrotask(cut),
  'a tick later': (cut) => process.nextTick(cut),
  'a turn later': (cut) => setImmediate(cut),
};
const cuts: Record<string, Cut> = {
  'a reset': ({ link }) => link.reset(),
  'two resets': ({ link }) => [link.reset(), link.reset()],
  'a reset while it is held': ({ link, faults }) => {
    faults.held = 'both';
    link.follow();
    link.reset();
  },
  'a reset and the end of the proxy': ({ link }) => [link.reset(), link.destroy()],
  'the end of the proxy': ({ link }) => link.destroy(),
};

for (const [when, later] of Object.entries(moments)) {
  for (const [what, cut] of Object.entries(cuts)) {
    test(`an end, and ${what} ${when}: both connections are closed`, async (t) => {
      const linked = await open(t);
      const { inner, actor } = linked;
      const end = inner.end.bind(inner);
      inner.end = () => {
        end();
        later(() => cut(linked));
        return inner;
      };
      const closed = Promise.all([once(inner, 'close'), once(actor, 'close')]);
      actor.end(); // Which the link passes on.
      actor.once('end', () => actor.destroy());
      await closed;
      t.true(inner.destroyed);
    });
  }
}

test('a reset behind bytes that the client does not read, ended or not, is done at once', async (t) => {
  for (const isEnded of [false, true]) {
    const { inner, outer } = await open(t);
    outer.pause();
    inner.write(Buffer.alloc(20_000_000));
    if (isEnded) inner.end();
    t.true(inner.writableLength > 0);
    const closed = once(inner, 'close');
    abortSocket(inner);
    abortSocket(inner);
    await closed;
    t.false(inner.writableFinished);
  }
});

test('a reset reaches a client as an error, not as an end', async (t) => {
  const { inner, outer } = await open(t);
  outer.on('end', () => t.fail('an end'));
  const failed = once(outer, 'error');
  abortSocket(inner);
  const [error] = await failed.catch((thrown: unknown) => [thrown]);
  t.is(Object(error).code, 'ECONNRESET');
});
