/** A replica's link through losses: what it keeps, what it asks for, what it says of itself. */
import test, { type ExecutionContext } from 'ava';
import { VirtualCluster, type VirtualNode } from './virtual-cluster.js';

function write(node: VirtualNode, from: number, to: number): void {
  for (let i = from; i < to; i++) node.write(0, 'SET', `key:${i}`, `value:${i}`);
}

/** Every node holds the same data at the same offset of the same history. */
function same(t: ExecutionContext, nodes: readonly VirtualNode[]): void {
  const [first] = nodes;
  for (const node of nodes) {
    t.is(node.replicator.offset(), first!.replicator.offset());
    t.is(node.replicator.ids().replid, first!.replicator.ids().replid);
    t.deepEqual(node.core.contents(), first!.core.contents());
  }
}

test('replicas take a full sync from an empty master and then follow', (t) => {
  const cluster = VirtualCluster.start(2);
  const master = cluster.node(0);
  t.is(cluster.node(1).info('master_link_status'), 'up');
  t.is(master.info('connected_slaves'), '2');
  t.is(master.write(0, 'SET', 'a', '1'), null);
  t.is(master.write(3, 'SET', 'b', '2'), null);
  cluster.settle();
  t.deepEqual(cluster.node(1).core.contents(), ['0/a=1', '3/b=2']);
  same(t, cluster.nodes);
});

test('a full sync brings what was there, and what is written while it runs', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 20; i++) master.write(i % 16, 'SET', `k${i}`, 'x'.repeat(100_000));
  const replica = cluster.add(master);
  cluster.turn(master);
  cluster.turn(master);
  cluster.turn(replica);
  t.is(
    replica.replicator.roleReply().role === 'replica' && replica.info('master_sync_in_progress'),
    '1',
  );
  t.is(replica.info('master_link_status'), 'down');
  master.write(7, 'SET', 'late', 'yes');
  master.write(1, 'DEL', 'k1');
  cluster.settle();
  t.true(replica.core.contents().includes('7/late=yes'));
  same(t, cluster.nodes);
});

test('the stream goes on in the database it had selected', (t) => {
  const cluster = VirtualCluster.start(1);
  const master = cluster.node(0);
  master.write(5, 'SET', 'a', '1');
  cluster.settle();
  master.write(5, 'PUBLISH', 'news', 'hello');
  cluster.settle();
  t.deepEqual(cluster.node(1).handed, ['5 PUBLISH news hello']);
});

test('a command longer than a slice, and one longer than the ring, arrive whole', (t) => {
  const cluster = VirtualCluster.start(1);
  const master = cluster.node(0);
  master.write(0, 'SET', 'long', 'x'.repeat(600_000));
  cluster.settle();
  same(t, cluster.nodes);
  t.is(master.write(0, 'SET', 'longer', 'y'.repeat(3_000_000)), null);
  t.true(master.core.ringSize > 3_000_000);
  cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 1);
  cluster.advance(200);
  t.is(master.core.ringSize, 1024 * 1024);
  write(master, 0, 10);
  cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 1);
});

test('after a loss the link continues where it was', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  write(master, 0, 5);
  cluster.settle();
  const refusal = { type: 'refuse', session: 1, error: 'ERR lost' } as const;
  replica.replicator.onFrame(cluster.peer(1, 0), refusal);
  master.write(0, 'SET', 'meanwhile', '1');
  cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 1);
  t.is(master.replicator.syncCounts().partialOk, 1);
  t.is(replica.seen('link-down').length, 1);
});

test('a link is down, and says since when, until its master can be reached again', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  master.kill();
  cluster.settle();
  t.is(replica.info('master_link_status'), 'down');
  t.is(replica.info('master_link_down_since_seconds'), '0');
  t.is(replica.info('master_last_io_seconds_ago'), '-1');
  t.deepEqual(replica.replicator.roleReply(), {
    role: 'replica',
    host: '127.0.0.1',
    port: 7000,
    state: 'connect',
    offset: -1,
  });
  cluster.advance(3000);
  t.is(replica.info('master_link_down_since_seconds'), '3');
  master.restart(null);
  cluster.advance(1100);
  t.is(replica.info('master_link_status'), 'up');
  t.is(replica.info('master_link_down_since_seconds'), undefined);
});

test('a master that is told to be up is tried at once', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, replica, other] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.kill();
  cluster.settle();
  master.restart(null);
  replica.replicator.onPeerUp(cluster.peer(1, 2)); // Not the one that is waited for.
  cluster.settle();
  t.is(replica.info('master_link_status'), 'down');
  replica.replicator.onPeerUp(cluster.peer(1, 0));
  cluster.settle();
  t.is(replica.info('master_link_status'), 'up');
  t.is(other.info('master_link_status'), 'down'); // No time has passed: its retry is not due.
});

test("a dead master's ring is read to its end", (t) => {
  const cluster = VirtualCluster.start(2);
  const master = cluster.node(0);
  write(master, 0, 50);
  master.kill();
  cluster.settle();
  const [, one, two] = cluster.nodes;
  t.is(one!.core.contents().length, 50);
  same(t, [one!, two!]);
});

test('what a partition kept back is read once it has healed, without a resync', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  write(master, 0, 10);
  cluster.advance(1000);
  t.is(replica.core.contents().length, 0);
  cluster.heal();
  cluster.advance(300);
  same(t, cluster.nodes);
  t.is(replica.seen('gap-healed').length, 1);
  t.is(master.replicator.syncCounts().full, 1);
  t.is(master.replicator.syncCounts().partialOk, 0);
});

