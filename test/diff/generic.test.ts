/** Commands about keys of any type, on real Redis and on ours. */
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { RequestParser } from '../../src/resp/request.js';
import { splitArgs } from '../../src/resp/split-args.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { ReplicationStream } from '../support/replication-stream.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { compare, startPair } from './compare.js';

test('keys: COPY MOVE SWAPDB TOUCH OBJECT', async (t) => {
  const pair = await startPair(t);
  await compare(
    t,
    pair,
    [
      'SET a 1 EX 100',
      'COPY a b',
      'COPY a b',
      'COPY a b REPLACE',
      'TTL b',
      'COPY a b REPLACE REPLACE DB 3',
      'COPY a a DB 3',
      'COPY a a',
      'COPY a a DB 0',
      'COPY a c DB 16',
      'COPY a c DB -1',
      'COPY a c DB x',
      'COPY a c DB 99999999999',
      'COPY a c DB',
      'COPY a c WHAT',
      'COPY nosuch c',
      'COPY a',
      'APPEND raw 12',
      'COPY raw raw2',
      'OBJECT ENCODING raw2',
      'MOVE a 0',
      'MOVE a 16',
      'MOVE a x',
      'MOVE a 2147483648',
      'MOVE nosuch 4',
      'MOVE a 4',
      'MOVE a 4',
      'SET b 9',
      'MOVE b 3',
      'SELECT 4',
      'TTL a',
      'GET a',
      'SWAPDB 4 5',
      'GET a',
      'SWAPDB 4 4',
      'SWAPDB 4 x',
      'SWAPDB x 16',
      'SWAPDB 16 4',
      'SWAPDB -1 4',
      'SWAPDB 4 99999999999',
      'DBSIZE',
      'SELECT 5',
      'DBSIZE',
      'TTL a',
      'TOUCH a nosuch a',
      'TOUCH',
      'OBJECT',
      'OBJECT nosuch',
      'OBJECT ENCODING',
      'OBJECT ENCODING a b',
      'OBJECT ENCODING a',
      'OBJECT ENCODING nosuch',
      'OBJECT FREQ a',
      'OBJECT FREQ nosuch',
      'OBJECT IDLETIME a',
      'OBJECT IDLETIME nosuch',
      'OBJECT REFCOUNT a',
      'OBJECT REFCOUNT nosuch',
      'SET small 9999',
      'OBJECT REFCOUNT small',
      'SET big 10000',
      'OBJECT REFCOUNT big',
      'CONFIG SET maxmemory-policy allkeys-lfu',
      'OBJECT IDLETIME a',
      'OBJECT IDLETIME nosuch',
      'CONFIG SET maxmemory-policy noeviction',
      'RENAME a a',
      'RENAMENX a a',
      'SCAN ""',
      'SCAN 000000000000000000000000000000',
      'SCAN +',
      'SCAN "0\\x00x"',
      'SCAN "0 "',
      'SCAN 0 TYPE nosuch COUNT 1000',
      'SCAN 0 TYPE STRING COUNT 1000 MATCH bi*',
    ],
    { mask: (line, value) => idle(line, line.startsWith('SCAN') ? sorted(value) : value) },
  );
});

