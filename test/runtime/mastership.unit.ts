import test from 'ava';

import { Mastership } from '../../src/runtime/mastership.js';

const NODES = new Map([
  [7000, 'node-0'],
  [7001, 'node-1'],
]);
const at = (port: number) => ({ host: 'h', port });

function group({ hasSentinels = true, replicaOf = undefined as number | undefined } = {}) {
  let changes = 0;
  const mastership = new Mastership({
    idAt: ({ port }) => NODES.get(port),
    group: 'mymaster',
    hasSentinels: () => hasSentinels,
    onChange() {
      changes += 1;
    },
  });
  mastership.begin('node-0', replicaOf === undefined ? undefined : at(replicaOf));
  mastership.begin('node-1', at(7000));
  return {
    mastership,
    changes: () => changes,
    hear: (id: string, name: string, payload: unknown) => mastership.onEvent(id, name, payload),
  };
}

const following = (port: number, isOrderOfSentinel = false) => ({
  ...at(port),
  isOrderOfSentinel,
});

test('the first node is master, and the others come back behind it', (t) => {
  const { mastership } = group();
  t.is(mastership.masterId, 'node-0');
  t.is(mastership.outside, null);
  t.true(mastership.isMaster('node-0'));
  t.is(mastership.followedBy('node-0'), null);
  t.is(mastership.followedBy('node-1'), 'node-0');
});

test('a chain behind a master outside: the head follows it, the others the head', (t) => {
  const { mastership, hear, changes } = group({ replicaOf: 9000 });
  t.deepEqual(mastership.outside, { ...at(9000), isWatched: false });
  t.false(mastership.isMaster('node-0'));
  t.deepEqual(mastership.followedBy('node-0'), at(9000));
  t.is(mastership.followedBy('node-1'), 'node-0');
  hear('node-0', 'following', following(9001)); // Whoever watches outside has another master there.
  t.deepEqual(mastership.followedBy('node-0'), at(9001));
  hear('node-0', 'role-changed', 'master');
  t.is(mastership.outside, null);
  t.true(mastership.isMaster('node-0'));
  t.is(changes(), 2);
});

test('any node of a chain that turns master ends it', (t) => {
  const { mastership, hear } = group({ replicaOf: 9000 });
  hear('node-1', 'role-changed', 'master');
  t.is(mastership.masterId, 'node-1');
  t.is(mastership.outside, null);
});

test('the master is told to follow a server outside: the chain begins', (t) => {
  const { mastership, hear, changes } = group();
  hear('node-1', 'following', following(9000)); // A replica that goes astray is the sentinels' affair.
  hear('node-0', 'following', following(7001)); // Nothing outside.
  t.is(mastership.outside, null);
  hear('node-0', 'following', following(9000));
  hear('node-0', 'following', following(9000));
  t.deepEqual(mastership.outside, { ...at(9000), isWatched: false });
  t.is(changes(), 1);
});

test('sentinels promote a replica outside: all follow it, and it is theirs to replace', (t) => {
  const { mastership, hear, changes } = group();
  hear('sentinel-0', '+promoted-slave', 'slave h:9000 h 9000 @ other h 8000');
  hear('sentinel-1', '+switch-master', 'other h 8000 h 9000');
  t.is(mastership.outside, null, 'of another group');
  hear('sentinel-0', '+promoted-slave', 'slave h:9000 h 9000 @ mymaster h 7000');
  hear('node-0', 'following', following(9000, true));
  hear('sentinel-1', '+switch-master', 'mymaster h 7000 h 9000');
  t.deepEqual(mastership.outside, { ...at(9000), isWatched: true });
  t.is(mastership.masterId, 'node-0');
  t.deepEqual(mastership.followedBy('node-0'), at(9000));
  t.deepEqual(mastership.followedBy('node-1'), at(9000));
  // Only they say when it is over.
  hear('node-1', 'role-changed', 'master');
  hear('node-0', 'following', following(9001));
  t.is(changes(), 1);
  hear('sentinel-1', '+switch-master', 'mymaster h 9000 h 7001');
  t.is(mastership.masterId, 'node-1');
  t.is(mastership.outside, null);
});

test('the order of a sentinel is no change of its own', (t) => {
  const { mastership, hear } = group();
  hear('node-0', 'following', following(9000, true));
  t.is(mastership.outside, null);
});

test('in a group without sentinels a node that turns master is it', (t) => {
  const { mastership, hear } = group({ hasSentinels: false });
  hear('node-1', 'role-changed', 'master');
  t.is(mastership.masterId, 'node-1');
  const watched = group();
  watched.hear('node-1', 'role-changed', 'master');
  t.is(watched.mastership.masterId, 'node-0');
});

test('what is no event of this kind is nothing', (t) => {
  const { mastership, hear } = group();
  for (const payload of [null, 7, '', {}, { host: 'h' }, { host: 1, port: 2 }]) {
    hear('node-0', 'following', payload);
  }
  t.is(mastership.outside, null);
});
