import test from 'ava';
import { Prng } from '../../../src/base/prng.js';
import {
  describeOutages,
  drawOutage,
  lengthOutlastedBy,
  listOf,
  meanSeconds,
  parseOutages,
  survival,
  survivalOf,
} from '../../../src/lab/backlog/outages.js';

const PATTERNS = ['30s', '5s,30s,2m', 'exp:20s', 'lognormal:10s:0.7', 'uniform:5s-30s'];

test('patterns as they are typed', (t) => {
  t.deepEqual(parseOutages('o', '30s'), { type: 'list', seconds: [30] });
  t.deepEqual(parseOutages('o', '500ms,2m'), { type: 'list', seconds: [0.5, 120] });
  t.deepEqual(parseOutages('o', 'exp:1m'), { type: 'exponential', meanSeconds: 60 });
  t.deepEqual(parseOutages('o', 'uniform:0s-2s'), {
    type: 'uniform',
    minSeconds: 0,
    maxSeconds: 2,
  });
  t.deepEqual(listOf('o', ['3s', '', ' 4s']), { type: 'list', seconds: [3, 4] });
});

test('what is no pattern is refused', (t) => {
  for (const text of [
    '',
    'soon',
    'exp:',
    'exp:0s',
    '0s',
    'exp:5s:2',
    'lognormal:5s',
    'lognormal:5s:-1',
    'uniform:9s-2s',
    'uniform:5s',
    'pareto:3s',
    '5s,-1s',
  ]) {
    t.throws(
      () => parseOutages('--outage', text),
      { code: 'CONFIG_INVALID', message: /^cannot use --outage: / },
      text,
    );
  }
  t.throws(() => listOf('--outage @x', ['', ' ']), { message: /got no outage at all/ });
});

test('survival and length are each other’s inverse, and draws follow them', (t) => {
  for (const text of PATTERNS) {
    const pattern = parseOutages('o', text);
    t.is(survival(pattern, -1), 1);
    t.true(survival(pattern, 1e9) < 1e-100);
    const prng = new Prng(7);
    const drawn = Array.from({ length: 20_000 }, () => drawOutage(pattern, prng));
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
    t.true(Math.abs(mean / meanSeconds(pattern) - 1) < 0.03, `${text}: ${mean}`);
    for (const share of [0.9, 0.5, 0.1, 0.01]) {
      const length = lengthOutlastedBy(pattern, share);
      if (pattern.type !== 'list') {
        t.true(Math.abs(survival(pattern, length) - share) < 1e-6, `${text} ${share}`);
      }
      const longer = drawn.filter((each) => each > length).length / drawn.length;
      t.true(Math.abs(longer - survival(pattern, length)) < 0.015, `${text} ${share}: ${longer}`);
      t.is(survivalOf(pattern)(length), survival(pattern, length));
    }
  }
});

test('in words', (t) => {
  t.deepEqual(
    PATTERNS.map((text) => describeOutages(parseOutages('o', text))),
    [
      '30 s each',
      '3 lengths from 5 s to 2 min',
      'exponential, 20 s on average',
      'lognormal, half of them over 10 s, sigma 0.7',
      'uniform from 5 s to 30 s',
    ],
  );
});