test('values: DUMP and RESTORE, errors first', async (t) => {
  const pair = await startPair(t);
  await compare(
    t,
    pair,
    [
      'DUMP nosuch',
      'SET k foo',
      'DUMP k',
      'SET n 12345',
      'DUMP n',
      'SET e ""',
      'DUMP e',
      `SET random ${noise(600)}`,
      'DUMP random',
      'RESTORE k 0 x',
      'RESTORE r 0 x',
      'RESTORE r -1 x',
      'RESTORE r x x',
      'RESTORE r 0 x WHAT',
      'RESTORE r 0 x FREQ',
      'RESTORE r 0 x FREQ 256',
      'RESTORE r 0 x FREQ -1',
      'RESTORE r 0 x FREQ y',
      'RESTORE r 0 x IDLETIME -1',
      'RESTORE r 0 x IDLETIME 1 FREQ 1',
      'RESTORE r 0 x FREQ 1 IDLETIME 1',
      'RESTORE r 0',
      `RESTORE r 0 ${FOO}`,
      `RESTORE r 0 ${FOO}`,
      `RESTORE r 0 ${FOO} replace`,
      'GET r',
      'OBJECT ENCODING r',
      `RESTORE r 100000 ${FOO} REPLACE IDLETIME 1000`,
      'TTL r',
      'OBJECT IDLETIME r',
      `RESTORE r 1 ${FOO} REPLACE ABSTTL`,
      'EXISTS r',
      `RESTORE r 1 ${FOO} ABSTTL`,
      'EXISTS r',
      `RESTORE r 4102444800000 ${FOO} ABSTTL FREQ 7`,
      'PEXPIRETIME r',
      `RESTORE r 9223372036854775807 ${FOO} ABSTTL`,
      'PEXPIRETIME r',
      'DEBUG RELOAD',
      'EXISTS r',
      `RESTORE r 9223372036854775807 ${FOO} REPLACE`,
      'EXISTS r',
      // No payload but for its checksum: a list, a string that is cut.
      `RESTORE s 0 ${quoted('01010a00', 'd4d3b4ac8b3a8f1d')}`,
      `RESTORE s 0 ${FOO.replace('foo', 'fop')}`,
      'EXISTS s',
    ],
    { mask: idle },
  );
});

test('memory and debug: what tests ask for', async (t) => {
  const pair = await startPair(t);
  const isUsage = /^MEMORY (USAGE k|DOCTOR)/;
  await compare(
    t,
    pair,
    [
      'SET k v',
      'MEMORY USAGE k',
      'MEMORY USAGE k SAMPLES 3',
      'MEMORY USAGE k SAMPLES 0',
      'MEMORY USAGE nosuch',
      'MEMORY USAGE k SAMPLES -1',
      'MEMORY USAGE k SAMPLES x',
      'MEMORY USAGE k SAMPLES',
      'MEMORY USAGE k WHAT 1',
      'MEMORY USAGE',
      'MEMORY PURGE',
      'MEMORY PURGE x',
      'MEMORY DOCTOR',
      'MEMORY STATS',
      'MEMORY nosuch',
      'MEMORY',
      'DEBUG DIGEST',
      'SET x 1 EX 100',
      'SELECT 7',
      'SET y 2',
      'APPEND y 3',
      'DEBUG DIGEST',
      'DEBUG DIGEST-VALUE y nosuch y',
      'DEBUG DIGEST-VALUE',
      'DEBUG RELOAD',
      'DEBUG DIGEST',
      'OBJECT ENCODING y',
      'DEBUG RELOAD WHAT',
      'DEBUG RELOAD NOFLUSH MERGE',
      'DEBUG SET-ACTIVE-EXPIRE 0',
      'DEBUG SET-ACTIVE-EXPIRE 1',
      'DEBUG SET-ACTIVE-EXPIRE',
      'DEBUG OBJECT nosuch',
      'DEBUG OBJECT y',
      'DEBUG SDSLEN nosuch',
      'DEBUG HTSTATS 16',
      'DEBUG PROTOCOL attrib',
      'DEBUG PROTOCOL bignum',
      'DEBUG PROTOCOL push',
      'DEBUG PROTOCOL nosuch',
      'DEBUG SET-SKIP-CHECKSUM-VALIDATION 1',
      `RESTORE s 0 ${FOO.replace('foo', 'fop')}`,
      'GET s',
      'DEBUG SET-SKIP-CHECKSUM-VALIDATION 0',
    ],
    {
      protocols: [2],
      mask(line, value) {
        if (isUsage.test(line) && !String(value).startsWith('-')) return typeof value;
        if (line === 'MEMORY STATS') return names(value);
        if (line === 'DEBUG OBJECT y') {
          return String(value)
            .replaceAll(/0x\w+|lru:\d+|idle:\d+/g, '#')
            .replace('0x', '');
        }
        return value;
      },
    },
  );
});

