/** What the core's commands answer, and what they put into the stream: Redis 7.0.15's own words. */
import test from 'ava';
import { Bench, START } from './fixtures/bench.js';

const error = (text: string): string => `-${text}\r\n`;
const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const NULL = '$-1\r\n';
const OK = '+OK\r\n';
const WRONG_INTEGER = error('ERR value is not an integer or out of range');
const SYNTAX = error('ERR syntax error');

/** Command and reply in turn; `+100` lets so many ms pass. */
function transcript(
  bench: Bench,
  lines: readonly (readonly [string, string] | number)[],
): string[] {
  return lines.flatMap((line) => {
    if (typeof line === 'number') {
      bench.pass(line);
      return [];
    }
    const reply = bench.run(line[0]);
    return reply === line[1] ? [] : [`${line[0]} → ${JSON.stringify(reply)}`];
  });
}

test('strings', (t) => {
  t.deepEqual(
    transcript(new Bench(), [
      ['GET k', NULL],
      ['SET k v', OK],
      ['GET k', bulk('v')],
      ['sEt k w XX', OK],
      ['SET k x NX', NULL],
      ['SET n x NX GET', NULL],
      ['SET n y NX GET', bulk('x')],
      ['SET n z GET GET', bulk('x')],
      ['GET n', bulk('z')],
      ['SET m x XX', NULL],
      ['STRLEN k', ':1\r\n'],
      ['STRLEN none', ':0\r\n'],
      ['APPEND k abc', ':4\r\n'],
      ['APPEND fresh abc', ':3\r\n'],
      ['GET k', bulk('wabc')],
      ['MSET a 1 b 2 a 3', OK],
      ['MGET a b none a', '*4\r\n$1\r\n3\r\n$1\r\n2\r\n$-1\r\n$1\r\n3\r\n'],
      ['SETNX a 9', ':0\r\n'],
      ['SETNX c 9', ':1\r\n'],
      ['GETSET c 10', bulk('9')],
      ['GETSET d 1', NULL],
      ['GETDEL c', bulk('10')],
      ['GETDEL c', NULL],
      ['DEL a b none a', ':2\r\n'],
      ['UNLINK d', ':1\r\n'],
      ['EXISTS k k none', ':2\r\n'],
      ['TYPE k', '+string\r\n'],
      ['TYPE none', '+none\r\n'],
      ['PING', '+PONG\r\n'],
    ]),
    [],
  );
});

test('refusals', (t) => {
  t.deepEqual(
    transcript(new Bench(), [
      ['GET', error("ERR wrong number of arguments for 'get' command")],
      ['gEt a b', error("ERR wrong number of arguments for 'get' command")],
      ['MSET a', error("ERR wrong number of arguments for 'mset' command")],
      ['MSET a 1 b', error("ERR wrong number of arguments for 'mset' command")],
      ['PEXPIRETIME', error("ERR wrong number of arguments for 'pexpiretime' command")],
      ['SET k v NX XX', SYNTAX],
      ['SET k v EX', SYNTAX],
      ['SET k v EX 1 PX 1', SYNTAX],
      ['SET k v KEEPTTL EX 1', SYNTAX],
      ['SET k v EX 1 KEEPTTL', SYNTAX],
      ['SET k v BAD', SYNTAX],
      ['SET k v EX 5 EX 6', OK],
      ['SET k v EX 0', error("ERR invalid expire time in 'set' command")],
      ['SET k v PX -1', error("ERR invalid expire time in 'set' command")],
      ['SET k v EX 9223372036854775', error("ERR invalid expire time in 'set' command")],
      ['SET k v PX 9223372036854775807', error("ERR invalid expire time in 'set' command")],
      ['SET k v EX x', WRONG_INTEGER],
      ['SET k v EX 01', WRONG_INTEGER],
      ['SETEX k 0 v', error("ERR invalid expire time in 'setex' command")],
      ['PSETEX k -1 v', error("ERR invalid expire time in 'psetex' command")],
      ['SETEX k x v', WRONG_INTEGER],
      ['GETEX k EX 0', error("ERR invalid expire time in 'getex' command")],
      ['GETEX none EX 0', NULL],
      ['GETEX k PERSIST EX 1', SYNTAX],
      ['GETEX k KEEPTTL', SYNTAX],
      ['EXPIRE k x', WRONG_INTEGER],
      ['EXPIRE k 9223372036854775807', error("ERR invalid expire time in 'expire' command")],
      ['PEXPIRE k 9223372036854775807', error("ERR invalid expire time in 'pexpire' command")],
      ['EXPIRE k 1 foo', error('ERR Unsupported option foo')],
      ['EXPIRE k 1 \r\na\r\nb\r\n', error('ERR Unsupported option   a  b')],
      ['EXPIRE k 1 \n', error('ERR Unsupported option ')],
      [
        'EXPIRE k 1 NX GT',
        error('ERR NX and XX, GT or LT options at the same time are not compatible'),
      ],
      ['EXPIRE k 1 GT LT', error('ERR GT and LT options at the same time are not compatible')],
    ]),
    [],
  );
});

