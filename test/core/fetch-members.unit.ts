/** Members of large collections are fetched ahead for the commands of a window: replies stay right. */
import test from 'ava';
import { encodeCommands } from '../../src/resp/encode-command.js';
import { Bench } from './fixtures/bench.js';

/** As members-layout.ts has it. */
const LARGE_INDEX = 16_384;

test('commands on large collections answer in a window as they do one by one', (t) => {
  const bench = new Bench();
  const names = Array.from({ length: LARGE_INDEX + 10 }, (_, i) => `m${i}`);
  for (let i = 0; i < names.length; i += 5000) {
    const some = names.slice(i, i + 5000);
    bench.run(['SADD', 'set', ...some]);
    bench.run(['HSET', 'hash', ...some.flatMap((name) => [name, name])]);
    bench.run(['ZADD', 'zset', ...some.flatMap((name, at) => [String(at), name])]);
  }
  bench.run('SET string v');
  bench.run('SADD small a');
  const [first, last] = [names[0]!, names.at(-1)!];
  const commands = [
    ['SISMEMBER', 'set', first],
    ['SISMEMBER', 'set', 'none'],
    ['SADD', 'set', 'new', last],
    ['SREM', 'set', last, 'none'],
    ['HGET', 'hash', last],
    ['HSET', 'hash', first, 'changed'],
    ['HGET', 'hash', first],
    ['SISMEMBER', 'none', first],
    ['SISMEMBER', 'small', 'a'],
    ['SADD', 'string', 'a'],
    ['SADD', 'set'],
    ['HGET', 'set', first],
    ['ZADD', 'zset', '7', first],
    ['ZSCORE', 'zset', first],
    ['ZREM', 'zset', first],
    ['DEL', 'set'],
    ['SISMEMBER', 'set', first],
  ];
  const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
  t.is(
    bench.feed(encodeCommands(commands)).replies,
    [
      ':1\r\n:0\r\n:1\r\n:1\r\n',
      `$${last.length}\r\n${last}\r\n:0\r\n$7\r\nchanged\r\n`,
      `:0\r\n:1\r\n${wrong}`,
      "-ERR wrong number of arguments for 'sadd' command\r\n",
      `${wrong}:0\r\n$1\r\n7\r\n:1\r\n:1\r\n:0\r\n`,
    ].join(''),
  );
});