test('what Redis dumped is restored here, and the other way round', async (t) => {
  const { real, ours } = await startPair(t);
  const theirs = await RespClient.connect(real.port);
  const mine = await RespClient.connect(ours.port);
  const values = [
    '',
    'x',
    '-1',
    '127',
    '128',
    '-32768',
    '2147483647',
    '2147483648',
    '9223372036854775807',
    '007',
    'a'.repeat(21),
    'abc'.repeat(10_000),
    noise(20_000),
    'z'.repeat(300_000),
  ];
  for (const value of values) {
    for (const [from, to] of [
      [theirs, mine],
      [mine, theirs],
    ] as const) {
      await from.call('SET', 'k', Buffer.from(value, 'latin1'));
      const payload = await from.call('DUMP', 'k');
      t.is(payload?.type, 'bulk');
      const bytes = payload?.type === 'bulk' ? Buffer.from(payload.value) : Buffer.alloc(0);
      t.is(await to.value('RESTORE', 'copy', '0', bytes, 'REPLACE'), '+OK');
      t.is(await to.value('GET', 'copy'), value);
    }
  }
  theirs.close();
  mine.close();
});

test('replicas get of every command what Redis sends them', async (t) => {
  const { real, ours } = await startPair(t, [], ['repl-diskless-sync no']);
  const stream = await ReplicationStream.open(real.port);
  const clients = [await RespClient.connect(real.port), await RespClient.connect(ours.port)];
  for (const line of [
    'SET a 1',
    'COPY a b',
    'COPY a b',
    'copy a b REPLACE DB 2',
    'MOVE a 3',
    'MOVE a 3',
    'SWAPDB 2 3',
    'SWAPDB 2 2',
    `RESTORE r 0 ${FOO}`,
    `RESTORE r 100000 ${FOO} REPLACE`,
    `restore r 100000 ${FOO} REPLACE IDLETIME 10`,
    `RESTORE r 4102444800000 ${FOO} REPLACE ABSTTL`,
    `RESTORE r 1 ${FOO} REPLACE ABSTTL`,
    `RESTORE r 1 ${FOO} REPLACE ABSTTL`,
    'TOUCH b',
    'DUMP b',
    'OBJECT ENCODING b',
    'MEMORY USAGE b',
    'DEBUG RELOAD',
    'DEBUG REPLICATE SET diverging 1',
    'RENAME b c',
    'RENAMENX c d',
    'SELECT 5',
    'SWAPDB 0 5',
    'MULTI',
    'SET t 1',
    'COPY t u',
    'MOVE t 6',
    'SWAPDB 5 6',
    'EXEC',
    'SELECT 0',
    'SET end 1',
  ]) {
    const words = (splitArgs(line) ?? []).map((word) => Buffer.from(word, 'latin1'));
    for (const client of clients) await client.call(...words);
  }
  await until(() => stream.commands.some((command) => String(command[1]) === 'end'));
  const bytes = ours.core.copyOut(ours.core.readU32(RING_BASE), ours.core.head());
  t.deepEqual(
    new RequestParser().feed(bytes).commands.map(readable),
    stream.commands.map(readable),
  );
  stream.close();
  for (const client of clients) client.close();
});

/** The members of every array in order, however deep. */
function sorted(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(sorted).toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
    : value;
}

/** Idle seconds without the few that the servers may be apart. */
function idle(line: string, value: unknown): unknown {
  const isTime = line.startsWith('OBJECT IDLETIME') && typeof value === 'number';
  return isTime ? Math.floor(value / 10) : value;
}

/** In one line; moments, which differ by some ms, as their first digits. */
function readable(command: readonly Buffer[]): string {
  return command.map((word) => word.toString('latin1').replace(/^(1\d{7})\d{5}$/, '$1…')).join(' ');
}

/** `DUMP` of `foo`. */
const FOO = quoted('0003666f6f0a00', '734939db4dc1ba97').replace('\\x66\\x6f\\x6f', 'foo');

function quoted(...hex: readonly string[]): string {
  return `"${hex.join('').replaceAll(/../g, (byte) => `\\x${byte}`)}"`;
}

/** Text that LZF cannot shorten. */
function noise(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 48271) % 0x7fffffff;
    return String.fromCharCode(48 + (seed % 70)).replace(/["'\\]/, '_');
  }).join('');
}

/** The names in a flat map of RESP2, those of databases included. */
function names(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((_, index) => index % 2 === 0) : value;
}
