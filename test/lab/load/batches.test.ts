/** Encoded loads: what is in them is what was asked for. */
import test from 'ava';
import { Prng } from '../../../src/base/prng.js';
import { commandMaker, makeBatches } from '../../../src/lab/load/batches.js';
import type { LoadSpec } from '../../../src/lab/load/spec.js';

const LOAD: LoadSpec = {
  mix: [{ command: 'set', weight: 1 }],
  size: { min: 3, max: 5 },
  distribution: { type: 'uniform' },
  keys: 10,
  prefix: 'p:',
};

test('sizes fill their range, keys theirs', (t) => {
  const next = commandMaker(LOAD, new Prng(1));
  const commands = Array.from({ length: 1000 }, next);
  t.deepEqual(
    [...new Set(commands.map(([, , value]) => value!.length))].toSorted((a, b) => a - b),
    [3, 4, 5],
  );
  t.is(new Set(commands.map(([, key]) => String(key))).size, 10);
  t.true(commands.every(([, key]) => /^p:0{11}\d$/.test(String(key))));
});

test('commands come in proportion to their weights, and each is whole', (t) => {
  const mix = [
    { command: 'set', weight: 6 },
    { command: 'get', weight: 2 },
    { command: 'incr', weight: 1 },
    { command: 'mset', weight: 1 },
  ] as const;
  const next = commandMaker({ ...LOAD, mix }, new Prng(1));
  const lengths: Record<string, number> = { SET: 3, GET: 2, INCR: 2, MSET: 21 };
  const counts: Record<string, number> = {};
  for (let i = 0; i < 10_000; i += 1) {
    const command = next();
    const name = String(command[0]);
    counts[name] = (counts[name] ?? 0) + 1;
    t.true(command.length === lengths[name]);
  }
  t.true(Math.abs(counts['SET']! - 6000) < 250);
  t.true(Math.abs(counts['MSET']! - 1000) < 150);
});

test('batches follow one another in shared memory; the same seed gives the same', (t) => {
  const one = makeBatches(LOAD, 100, 1);
  t.true(one.bytes.buffer instanceof SharedArrayBuffer);
  t.is(one.starts.at(-1), one.bytes.length);
  t.true((one.starts.length - 1) * 100 >= 100_000);
  const [, second, third] = one.starts;
  const text = Buffer.from(one.bytes.subarray(second, third)).toString();
  t.is(text.match(/SET/g)?.length, 100);
  t.true(text.startsWith('*3\r\n$3\r\nSET\r\n'));
  t.deepEqual(makeBatches(LOAD, 100, 1).starts, one.starts);
  t.notDeepEqual(makeBatches(LOAD, 100, 2).starts, one.starts);
});

test('large values end a pool before it is as long as it is wide', (t) => {
  const size = { min: 8 << 20, max: 8 << 20 };
  const { starts } = makeBatches({ ...LOAD, size }, 1, 1);
  t.is(starts.length - 1, 4);
});
