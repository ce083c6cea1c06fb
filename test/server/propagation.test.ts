import test from 'ava';
import { runApplied } from '../../src/server/applied.js';
import { dumpString } from '../../src/rdb/dump.js';
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { RequestParser } from '../../src/resp/request.js';
import { LoneNode } from '../support/lone-node.js';
import { RespClient } from '../support/resp-client.js';

/** The stream so far, a command a line. The ring is larger than what these tests write. */
function stream(node: LoneNode): string[] {
  const bytes = node.core.copyOut(node.core.readU32(RING_BASE), node.core.head());
  const { commands } = new RequestParser().feed(bytes);
  return commands.map((args) => args.map((arg) => arg.toString('latin1')).join(' '));
}

test('what changes data goes to the replicas, and nothing else does', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  for (const line of [
    'SET a 1',
    'GET a',
    'RENAME a b',
    'RENAME nosuch b',
    'RENAME b b',
    'RENAMENX b c',
    'RENAMENX c c',
    'PUBLISH ch m',
    'SELECT 2',
    'CONFIG SET timeout 0',
    'SET d 1',
    'FLUSHDB',
    'FLUSHDB',
    'SELECT 0',
    'flushall async',
    'DEBUG POPULATE 3',
  ]) {
    await client.call(...line.split(' '));
  }
  t.deepEqual(stream(node), [
    'SELECT 0',
    'SET a 1',
    'RENAME a b',
    'RENAMENX b c',
    'PUBLISH ch m',
    'SELECT 2',
    'SET d 1',
    'FLUSHDB',
    'FLUSHDB',
    'SELECT 0',
    'flushall async',
  ]);
  client.close();
});

test('a transaction that writes more than once is one to the replicas too', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const transaction = async (...lines: string[]): Promise<void> => {
    await client.call('MULTI');
    for (const line of lines) await client.call(...line.split(' '));
    await client.call('EXEC');
  };
  await transaction('SET a 1', 'PUBLISH ch m', 'GET a');
  await transaction('GET a', 'SET a 2');
  await transaction('GET a');
  t.deepEqual(stream(node), ['SELECT 0', 'MULTI', 'SET a 1', 'PUBLISH ch m', 'EXEC', 'SET a 2']);
  client.close();
});

test("commands of the master's stream are run without being propagated again", async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  const listener = await RespClient.connect(node.port);
  await listener.call('SUBSCRIBE', 'ch');
  await client.call('SET', 'a', '1');
  const before = stream(node);
  const apply = (line: string, db: number): void => {
    const args = line.split(' ').map((word) => Buffer.from(word));
    runApplied(node.services, args, db);
  };
  apply('COPY a b', 0);
  apply('PUBLISH ch m', 0);
  apply('MULTI', 3);
  apply('nosuch x', 3);
  t.is(await client.value('GET', 'b'), '1');
  apply('COPY b c', 0);
  apply('MOVE c 4', 0);
  apply('SWAPDB 4 5', 0);
  t.is(String(node.services.keyspace.db(5).peekString(Buffer.from('c'))), '1');
  const payload = dumpString(Buffer.from('restored')).toString('latin1');
  // A moment that is over: it is for the master to delete the key.
  const restore = ['RESTORE', 'r', '1', payload, 'ABSTTL'];
  runApplied(
    node.services,
    restore.map((word) => Buffer.from(word, 'latin1')),
    0,
  );
  t.is((await listener.next())?.type, 'array');
  apply('FLUSHALL', 3);
  t.is(await client.value('DBSIZE'), 0);
  t.deepEqual(stream(node), before);
  t.true(node.logs.some((line) => line.includes('nosuch')));
  client.close();
  listener.close();
});

test('strings and bits go out as what they come to', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  for (const line of [
    'SET a 1 EX 100',
    'INCRBYFLOAT a 1.50',
    'BITFIELD b GET u8 0',
    'BITFIELD b SET u8 0 5 INCRBY u8 0 1',
    'BITFIELD b SET u8 0 6',
    'BITFIELD b OVERFLOW FAIL SET u8 0 300',
    'BITFIELD c OVERFLOW FAIL SET u8 0 300',
    'SETBIT b 0 0',
    'SETBIT b 0 1',
    'LCS a b',
  ]) {
    await client.call(...line.split(' '));
  }
  const [select, set, ...rest] = stream(node);
  t.is(select, 'SELECT 0');
  t.regex(set ?? '', /^SET a 1 PXAT \d+$/);
  t.deepEqual(rest, [
    'SET a 2.5 KEEPTTL',
    'BITFIELD b SET u8 0 5 INCRBY u8 0 1',
    // Nothing was stored, but there is a string now.
    'BITFIELD c OVERFLOW FAIL SET u8 0 300',
    'SETBIT b 0 1',
  ]);
  client.close();
});
