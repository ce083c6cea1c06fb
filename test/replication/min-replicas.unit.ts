import test from 'ava';
import {
  countGoodReplicas,
  isMinReplicasActive,
  secondsBetween,
} from '../../src/replication/min-replicas.js';

test('seconds are differences of whole seconds', (t) => {
  t.is(secondsBetween(1999, 2000), 1);
  t.is(secondsBetween(2000, 2999), 0);
});

const acked = (ackedAt: number): number =>
  countGoodReplicas([{ isOnline: true, ackedAt }], 10, 100_000);

test('a lag of exactly the maximum is good, one second more is not', (t) => {
  t.is(acked(90_000), 1);
  t.is(acked(89_999), 0);
});

test('only replicas online count', (t) => {
  const replicas = [
    { isOnline: true, ackedAt: 0 },
    { isOnline: false, ackedAt: 0 },
    { isOnline: true, ackedAt: 0 },
  ];
  t.is(countGoodReplicas(replicas, 10, 0), 2);
});

test('either number at zero turns the rule off', (t) => {
  t.true(isMinReplicasActive(1, 10));
  t.false(isMinReplicasActive(0, 10));
  t.false(isMinReplicasActive(1, 0));
});
