import test from 'ava';
import { jittered, parseTtl } from '../../src/cache/ttl.js';

test('a ttl is ms, or a number with a unit', (t) => {
  const cases: [number | string, number][] = [
    [1, 1],
    [0.2, 1],
    [1500, 1500],
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['12 h', 43_200_000],
    ['7d', 604_800_000],
    ['36500d', 3_153_600_000_000],
    ['36501d', Infinity],
    [1e300, Infinity],
    [Infinity, Infinity],
  ];
  for (const [ttl, ms] of cases) t.is(parseTtl(ttl), ms, String(ttl));
});

test('what is no ttl is refused by name', (t) => {
  for (const ttl of [0, -1, Number.NaN, null, undefined, '', '5', '5x', '-5m', 'm', '0s', '5m ']) {
    t.throws(
      () => parseTtl(ttl),
      { code: 'CONFIG_INVALID', message: /ttl: ms above 0/ },
      String(ttl),
    );
  }
});

test('jitter takes a share off, never all', (t) => {
  t.is(jittered(1000, 0, 0.9), 1000);
  t.is(jittered(1000, 0.1, 0), 1000);
  t.is(jittered(1000, 0.1, 0.5), 950);
  t.is(jittered(1000, 1, 1), 1);
  t.is(jittered(Infinity, 1, 1), Infinity);
});
