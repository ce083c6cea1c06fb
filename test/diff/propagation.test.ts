/** What a write becomes in the stream for replicas: in ours the same as in real Redis'. */
import { connect } from 'node:net';
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { RequestParser } from '../../src/resp/request.js';
import { splitArgs } from '../../src/resp/split-args.js';
import type { LoneNode } from '../support/lone-node.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { startPair } from './compare.js';

const END = 'the script has ended';

test('strings and bits reach replicas as what Redis sends', async (t) => {
  const pair = await startPair(t, [], ['repl-diskless-sync no']);
  const replica = await follow(pair.real.port);
  t.teardown(() => replica.stop());
  for (const port of [pair.real.port, pair.ours.port]) {
    const client = await RespClient.connect(port);
    for (const line of SCRIPT) {
      const words = splitArgs(line) ?? [];
      await client.call(...words.map((word) => Buffer.from(word, 'latin1')));
    }
    await client.call('SET', END, '');
    client.close();
  }
  await until(() => replica.lines().at(-1)?.includes(END) === true);
  t.deepEqual(ours(pair.ours), replica.lines());
});

const SCRIPT: readonly string[] = [
  'MULTI',
  'GET a',
  'SELECT 3',
  'SET a 1',
  'SELECT 99',
  'SELECT 4',
  'SET a 1',
  'EXEC',
  'SELECT 0',
  'SET a 1',
  'SET a 1 NX',
  'SET a 2 XX GET',
  'SET a 3 EXAT 99999999999',
  'SET a 3 pxat 99999999999000 GET',
  'SET a 4 KEEPTTL',
  'SET a 4 keepttl GET',
  'SET gone 1 PXAT 1',
  // Meet it, so that its DEL stands here and not wherever the active cycle comes by.
  'EXISTS gone',
  'GETEX a',
  'GETEX a EXAT 99999999998',
  'GETEX a PERSIST',
  'GETEX a PERSIST',
  'GETEX a PXAT 1',
  'GETEX a PXAT 1',
  'SETNX a 1',
  'SETNX a 2',
  'GETSET a 2',
  'GETDEL a',
  'GETDEL a',
  'MSET a 1 b 2',
  'MSETNX b 1 c 2',
  'MSETNX c 1 d 2',
  'APPEND a 5',
  'append a ""',
  'INCR a',
  'DECRBY a 5',
  'INCRBYFLOAT a 1.50',
  'INCR a',
  'EXPIREAT b 99999999999',
  'INCRBYFLOAT b 1e3',
  'INCRBYFLOAT b nan',
  'SETRANGE e 3 x',
  'SETRANGE e 3 ""',
  'SETRANGE e -1 x',
  'SETRANGE e 3 x',
  'SETBIT e 100 0',
  'SETBIT e 100 0',
  'setbit e 100 1',
  'SETBIT e 100 2',
  'GETBIT e 100',
  'BITCOUNT e',
  'BITOP NOT f e',
  'BITOP AND f nosuch1 nosuch2',
  'BITOP AND f nosuch1 nosuch2',
  'BITFIELD g GET u8 0',
  'BITFIELD g SET u8 0 5 GET u8 0',
  'BITFIELD g SET u8 0 5',
  'BITFIELD g OVERFLOW FAIL INCRBY u8 0 255',
  'BITFIELD g INCRBY u8 0 1 INCRBY u8 0 -1',
  'BITFIELD_RO g GET u8 0',
  'LCS a b',
  'MULTI',
  'INCRBYFLOAT a 1',
  'BITFIELD g SET u8 8 1',
  'SETRANGE a 0 9',
  'EXEC',
  'EVAL "return 1" 0',
  "EVAL \"return redis.call('get', 'a')\" 0",
  'EVAL "return redis.call(\'set\', KEYS[1], ARGV[1])" 1 s 5',
  "EVAL \"redis.call('set', 's', 6) redis.call('get', 's') redis.call('incr', 's')\" 0",
  "EVAL \"redis.call('set', 's', 7) redis.call('incr', 'nosuch', 1)\" 0",
  "EVAL \"redis.call('select', 5) redis.call('set', 'in5', 1)\" 0",
  "EVAL \"redis.call('set', 'in0', 1) redis.call('incr', 'in0') redis.call('select', 5)\" 0",
  "EVAL \"redis.call('set', 'in0', 1) redis.call('select', 5) redis.call('set', 'in5', 2)\" 0",
  "EVAL \"redis.set_repl(0) redis.call('set', 'hidden', 1) redis.set_repl(3) redis.call('set', 't', 1)\" 0",
  "EVAL \"redis.call('publish', 'c', 'm') redis.call('getdel', 's')\" 0",
  "EVAL_RO \"return redis.call('get', 'a')\" 0",
  'MULTI',
  "EVAL \"redis.call('set', 's', 8) redis.call('incr', 's')\" 0",
  'SET after 1',
  'EXEC',
  'MULTI',
  "EVAL \"redis.call('set', 's', 8)\" 0",
  'EXEC',
  "FUNCTION LOAD \"#!lua name=lib\nredis.register_function('f', function(k) redis.call('incr', k[1]) return redis.call('incr', k[1]) end)\"",
  "FUNCTION LOAD REPLACE \"#!lua name=lib\nredis.register_function('f', function(k) redis.call('incr', k[1]) return redis.call('incr', k[1]) end)\"",
  'FCALL f 1 counter',
  'FUNCTION DELETE lib',
  'FUNCTION DELETE lib',
  'FUNCTION FLUSH',
  'SCRIPT LOAD "return 1"',
  'SCRIPT FLUSH',
];

/** The writes in our stream. */
function ours(node: LoneNode): string[] {
  return written(node.core.copyOut(node.core.readU32(RING_BASE), node.core.head()));
}

/** Commands, a line each, but for what a master says by itself. */
function written(stream: Buffer): string[] {
  const { commands } = new RequestParser().feed(stream);
  const lines = commands.map((args) => args.map((arg) => arg.toString('latin1')).join(' '));
  return lines.filter((line) => !/^(ping|replconf)/i.test(line));
}

/** Be a replica of a real Redis: take the snapshot, then what follows. */
async function follow(port: number): Promise<{ lines(): string[]; stop(): void }> {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.write('SYNC\r\n');
  // The snapshot: its length, then so many bytes; empty lines keep the connection alive before.
  const stream = (): Buffer | null => {
    const [head, size] = /^\s*\$(\d+)\r\n/.exec(received.toString('latin1')) ?? [];
    if (head === undefined || received.length < head.length + Number(size)) return null;
    return received.subarray(head.length + Number(size));
  };
  await until(() => stream() !== null);
  return { lines: () => written(stream() ?? Buffer.alloc(0)), stop: () => socket.destroy() };
}
