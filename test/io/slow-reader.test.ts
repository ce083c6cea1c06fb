/**
 * Clients that do not read what they ask for: memory stays bounded, and nothing they asked is lost.
 */
import test from 'ava';
import { MessageChannel } from 'node:worker_threads';
import { ALLOWANCE_BYTES } from '../../src/server/connection/output-queue.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { ReplyParser } from '../../src/resp/parse.js';
import { Connection, createConnectionCounters } from '../../src/runtime/connection.js';
import { PartitionMatrix } from '../../src/runtime/partition.js';
import { LoneNode } from '../support/lone-node.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

const VALUE_BYTES = 100_000;
/** 20 MB of replies, more than sockets hold, to a few KB of requests. */
const GETS = 200;
/** What one call of the core may add to what is there: a buffer of replies, and a value. */
const CALL_BYTES = 512 * 1024;

async function startNode(t: { teardown(end: () => Promise<void>): void }): Promise<LoneNode> {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  node.services.keyspace.db(0).setString(Buffer.from('a'), Buffer.alloc(VALUE_BYTES, 'x'));
  return node;
}

test('over TCP, what a client does not read waits unexecuted, and comes when it reads', async (t) => {
  const node = await startNode(t);
  const slow = await RespClient.connect(node.port);
  await slow.call('PING');
  const [server] = node.services.clients.all();
  slow.stopReading();
  for (let i = 0; i < GETS; i++) slow.write('GET a\r\n');
  await until(() => (server?.output.outputBytes ?? 0) > ALLOWANCE_BYTES);
  const other = await RespClient.connect(node.port);
  for (let i = 0; i < 20; i++) await other.call('PING');
  t.true((server?.output.outputBytes ?? 0) < ALLOWANCE_BYTES + GETS * 7 + CALL_BYTES);
  slow.goOnReading();
  t.is((await slow.take(GETS)).length, GETS);
  slow.close();
  other.close();
});

test('over TCP, a pipeline sent before anything is read is executed to its end', async (t) => {
  const node = await startNode(t);
  const client = await RespClient.connect(node.port);
  client.stopReading();
  // More replies than the sockets and the allowance hold together.
  const count = 1_800_000;
  const batch = Buffer.from('GET b\r\n'.repeat(20_000));
  for (let i = 0; i < count; i += 20_000) client.write(batch);
  client.write('SET last 1\r\n');
  await until(() => node.services.keyspace.db(0).exists(Buffer.from('last')));
  client.close();
  t.pass();
});

test('in the process likewise', async (t) => {
  const node = await startNode(t);
  const { port1, port2 } = new MessageChannel();
  const partition = new PartitionMatrix();
  const shared = createConnectionCounters();
  const near = new Connection(port1, partition, 0, 1, { shared, side: 0 });
  const far = new Connection(port2, partition, 1, 0, { shared, side: 1 });
  node.attach(far, 'client');
  const [server] = node.services.clients.all();
  for (let i = 0; i < GETS; i++) near.postMessage(encodeCommand(['GET', 'a']));
  await until(() => (server?.output.outputBytes ?? 0) > ALLOWANCE_BYTES);
  const other = await RespClient.connect(node.port);
  for (let i = 0; i < 20; i++) await other.call('PING');
  t.true((server?.output.outputBytes ?? 0) < ALLOWANCE_BYTES + GETS * 30 + CALL_BYTES);
  const parser = new ReplyParser();
  let replies = 0;
  near.on('message', (bytes) => (replies += parser.feed(bytes).length));
  await until(() => replies === GETS);
  t.is(near.bufferedBytes, 0);
  near.close();
  other.close();
});
