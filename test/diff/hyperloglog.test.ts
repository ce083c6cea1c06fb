/**
 * HyperLogLogs: replies and bytes are Redis', from the first register to the dense form and with
 * damage.
 */
import { Prng } from '../../src/base/prng.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { compare, startPair } from './compare.js';

test('HyperLogLogs: bytes, estimates, events of damage', async (t) => {
  const pair = await startPair(t);
  await compare(t, pair, [
    'PFADD h',
    'GET h',
    'PFADD h',
    'PFCOUNT h',
    'GET h',
    'OBJECT ENCODING h',
    'PFADD h ""',
    'PFADD h a b c',
    'PFADD h a b c',
    'GET h',
    'PFDEBUG DECODE h',
    'PFDEBUG ENCODING h',
    'PFDEBUG todense h',
    'PFDEBUG TODENSE h',
    'PFDEBUG ENCODING h',
    'PFDEBUG DECODE h',
    'PFDEBUG BAD h',
    'PFDEBUG BAD nosuch',
    'PFDEBUG GETREG',
    'GET h',
    'EXPIRE h 1000',
    'PFADD h 1234 5678',
    'PFMERGE other h nosuch',
    'TTL h',
    'GET other',
    'PFCOUNT h other nosuch',
    'PFADD one 1 2 3',
    'PFADD two 3 4 5',
    'PFMERGE sum one two',
    'GET sum',
    'PFDEBUG GETREG sum',
    'PFCOUNT sum',
    'PFMERGE fresh',
    'GET fresh',
    'SET int 123',
    'PFADD int x',
    'PFCOUNT int',
    'PFMERGE sum int',
    'OBJECT ENCODING int',
    'SET short HYLL',
    'PFCOUNT short',
    'SETRANGE one 4 x',
    'PFCOUNT one',
    'SETRANGE two 4 "\\x00"',
    'PFCOUNT two',
    'PFADD tail a b c',
    'APPEND tail hello',
    'PFCOUNT tail',
    'PFCOUNT tail sum',
    'PFADD tail x y z',
    'PFDEBUG TODENSE tail',
    'PFMERGE tail sum',
    'GET tail',
    'PFADD beyond a b c',
    'APPEND beyond "\\x85"',
    'PFCOUNT beyond sum',
    'PFCOUNT beyond',
    'PFMERGE beyond sum',
    'CONFIG SET hll-sparse-max-bytes 20',
    'PFADD small 1 2 3 4 5 6',
    'PFDEBUG ENCODING small',
    'CONFIG SET hll-sparse-max-bytes 3000',
    // A header that says it was counted, and more than there is.
    'PFADD cached x',
    'SETRANGE cached 8 "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7f"',
    'PFCOUNT cached',
    // Registers that no hash gives.
    'PFDEBUG TODENSE fresh',
    `SETRANGE fresh 16 "${'\\xff'.repeat(12288)}"`,
    'PFCOUNT fresh',
    'PFADD',
    'PFCOUNT',
    'PFMERGE',
  ]);
});

test('HyperLogLogs: random elements, merges and damage', async (t) => {
  const pair = await startPair(t);
  const random = new Prng(11);
  const key = (): string => `h${random.below(6)}`;
  const line = (): readonly string[] => {
    const one = key();
    switch (random.below(12)) {
      case 0:
        return [`PFMERGE ${one} ${key()} ${key()}`, `GET ${one}`];
      case 1:
        return [`PFCOUNT ${one} ${key()}`];
      case 2:
        return random.chance(0.4)
          ? [`SETRANGE ${one} ${random.below(60)} "\\x${(128 + random.below(128)).toString(16)}"`]
          : [];
      case 3:
        return [`DEL ${one}`];
      case 4:
        return [`PFDEBUG DECODE ${one}`];
      default: {
        const count = 1 + random.below(random.chance(0.1) ? 2000 : 30);
        const elements = Array.from({ length: count }, () => random.below(100_000).toString(36));
        return [`PFADD ${one} ${elements.join(' ')}`, `GET ${one}`, `PFCOUNT ${one}`];
      }
    }
  };
  await compare(t, pair, Array.from({ length: 400 }, line).flat(), { protocols: [2] });
});
