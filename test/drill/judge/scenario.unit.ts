import test from 'ava';

import { findScenario, SCENARIOS } from '../../../src/drill/judge/catalogue.js';
import { compose, parseScenario, repeat } from '../../../src/drill/judge/scenario.js';

test('the catalogue has each of the bad days, told in a sentence', (t) => {
  const names =
    'kill freeze black-hole sentinel-outage minority-partition manual-failover flapping slow-replica stale-replica lost-replies';
  t.deepEqual([...SCENARIOS.keys()], names.split(' '));
  for (const { about } of SCENARIOS.values()) t.regex(about, /^[A-Z].*\.$/);
});

test('scenarios are composed: steps one after the other', (t) => {
  const kill = findScenario('kill');
  const both = findScenario('flapping+kill');
  t.is(both.name, 'flapping+kill');
  t.deepEqual(both.steps, [...findScenario('flapping').steps, ...kill.steps]);
  t.deepEqual(compose(kill, kill).steps, [...kill.steps, ...kill.steps]);
  t.deepEqual(repeat(2, [{ do: 'failover' }]), [{ do: 'failover' }, { do: 'failover' }]);
});

test("a scenario of one's own is checked, and its defaults are filled in", (t) => {
  const own = parseScenario({ name: 'own', steps: [{ do: 'stall', who: ['node-1', 'master'] }] });
  t.deepEqual(own, {
    name: 'own',
    about: '',
    steps: [{ do: 'stall', who: ['node-1', 'master'], only: 'both' }],
  });
  const wrong: [unknown, RegExp][] = [
    [{ name: 'x', steps: [] }, /cannot use scenario x: steps/],
    [{ name: 'x', steps: [{ do: 'explode' }] }, /scenario x: steps\.0/],
    [{ name: 'x', steps: [{ do: 'wait', ms: -1 }] }, /scenario x: steps\.0\.ms/],
    [{ name: 'x', steps: [{ do: 'kill', who: 'master', twice: true }] }, /scenario x: steps\.0/],
    [{ name: 'Not This', steps: [{ do: 'failover' }] }, /scenario Not This: name/],
    ['kill', /scenario without a name/],
  ];
  for (const [input, message] of wrong) {
    t.throws(() => parseScenario(input), { code: 'CONFIG_INVALID', message });
  }
});

test('an unknown name is told the known ones', (t) => {
  const message = /no scenario "nope".*kill, freeze, black-hole.*joined by \+/;
  t.throws(() => findScenario('nope'), { code: 'CONFIG_INVALID', message });
  t.throws(() => findScenario('kill+nope'), { code: 'CONFIG_INVALID', message });
  t.throws(() => findScenario(''), { code: 'CONFIG_INVALID' });
});

test('what is composed or repeated is checked', (t) => {
  const code = 'CONFIG_INVALID';
  t.throws(() => compose(), { code });
  t.throws(() => Reflect.apply(compose, null, ['kill']), { code });
  t.throws(() => Reflect.apply(repeat, null, [2, 'kill']), { code, message: /cannot use steps/ });
  for (const times of [0, -1, 1.5, Number.NaN, 1_001, '2']) {
    t.throws(() => Reflect.apply(repeat, null, [times, [{ do: 'failover' }]]), {
      code,
      message: /cannot use times/,
    });
  }
});