test('counters keep to 64 bits, as strictly as Redis reads them', (t) => {
  t.deepEqual(
    transcript(new Bench(), [
      ['INCR n', ':1\r\n'],
      ['INCRBY n 41', ':42\r\n'],
      ['DECR n', ':41\r\n'],
      ['DECRBY n 50', ':-9\r\n'],
      ['GET n', bulk('-9')],
      ['INCRBY n 9223372036854775807', ':9223372036854775798\r\n'],
      ['INCRBY n 9', ':9223372036854775807\r\n'],
      ['INCR n', error('ERR increment or decrement would overflow')],
      ['SET n -9223372036854775808', OK],
      ['DECR n', error('ERR increment or decrement would overflow')],
      ['DECRBY n -9223372036854775808', error('ERR decrement would overflow')],
      ['INCRBY n -1', error('ERR increment or decrement would overflow')],
      ['SET n 9223372036854775808', OK],
      ['INCR n', WRONG_INTEGER],
      ['SET n 01', OK],
      ['INCR n', WRONG_INTEGER],
      ['SET n +1', OK],
      ['INCR n', WRONG_INTEGER],
      ['SET n -0', OK],
      ['INCR n', WRONG_INTEGER],
      ['INCRBY n 1.5', WRONG_INTEGER],
    ]),
    [],
  );
});

test('expiries: the key is there up to its last millisecond and gone after it', (t) => {
  t.deepEqual(
    transcript(new Bench(), [
      ['SET k v PX 1000', OK],
      ['PTTL k', ':1000\r\n'],
      ['TTL k', ':1\r\n'],
      ['PEXPIRETIME k', `:${START + 1000}\r\n`],
      ['EXPIRETIME k', `:${(START + 1000) / 1000}\r\n`],
      999,
      ['PTTL k', ':1\r\n'],
      ['TTL k', ':0\r\n'],
      1,
      ['GET k', bulk('v')],
      ['PTTL k', ':0\r\n'],
      1,
      ['GET k', NULL],
      ['PTTL k', ':-2\r\n'],
      ['TTL none', ':-2\r\n'],
      ['SET k v', OK],
      ['TTL k', ':-1\r\n'],
      ['EXPIRE k 100 XX', ':0\r\n'],
      ['EXPIRE k 100 GT', ':0\r\n'],
      ['EXPIRE k 100 LT', ':1\r\n'],
      ['EXPIRE k 100 NX', ':0\r\n'],
      ['EXPIRE k 200 LT', ':0\r\n'],
      ['EXPIRE k 200 GT', ':1\r\n'],
      ['TTL k', ':200\r\n'],
      ['SET k w KEEPTTL', OK],
      ['TTL k', ':200\r\n'],
      ['PERSIST k', ':1\r\n'],
      ['PERSIST k', ':0\r\n'],
      ['GETEX k PX 5000', bulk('w')],
      ['PTTL k', ':5000\r\n'],
      ['GETEX k PERSIST', bulk('w')],
      ['PTTL k', ':-1\r\n'],
      ['APPEND k 123456789012345678901234567890', ':31\r\n'],
      ['PEXPIREAT k 1', ':1\r\n'],
      ['EXISTS k', ':0\r\n'],
      ['SETEX k 10 v', OK],
      ['INCR k', WRONG_INTEGER],
      ['SET k v', OK],
      ['TTL k', ':-1\r\n'],
    ]),
    [],
  );
});

