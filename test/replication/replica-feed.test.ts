/** What a master does for, and about, its replicas. */
import test from 'ava';
import { TestCore } from './test-core.js';
import { VirtualCluster } from './virtual-cluster.js';

const BIG = 'x'.repeat(60_000);

test('replicas that ask in the same turn share one snapshot', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  let snapshots = 0;
  const begin = master.core.snapshots.begin.bind(master.core);
  master.core.snapshots.begin = () => {
    snapshots += 1;
    begin();
  };
  for (let i = 0; i < 3; i++) cluster.add(master);
  cluster.settle();
  t.is(master.info('connected_slaves'), '3');
  t.is(snapshots, 1);
  t.is(master.replicator.syncCounts().full, 3);
});

test('a replica that asks during a snapshot waits for the next', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 60; i++) master.write(0, 'SET', `k${i}`, BIG);
  cluster.add(master);
  cluster.turn(master);
  cluster.turn(master);
  cluster.add(master);
  cluster.turn(master);
  cluster.turn(master);
  t.regex(master.info('slave0')!, /state=send_bulk,offset=0,lag=0$/);
  t.regex(master.info('slave1')!, /state=wait_bgsave,offset=0,lag=0$/);
  cluster.settle();
  t.regex(master.info('slave1')!, /^ip=127\.0\.0\.1,port=7002,state=online,offset=\d+,lag=0$/);
});

test('no more chunks are under way than there is credit for', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 90; i++) master.write(0, 'SET', `k${i}`, BIG + i);
  const replica = cluster.add(master);
  for (let i = 0; i < 100; i++) cluster.turn(master);
  t.is(replica.mail.filter(({ frame }) => frame.type === 'snapshot').length, 8);
  cluster.settle();
  t.is(replica.core.contents().length, 90);
});

test('a replica that dies during its full sync does not hold up the other', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 90; i++) master.write(0, 'SET', `k${i}`, BIG + i);
  const dying = cluster.add(master);
  const other = cluster.add(master);
  for (let i = 0; i < 20; i++) cluster.turn(master);
  dying.kill();
  cluster.settle();
  t.is(other.core.contents().length, 90);
  t.true(master.core instanceof TestCore && master.core.lent.size === 0);
  t.is(master.info('connected_slaves'), '1');
});

test('throttle holds the writers for a replica that is behind, then drops it', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, slow, other] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  slow.isFrozen = true;
  let written = 0;
  while (master.write(0, 'SET', `k${written}`, BIG) === null) {
    written += 1;
    cluster.settle();
    t.true(written < 30);
  }
  t.true(written > 8, 'most of the ring is used first');
  // Nobody was lapped: if it woke up now it would still find everything.
  t.true(slow.replicator.offset() >= master.replicator.offset() - master.core.ringSize);
  cluster.advance(900);
  t.is(master.write(0, 'SET', 'held', '1'), 'held');
  cluster.advance(100);
  t.is(master.write(0, 'SET', 'held', '1'), null);
  t.is(master.seen('replica-dropped').length, 1);
  t.is(master.info('connected_slaves'), '1');
  for (let i = 0; i < 20; i++) {
    master.write(0, 'SET', `more${i}`, BIG);
    cluster.settle();
  }
  slow.isFrozen = false;
  cluster.advance(3000);
  t.deepEqual(slow.core.contents(), master.core.contents());
  t.deepEqual(other.core.contents(), master.core.contents());
  t.is(master.replicator.syncCounts().full, 3);
});

test('throttle lets go as soon as the replica has caught up', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, slow] = [cluster.node(0), cluster.node(1)];
  slow.isFrozen = true;
  for (let i = 0; master.write(0, 'SET', `k${i}`, BIG) === null; i++) t.true(i < 30);
  slow.isFrozen = false;
  cluster.settle();
  t.is(master.write(0, 'SET', 'again', '1'), null);
  t.is(master.seen('replica-dropped').length, 0);
});

test('disconnect lets the ring grow to the limit, then drops', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, slow] = [cluster.node(0), cluster.node(1)];
  const limit = 4 * 1024 * 1024;
  master.config = {
    ...master.config,
    flowControl: 'disconnect',
    replicaBufferLimit: { hardBytes: limit, softBytes: 0, softSeconds: 0 },
  };
  slow.isFrozen = true;
  let written = 0;
  while (master.seen('replica-dropped').length === 0) {
    t.is(master.write(0, 'SET', `k${written}`, BIG), null);
    written += 1;
    t.true(written < 100);
  }
  t.true(written * BIG.length > limit / 2);
  t.is(master.core.ringSize, limit);
  cluster.advance(100);
  t.is(master.core.ringSize, 1024 * 1024);
});

test('the ring grows for a replica that takes a full sync', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 60; i++) master.write(0, 'SET', `k${i}`, BIG + i);
  const replica = cluster.add(master);
  for (let i = 0; i < 5; i++) cluster.turn(master);
  for (let i = 0; i < 40; i++) t.is(master.write(0, 'SET', `new${i}`, BIG), null);
  t.true(master.core.ringSize > 1024 * 1024);
  cluster.settle();
  t.deepEqual(replica.core.contents(), master.core.contents());
  t.is(master.replicator.syncCounts().full, 1);
});

test('a replica beyond a partition is held for by nobody', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  for (let i = 0; i < 40; i++) t.is(master.write(0, 'SET', `k${i}`, BIG), null);
});

test('lag counts seconds since the last ack; a replica silent for repl-timeout is dropped', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.advance(5000);
  t.regex(master.info('slave0')!, /lag=[01]$/);
  replica.isFrozen = true;
  cluster.advance(5000);
  t.regex(master.info('slave0')!, /lag=[56]$/);
  cluster.advance(56_100);
  t.is(master.info('connected_slaves'), '0');
  replica.isFrozen = false;
  cluster.advance(1100);
  t.is(master.info('connected_slaves'), '1');
  t.is(master.replicator.syncCounts().full, 1);
});

test('a replica that thinks it is one, and is not, is told', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  const stray = { type: 'ack', session: 77, offset: 0 } as const;
  master.replicator.onFrame(cluster.peer(0, 1), stray);
  t.deepEqual(replica.mail.at(-1)?.frame, {
    type: 'refuse',
    session: 77,
    error: 'ERR not a replica of this node',
  });
});

test('a wake goes only to those who sleep, once per batch', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  for (let i = 0; i < 5; i++) master.write(0, 'SET', `k${i}`, '1');
  t.is(replica.mail.filter(({ frame }) => frame.type === 'wake').length, 1);
  cluster.settle();
  t.is(replica.core.contents().length, 5);
});

test('bytes moved are counted on both sides: snapshots and stream', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  master.write(0, 'SET', 'k', BIG);
  const replica = cluster.add(master);
  cluster.settle();
  const snapshotBytes = replica.replicator.syncCounts().inputBytes;
  t.true(snapshotBytes > BIG.length && snapshotBytes < BIG.length + 1000);
  const before = master.replicator.offset();
  master.write(0, 'SET', 'k', '1');
  cluster.advance(100);
  const streamBytes = master.replicator.offset() - before;
  t.is(replica.replicator.syncCounts().inputBytes, snapshotBytes + streamBytes);
  t.is(master.replicator.syncCounts().outputBytes, snapshotBytes + streamBytes);
});