test('a partition longer than the backlog costs a full resync', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  for (let i = 0; i < 15; i++) t.is(master.write(0, 'SET', `k${i}`, 'x'.repeat(100_000)), null);
  cluster.advance(1000);
  cluster.heal();
  cluster.advance(2000);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 2);
  t.is(master.replicator.syncCounts().partialErr, 1);
  t.is(master.seen('psync-refused')[0]?.reason, 'too-old');
});

test('a partition longer than repl-timeout takes the link down, and a partial resync brings it up', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  write(master, 0, 10);
  cluster.advance(60_000);
  t.is(replica.info('master_link_status'), 'up');
  cluster.advance(200);
  t.is(replica.info('master_link_status'), 'down');
  t.is(master.info('connected_slaves'), '0');
  cluster.heal();
  cluster.advance(1100);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().partialOk, 1);
  t.is(master.replicator.syncCounts().full, 1);
});

test('a frozen master keeps its link until repl-timeout', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  master.isFrozen = true;
  cluster.advance(60_500);
  t.is(replica.info('master_link_status'), 'up');
  cluster.advance(1000);
  t.is(replica.info('master_link_status'), 'down');
  master.isFrozen = false;
  cluster.advance(2000);
  t.is(replica.info('master_link_status'), 'up');
  same(t, cluster.nodes);
});

test('a full sync that dies with its master leaves a replica the data it had', (t) => {
  const cluster = VirtualCluster.start(1);
  const [first, replica] = [cluster.node(0), cluster.node(1)];
  write(first, 0, 3);
  cluster.settle();
  const before = replica.core.contents();
  const other = cluster.add(null);
  for (let i = 0; i < 20; i++) other.write(0, 'SET', `other:${i}`, 'x'.repeat(100_000));
  replica.replicator.replicaOf({ host: '127.0.0.1', port: other.port });
  for (let i = 0; i < 4; i++) {
    cluster.turn(other);
    cluster.turn(replica);
  }
  t.is(replica.info('master_sync_in_progress'), '1');
  t.false(replica.replicator.isLoading());
  other.kill();
  cluster.settle();
  t.is(replica.info('master_sync_in_progress'), '0');
  t.is(replica.seen('full-resync-failed').length, 1);
  t.deepEqual(replica.core.contents(), before);
  replica.replicator.replicaOf({ host: '127.0.0.1', port: first.port });
  cluster.settle();
  same(t, [first, replica]);
  t.is(first.replicator.syncCounts().partialOk, 1);
});

test('an empty replica loads as chunks come; if they stop it is empty again, says so, and retries', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 20; i++) master.write(0, 'SET', `k${i}`, 'x'.repeat(100_000));
  const replica = cluster.add(master);
  for (let i = 0; i < 4; i++) {
    cluster.turn(master);
    cluster.turn(replica);
  }
  t.true(replica.replicator.isLoading());
  t.true(replica.core.contents().length > 0);
  t.is(replica.info('slave_repl_offset'), '1');
  cluster.cut(master, replica);
  cluster.advance(100);
  t.false(replica.replicator.isLoading());
  t.is(replica.core.contents().length, 0);
  t.true(replica.replicator.isStale());
  t.is(replica.seen('full-resync-failed')[0]?.reason, 'partition during full sync');
  cluster.heal();
  cluster.advance(2000);
  same(t, cluster.nodes);
});

test('a chunk lost in a partition that nobody noticed makes the replica start over', (t) => {
  const cluster = VirtualCluster.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 20; i++) master.write(0, 'SET', `k${i}`, 'x'.repeat(100_000));
  const replica = cluster.add(master);
  cluster.turn(master);
  cluster.turn(master);
  cluster.turn(replica);
  replica.mail.splice(1, 1);
  cluster.turn(master);
  replica.mail.splice(0, 1);
  cluster.advance(2000);
  t.is(replica.seen('full-resync-failed')[0]?.reason, 'a chunk was lost');
  same(t, cluster.nodes);
});

test('a replica of a replica has the same stream, and survives a change of the id above it', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  master.write(4, 'SET', 'before', '1');
  cluster.settle();
  const leaf = cluster.add(middle);
  cluster.settle();
  // No SELECT goes over the wire now: the snapshot said which database the stream is in.
  master.write(4, 'PUBLISH', 'c', 'm');
  cluster.settle();
  t.deepEqual(leaf.handed, ['4 PUBLISH c m']);
  same(t, cluster.nodes);
  master.kill();
  cluster.settle();
  middle.replicator.promote({ fence: true });
  middle.write(0, 'SET', 'after', '2');
  cluster.advance(200);
  same(t, [middle, leaf]);
  t.is(middle.replicator.syncCounts().full, 1);
  t.is(middle.replicator.syncCounts().partialOk, 1);
});

test('a replica whose master has no link itself is told so and tries again', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  master.kill();
  cluster.settle();
  const leaf = cluster.add(middle);
  cluster.settle();
  t.is(leaf.info('master_link_status'), 'down');
  t.is(middle.info('connected_slaves'), '0');
  middle.replicator.promote({ fence: true });
  cluster.advance(1100);
  t.is(leaf.info('master_link_status'), 'up');
});

test('a master that turns out to be of this process is followed through memory, which can be fenced', (t) => {
  const cluster = VirtualCluster.start(0);
  const replica = cluster.node(0);
  let closed = 0;
  replica.dial = () => ({ write() {}, close: () => (closed += 1) });
  replica.replicator.replicaOf({ host: '127.0.0.1', port: 7001 });
  t.is(closed, 0);
  const master = cluster.add(null); // At port 7001.
  write(master, 0, 10);
  cluster.advance(300);
  t.is(closed, 1);
  t.is(replica.info('master_link_status'), 'up');
  replica.replicator.promote({ fence: true });
  t.is(replica.seen('promoted')[0]!.isFenced, true);
});