test('a key gets another name, with its expiry; what had that name is gone', (t) => {
  const bench = new Bench();
  const from = bench.core.head();
  t.deepEqual(
    transcript(bench, [
      ['RENAME none a', error('ERR no such key')],
      ['RENAMENX none none', error('ERR no such key')],
      ['SET a v PX 1000', OK],
      ['RENAME a a', OK],
      ['RENAMENX a a', ':0\r\n'],
      ['RENAME a b', OK],
      ['EXISTS a', ':0\r\n'],
      ['GET b', bulk('v')],
      ['PTTL b', ':1000\r\n'],
      ['HSET h f v', ':1\r\n'],
      ['RENAMENX h b', ':0\r\n'],
      ['RENAME h b', OK],
      ['HGET b f', bulk('v')],
      ['TTL b', ':-1\r\n'],
      ['SET soon v PX 1', OK],
      ['SET c w', OK],
      2,
      ['RENAMENX c soon', ':1\r\n'],
      ['GET soon', bulk('w')],
      ['PTTL soon', ':-1\r\n'],
      ['SET late v PX 1', OK],
      2,
      ['RENAME late b', error('ERR no such key')],
      ['TYPE b', '+hash\r\n'],
    ]),
    [],
  );
  t.deepEqual(bench.streamed(from), [
    'SELECT 0',
    `SET a v PXAT ${START + 1000}`,
    'RENAME a b',
    'HSET h f v',
    'RENAME h b',
    `SET soon v PXAT ${START + 1}`,
    'SET c w',
    'DEL soon',
    'RENAMENX c soon',
    `SET late v PXAT ${START + 3}`,
    'DEL late',
  ]);
});

test('RESP3 has its own null', (t) => {
  t.is(new Bench().run('MGET a', 0, 1), '*1\r\n_\r\n');
});

test('the stream carries what a replica needs to end up the same', (t) => {
  const bench = new Bench();
  const script: [string, string[]][] = [
    ['SET k v', ['SELECT 0', 'SET k v']],
    ['SET k v NX', []],
    ['DEL none', []],
    ['SET k v EX 10', [`SET k v PXAT ${START + 10_000}`]],
    ['SET k w PX 10 GET', [`SET k w PXAT ${START + 10}`]],
    ['SET k w KEEPTTL', ['SET k w KEEPTTL']],
    ['set k x get keepttl', ['set k x keepttl']],
    ['SETEX k 1 v', [`SET k v PXAT ${START + 1000}`]],
    ['PSETEX k 1 v', [`SET k v PXAT ${START + 1}`]],
    ['EXPIRE k 100 GT', [`PEXPIREAT k ${START + 100_000} GT`]],
    ['PEXPIREAT k 1800000000000', ['PEXPIREAT k 1800000000000']],
    ['EXPIREAT k 1800000000', ['PEXPIREAT k 1800000000000']],
    ['GETEX k PERSIST', ['PERSIST k']],
    ['GETEX k', []],
    ['GETEX k PX 7', [`PEXPIREAT k ${START + 7}`]],
    ['GETSET k y', ['SET k y']],
    ['SETNX k z', []],
    ['INCR n', ['INCR n']],
    ['EXPIRE n -1', ['DEL n']],
    ['GETDEL k', ['DEL k']],
    ['GETDEL k', []],
    ['MSET a 1 b 2', ['MSET a 1 b 2']],
    ['DEL a none b', ['DEL a none b']],
    ['GET a', []],
  ];
  for (const [command, expected] of script) {
    const before = bench.core.head();
    bench.run(command);
    t.deepEqual(bench.streamed(before), expected, command);
  }
  const before = bench.core.head();
  bench.run('SET k v', 3);
  bench.run('SET k v PX 5', 3);
  bench.pass(6);
  bench.run('SET k v', 0);
  bench.run('GET k', 3);
  t.deepEqual(bench.streamed(before), [
    'SELECT 3',
    'SET k v',
    `SET k v PXAT ${START + 5}`,
    'SELECT 0',
    'SET k v',
    'SELECT 3',
    'DEL k',
  ]);
});

test('an inline write goes into the stream as an array', (t) => {
  const bench = new Bench();
  bench.feed('SET k "a b"\r\nGET k\r\nDEL k\r\n');
  t.deepEqual(
    bench.stream(23),
    '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\na b\r\n*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n',
  );
});

test('calls, hits, misses, errors and changes are counted', (t) => {
  const { core } = new Bench();
  const run = (command: string): number => core.run(command.split(' '), 0, 0);
  for (const command of ['SET k v', 'GET k', 'GET none', 'GET', 'INCR k', 'TTL k']) run(command);
  t.like(core.counters(), { commands: 5, hits: 2, misses: 1, errorReplies: 2 });
  t.deepEqual(core.commandCounters(core.idOf('get')), { calls: 2, failed: 0, rejected: 1 });
  t.deepEqual(core.commandCounters(core.idOf('incr')), { calls: 1, failed: 1, rejected: 0 });
  t.is(core.dirty, 1);
  core.resetCounters();
  t.like(core.counters(), { commands: 0, hits: 0, misses: 0, errorReplies: 0 });
});
