/**
 * Random commands over strings and keys: real Redis and ours answer the same and end the same. Some
 * thousands here; `npm run diff` sends as many as one likes.
 */
import test from 'ava';
import { testWithRedis } from '../support/real-redis.js';
import { Contest } from './random/contest.js';
import { difference } from './random/same.js';
import { shrink } from './random/shrink.js';
import { type Batch, makeStream, show } from './random/stream.js';

const COMMANDS = 1000;

testWithRedis('random streams, the same as ever and new ones', async (t) => {
  const contest = await Contest.start();
  t.teardown(() => contest.stop());
  const fresh = Date.now() % 1_000_000_000;
  t.log(`npm run diff -- --seed ${fresh}`);
  for (const seed of [1, 2, fresh, fresh + 1]) {
    const failure = await contest.run(makeStream(seed, contest.names, COMMANDS, contest.dumps));
    t.is(failure, null, `npm run diff -- --commands ${COMMANDS} --seed ${seed}`);
  }
});

test('a seed makes the same stream again, and another seed another one', (t) => {
  const names = ['get', 'set', 'expire', 'nosuch'];
  t.deepEqual(makeStream(5, names, 500), makeStream(5, names, 500));
  t.notDeepEqual(makeStream(5, names, 500), makeStream(6, names, 500));
});

function differs(command: string, real: unknown, ours: unknown): boolean {
  return difference(command.split(' '), real, ours, 10) !== null;
}

test('only what may differ is let pass', (t) => {
  t.false(differs('PTTL k', 1000, 1010));
  t.true(differs('PTTL k', 1000, 1011));
  t.true(differs('PTTL k', -1, 1));
  t.false(differs('PEXPIRETIME k', 9223370241500610962n, 9223370241500610961n));
  t.false(differs('KEYS *', ['a', 'b'], ['b', 'a']));
  t.true(differs('KEYS *', ['a', 'b'], ['a', 'a']));
  t.true(differs('MGET a b', ['a', 'b'], ['b', 'a']));
  t.false(differs('SCAN 0 COUNT 1000', ['0', ['a', 'b']], ['0', ['b', 'a']]));
  t.true(differs('SCAN 0 COUNT 1000', ['0', ['a']], ['0', []]));
  t.false(differs('SCAN 0', ['0', ['a']], ['5', []]));
  t.true(differs('SCAN 0', '-ERR syntax error', ['0', []]));
  t.true(differs('OBJECT ENCODING k', 'int', 'raw'));
  t.false(differs('OBJECT IDLETIME k', 1, 2));
  t.true(differs('GET k', '-ERR a', '-ERR b'));
  t.false(differs('RANDOMKEY', 'c', '-0'));
  t.true(differs('RANDOMKEY', 'c', '-ERR wrong number of arguments'));
  t.not(difference(['EXEC'], ['1', 100], ['2', 100], 10, [['GET'], ['PTTL']]), null);
  t.is(difference(['EXEC'], ['1', 100], ['1', 105], 10, [['GET'], ['PTTL']]), null);
});

function sent(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ commands }) => commands.map(show));
}

test('a failing stream is shrunk to the commands that it takes', async (t) => {
  // As if a SET followed, however much later, by a DEL were the bug.
  const fails = (batches: readonly Batch[]): Promise<boolean> =>
    Promise.resolve(/SET \S[^]*\nDEL /i.test(sent(batches).join('\n')));
  const stream = makeStream(3, ['set', 'get', 'del'], 300);
  t.true(await fails(stream));
  t.is(sent(await shrink(stream, fails)).length, 2);
});
