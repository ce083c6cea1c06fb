/** How a load is written: every rule at its limit, and what is said beyond it. */
import test from 'ava';
import {
  describeLoad,
  parseCount,
  parseDistribution,
  parseMix,
  parseValueSize,
} from '../../../src/lab/load/spec.js';

test('a mix is commands with weights', (t) => {
  t.deepEqual(parseMix('set'), [{ command: 'set', weight: 1 }]);
  t.deepEqual(parseMix('SET:80, get:20'), [
    { command: 'set', weight: 80 },
    { command: 'get', weight: 20 },
  ]);
});

for (const text of ['', 'del', 'set:', 'set:0', 'set:-1', 'set:1,set:2', 'set;get', 'set:x']) {
  test(`--mix '${text}' is refused`, (t) => {
    t.throws(() => parseMix(text), { code: 'CONFIG_INVALID', message: /^cannot use --mix: / });
  });
}

test('a size is a number of bytes or a range', (t) => {
  t.deepEqual(parseValueSize('64'), { min: 64, max: 64 });
  t.deepEqual(parseValueSize('64b-4kb'), { min: 64, max: 4096 });
  t.deepEqual(parseValueSize('0-67108864'), { min: 0, max: 64 << 20 });
  for (const text of ['', '-5', '5-4', '1-67108865', '1.5', '1-2-3', '65mb']) {
    t.throws(() => parseValueSize(text), { message: /--size: a size is .*got/ }, text);
  }
});

test('a distribution is uniform or zipf with a slope', (t) => {
  t.deepEqual(parseDistribution('uniform'), { type: 'uniform' });
  t.deepEqual(parseDistribution('zipf'), { type: 'zipf', theta: 0.99 });
  t.deepEqual(parseDistribution('zipf:1'), { type: 'zipf', theta: 1 });
  t.deepEqual(parseDistribution('zipf:10'), { type: 'zipf', theta: 10 });
  for (const text of ['zipf:0', 'zipf:11', 'zipf:', 'zipf:x', 'normal', 'zipf:1.2.3']) {
    t.throws(() => parseDistribution(text), { message: /--distribution/ }, text);
  }
});

test('counts keep their limits', (t) => {
  t.is(parseCount('--runs', '16', [0, 16]), 16);
  for (const text of ['17', '-1', '1.5', '', 'many']) {
    t.throws(() => parseCount('--runs', text, [0, 16]), { message: /--runs.*from 0 to 16/ }, text);
  }
});

test('a load in words', (t) => {
  const load = {
    mix: parseMix('set:3,get:1'),
    size: parseValueSize('1-9'),
    distribution: parseDistribution('zipf'),
    keys: 1000,
    prefix: '',
  };
  t.is(describeLoad(load), '75 % SET, 25 % GET; 1 to 9-byte values, 1,000 keys, zipf 0.99');
});
