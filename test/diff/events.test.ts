/** Keyspace notifications: the same messages, in the same order, as from real Redis. */
import { splitArgs } from '../../src/resp/split-args.js';
import { dumpString } from '../../src/rdb/dump.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { plain, RespClient } from '../support/resp-client.js';
import { startPair } from './compare.js';

/** What subscribers hear while a script runs. */
async function heard(port: number, letters: string, lines: readonly string[]): Promise<string[]> {
  const client = await RespClient.connect(port);
  const listener = await RespClient.connect(port);
  const marker = await RespClient.connect(port);
  await client.call('FLUSHALL');
  await client.call('CONFIG', 'SET', 'notify-keyspace-events', letters);
  await listener.call('PSUBSCRIBE', '*');
  const messages: string[] = [];
  for (const line of lines) {
    const words = (splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1'));
    await client.call(...words);
    await marker.call('PUBLISH', 'end', line);
    for (;;) {
      const [, , channel, message] = [plain(await listener.next())].flat();
      if (channel === 'end') break;
      messages.push(`${line} -> ${String(channel)} ${String(message)}`);
    }
  }
  await client.call('CONFIG', 'SET', 'notify-keyspace-events', '');
  await client.call('SET', 'silent', '1');
  await client.call('PUBLISH', 'end', '');
  messages.push(String(plain(await listener.next())));
  for (const each of [client, listener, marker]) each.close();
  return messages;
}

const FOO = `"${[...dumpString(Buffer.from('foo'))].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

const SCRIPT = [
  'DEBUG SET-ACTIVE-EXPIRE 0',
  'RPUSH trimmed a b',
  'LTRIM trimmed 0 -1',
  'LTRIM trimmed x 1',
  'LTRIM nolist 0 -1',
  'LTRIM trimmed 1 1',
  'LTRIM trimmed 1 1',
  'SET a 1',
  'SET a 1',
  'SET a 2 NX',
  'SET n 2 XX',
  'SET a 2 EX 100',
  'SET a 2 KEEPTTL GET',
  'SETNX a 1',
  'SETNX b 1',
  'SETEX a 100 1',
  'PSETEX a 100000 1',
  'GETSET a 2',
  'GETEX a',
  'GETEX a EX 100',
  'GETEX a PERSIST',
  'GETEX a PXAT 1',
  'MSET a 1 c 2 a 3',
  'MSETNX a 1 d 2',
  'MSETNX e 1 d 2',
  'INCR a',
  'DECR a',
  'INCRBY a 2',
  'DECRBY a 2',
  'INCRBY b x',
  'INCRBYFLOAT a 1.5',
  'APPEND s hello',
  'APPEND s ""',
  'SETRANGE s 1 x',
  'SETRANGE z 1 ""',
  'SETBIT bit 3 1',
  'BITFIELD bit SET u8 0 5',
  'BITFIELD bit GET u8 0',
  'BITOP AND dest bit s',
  'PFADD hll',
  'PFADD hll x',
  'PFADD hll x',
  'PFMERGE merged',
  'PFMERGE merged',
  'PFMERGE merged hll',
  'PFMERGE merged merged hll',
  'BITOP AND dest none1 none2',
  'BITOP AND dest none1 none2',
  'EXPIRE a 100',
  'EXPIRE a 50 GT',
  'EXPIRE none 100',
  'PEXPIREAT a 99999999999999',
  'PERSIST a',
  'PERSIST a',
  'EXPIRE a -1',
  'SET a 1',
  'DEL a none b b',
  'UNLINK c',
  'DEL none',
  'GETDEL d',
  'GETDEL d',
  'GET none',
  'MGET s none',
  'EXISTS none',
  'TTL none',
  'TYPE none',
  'STRLEN none',
  'OBJECT ENCODING none',
  'TOUCH none',
  'DUMP none',
  'SET t 1',
  'RENAME s t',
  'RENAMENX t s',
  'RENAMENX s s',
  'COPY s u',
  'COPY s u',
  'COPY s v DB 3',
  'COPY s s DB 3 REPLACE',
  'COPY s s DB 3 REPLACE',
  'COPY none v',
  'MOVE u 3',
  'MOVE none 3',
  `RESTORE r 0 ${FOO}`,
  `RESTORE r 1000 ${FOO} REPLACE`,
  `RESTORE r 1 ${FOO} REPLACE ABSTTL`,
  `RESTORE r 1 ${FOO} ABSTTL`,
  'SWAPDB 0 3',
  'FLUSHDB',
  'SELECT 3',
  'SET gone 1 PXAT 1',
  'GET gone',
  'SET gone 1 PXAT 1',
  'SET gone 2',
  'MULTI',
  'SET m 1',
  'DEL m',
  'EXEC',
  'DEBUG SET-ACTIVE-EXPIRE 1',
];

test('every command makes the events that it makes in Redis', async (t) => {
  const { real, ours } = await startPair(t);
  for (const letters of ['KEAnm', 'Kg$', 'Ex', 'KE', 'A']) {
    const expected = await heard(real.port, letters, SCRIPT);
    t.deepEqual(await heard(ours.port, letters, SCRIPT), expected, letters);
    t.true(expected.length > (/[KE]./.test(letters) && letters !== 'KE' ? 2 : 0));
  }
});
