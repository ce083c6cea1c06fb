import test from 'ava';

import {
  isFencedPromotion,
  masterNamedBy,
  parseMaster,
  parsePromoted,
  parseSwitchMaster,
} from '../../src/runtime/switch-master.js';

test('a payload names the group, the old and the new master', (t) => {
  t.deepEqual(parseSwitchMaster('mymaster 127.0.0.1 6379 ::1 6380'), {
    name: 'mymaster',
    from: { host: '127.0.0.1', port: 6379 },
    to: { host: '::1', port: 6380 },
  });
});

test('a promotion names the replica', (t) => {
  const text = 'slave [::1]:6380 ::1 6380 @ mymaster 127.0.0.1 6379';
  t.deepEqual(parsePromoted(text), { name: 'mymaster', to: { host: '::1', port: 6380 } });
  const others = [
    null,
    7,
    '',
    'slave a b 1',
    'master a b 1 @ c',
    'slave a b x @ c',
    'slave a b 1 c',
  ];
  for (const other of others) t.is(parsePromoted(other), null);
});

test('a master that is one again names itself', (t) => {
  const to = { host: '::1', port: 6379 };
  t.deepEqual(parseMaster('master mymaster ::1 6379'), { name: 'mymaster', to });
  const others = [null, 7, '', 'master a b', 'master a b x', 'master a b 1 c', 'slave a b 1'];
  for (const other of others) t.is(parseMaster(other), null);
  const payload = 'master mymaster ::1 6379';
  t.deepEqual(masterNamedBy('+convert-to-master', payload, 'mymaster'), to);
  t.is(masterNamedBy('+convert-to-master', payload, 'another'), null);
  t.is(masterNamedBy('+sdown', payload, 'mymaster'), null);
});

test('a node that has fenced its master is the next one; one that has not may be one of two', (t) => {
  t.true(isFencedPromotion({ offset: 1, isFenced: true, drain: 'complete' }));
  const others = [null, 7, 'promoted', {}, { isFenced: false }, { isFenced: 1 }];
  for (const other of others) t.false(isFencedPromotion(other));
});

test('anything else is nothing', (t) => {
  const others = [null, 7, '', 'a b 1 c', 'a b 1 c 2 d', 'a b x c 2', 'a b 1 c x', 'a  1 c 2'];
  for (const text of others) t.is(parseSwitchMaster(text), null);
});
