import test from 'ava';
import { MessageChannel } from 'node:worker_threads';

import { PartitionMatrix } from '../../src/runtime/partition.js';
import { createWireCounters, Wire, WIRE_CAPACITY } from '../../src/runtime/wire.js';
import { until } from '../support/until.js';

function pair() {
  const { port1, port2 } = new MessageChannel();
  const partition = new PartitionMatrix();
  const counters = createWireCounters();
  const shared = { counters, partition };
  const a = new Wire({ ...shared, port: port1, side: 0, ownIndex: 1, peerIndex: 2 });
  const b = new Wire({ ...shared, port: port2, side: 1, ownIndex: 2, peerIndex: 1 });
  const seen: string[] = [];
  b.onFrame = (frame) => seen.push(frame.type);
  const towardsB = new Int32Array(counters, 4, 1);
  return { a, b, partition, seen, unread: () => towardsB[0], close: () => a.close() };
}

test('frames arrive in order, small and large', async (t) => {
  const { a, seen, close } = pair();
  const large = { type: 'two', bytes: new Uint8Array(100_000) };
  t.is(a.send({ type: 'one' }), 'sent');
  t.is(a.send(large), 'sent');
  t.is(a.send({ type: 'three' }), 'sent');
  await until(() => seen.length === 3);
  t.deepEqual(seen, ['one', 'two', 'three']);
  close();
});

test('a port travels with its frame', async (t) => {
  const { a, b, close } = pair();
  const { port1, port2 } = new MessageChannel();
  const got = new Promise<unknown>((resolve) => {
    b.onFrame = (_frame, { port }) => port?.on('message', resolve);
  });
  a.send({ type: 'connect' }, { port: port2 });
  port1.postMessage('hello');
  t.is(await got, 'hello');
  port1.close();
  close();
});

test('a full wire says so, and has room again once the other side has read', async (t) => {
  const { a, seen, close } = pair();
  for (let i = 0; i < WIRE_CAPACITY; i += 1) a.send({ type: 'x' });
  t.is(a.send({ type: 'one too many' }), 'full');
  await until(() => seen.length === WIRE_CAPACITY);
  t.is(a.send({ type: 'welcome' }), 'sent');
  await until(() => seen.at(-1) === 'welcome');
  t.false(seen.includes('one too many'));
  close();
});

test('a partition swallows what is sent, and what was under way', async (t) => {
  const { a, partition, seen, unread, close } = pair();
  t.is(a.send({ type: 'under way' }), 'sent');
  partition.cut(1, 2);
  t.true(a.isCut());
  t.is(a.send({ type: 'too late' }), 'cut');
  await until(() => unread() === 0);
  partition.heal(1, 2);
  a.send({ type: 'healed' });
  await until(() => seen.length > 0);
  t.deepEqual(seen, ['healed']);
  close();
});

test('a port in a swallowed frame is seen to close by its other end', async (t) => {
  const { a, partition, close } = pair();
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise<void>((resolve) => {
    port1.on('close', resolve);
  });
  a.send({ type: 'connect' }, { port: port2 });
  partition.cut(1, 2);
  await closed;
  t.pass();
  close();
});

test('closing one side is known on the other, once', async (t) => {
  const { a, b } = pair();
  let closes = 0;
  b.onClose = () => (closes += 1);
  a.close();
  await until(() => b.isClosed);
  t.is(closes, 1);
  t.is(a.send({ type: 'x' }), 'closed');
  t.is(b.send({ type: 'x' }), 'closed');
});
