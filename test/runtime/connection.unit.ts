import test from 'ava';
import { MessageChannel } from 'node:worker_threads';

import { Connection } from '../../src/runtime/connection.js';
import { PartitionMatrix } from '../../src/runtime/partition.js';
import { until } from '../support/until.js';

function pair() {
  const { port1, port2 } = new MessageChannel();
  const partition = new PartitionMatrix();
  const near = new Connection(port1, partition, 0, 1);
  const far = new Connection(port2, partition, 1, 0);
  let text = '';
  far.on('message', (bytes) => (text += Buffer.from(bytes).toString()));
  return { near, far, partition, text: () => text };
}

test('bytes pass both ways', async (t) => {
  const { near, far, text } = pair();
  let back = '';
  near.on('message', (bytes) => (back += Buffer.from(bytes).toString()));
  near.postMessage(Buffer.from('PING'));
  far.postMessage(Buffer.from('PONG'));
  await until(() => text() === 'PING' && back === 'PONG');
  t.pass();
  near.close();
});

test('a partition holds bytes back, in order and without loss, until it is healed', async (t) => {
  const { near, partition, text } = pair();
  near.postMessage(Buffer.from('a'));
  await until(() => text() === 'a');
  partition.cut(0, 1);
  const reused = Buffer.from('b');
  near.postMessage(reused);
  reused.fill('!');
  near.postMessage(Buffer.from('c'));
  t.is(near.bufferedBytes, 2);
  near.flush(); // Still cut.
  t.is(near.bufferedBytes, 2);
  partition.heal(0, 1);
  near.postMessage(Buffer.from('d')); // Must not overtake what waits.
  near.flush();
  t.is(near.bufferedBytes, 0);
  await until(() => text().length === 4);
  t.is(text(), 'abcd');
  near.close();
});

test('an end that closes in a partition takes what it held with it', async (t) => {
  const { near, far, partition, text } = pair();
  partition.cut(0, 1);
  near.postMessage(Buffer.from('lost'));
  let closed = false;
  far.on('close', () => (closed = true));
  near.close();
  near.postMessage(Buffer.from('more'));
  await until(() => closed);
  t.is(text(), '');
});
