/** Changes of role: promotion, fencing, demotion, and what is kept through them. */
import test, { type ExecutionContext } from 'ava';
import { VirtualCluster, type VirtualNode } from './virtual-cluster.js';

const address = (node: VirtualNode): { host: string; port: number } => ({
  host: '127.0.0.1',
  port: node.port,
});

function same(t: ExecutionContext, nodes: readonly VirtualNode[]): void {
  const [first] = nodes;
  for (const node of nodes) {
    t.is(node.replicator.offset(), first!.replicator.offset());
    t.is(node.replicator.ids().replid, first!.replicator.ids().replid);
    t.deepEqual(node.core.contents(), first!.core.contents());
  }
}

const fullSyncs = (nodes: readonly VirtualNode[]): number =>
  nodes.reduce((sum, node) => sum + node.replicator.syncCounts().full, 0);

test('a dead master is succeeded with nothing lost, and the sibling continues', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(2, 'SET', 'a', '1');
  cluster.settle();
  master.write(2, 'SET', 'b', '2'); // Acknowledged, read by nobody yet.
  const oldId = master.replicator.ids().replid;
  master.kill();
  one.replicator.promote({ fence: true });
  two.replicator.replicaOf(address(one));
  cluster.settle();

  t.is(one.write(0, 'SET', 'c', '3'), null);
  cluster.settle();
  t.deepEqual(one.core.contents(), ['0/c=3', '2/a=1', '2/b=2']);
  same(t, [one, two]);
  t.is(one.replicator.ids().replid2, oldId);
  t.is(one.info('second_repl_offset'), String(one.seen('promoted')[0]!.offset + 1));
  t.is(one.replicator.syncCounts().full, 0);
  t.is(one.replicator.syncCounts().partialOk, 1);
  t.deepEqual(one.seen('promoted'), [
    {
      type: 'promoted',
      offset: one.seen('promoted')[0]!.offset,
      isFenced: true,
      drain: 'complete',
    },
  ]);

  master.restart(one);
  cluster.advance(1100);
  same(t, cluster.nodes);
});

test('a frozen master that wakes up acknowledges nothing, and follows its successor', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  master.isFrozen = true;
  one.replicator.promote({ fence: true });
  two.replicator.replicaOf(address(one));
  cluster.settle();
  t.deepEqual(one.core.contents(), ['0/a=1']);
  one.write(0, 'SET', 'b', '2');
  cluster.settle();

  master.isFrozen = false;
  cluster.advance(200);
  t.is(master.replicator.role(), 'replica');
  t.deepEqual(master.seen('fenced'), [{ type: 'fenced', by: 'node-1', diverged: false }]);
  t.false(master.core.isFenced());
  same(t, cluster.nodes);
  t.is(fullSyncs(cluster.nodes), 2); // The two at the beginning.
});

test('of two replicas that are promoted in one master’s place the second follows the first', (t) => {
  for (const isFrozen of [true, false]) {
    const cluster = VirtualCluster.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.write(0, 'SET', 'a', '1');
    if (isFrozen) master.isFrozen = true;
    else master.kill();
    t.true(one.replicator.promote({ fence: true }));
    t.is(one.write(0, 'SET', 'b', '2'), null);
    t.false(two.replicator.promote({ fence: true }));
    cluster.settle();
    t.is(two.replicator.role(), 'replica');
    same(t, [one, two]);
    t.deepEqual(two.core.contents(), ['0/a=1', '0/b=2']);
    master.isFrozen = false;
    cluster.advance(200);
    if (isFrozen) t.is(master.seen('fenced')[0]?.by, 'node-1');
  }
});

test('a first one that has died, or is beyond a partition, is not waited for', (t) => {
  for (const isDead of [true, false]) {
    const cluster = VirtualCluster.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.isFrozen = true;
    t.true(one.replicator.promote({ fence: true }));
    if (isDead) one.kill();
    else cluster.cut(one, two);
    t.true(two.replicator.promote({ fence: true }));
    master.isFrozen = false;
    cluster.advance(200);
    t.is(master.seen('fenced')[0]?.by, 'node-2');
  }
});

test('a batch that meets the fence is not acknowledged, and leaves no trace', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  one.replicator.promote({ fence: true });
  t.is(master.write(0, 'SET', 'lost', '1'), 'fenced');
  cluster.settle();
  t.is(master.replicator.role(), 'replica');
  t.true(master.seen('fenced')[0]?.diverged);
  t.deepEqual(master.core.contents(), ['0/a=1']);
  same(t, cluster.nodes);
});

test('without a fence the old master goes on, and what it took is gone when it returns', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  cluster.settle();
  one.replicator.promote({ fence: false });
  t.false(one.seen('promoted')[0]?.isFenced);
  t.is(master.write(0, 'SET', 'b', '2'), null);
  t.is(one.write(0, 'SET', 'c', '3'), null);
  master.replicator.replicaOf(address(one));
  cluster.settle();
  same(t, cluster.nodes);
  t.deepEqual(master.core.contents(), ['0/a=1', '0/c=3']);
  t.is(one.seen('psync-refused')[0]?.reason, 'past-second-id');
});

test('no fence is set across a partition, and nothing is read across it', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, one);
  master.write(0, 'SET', 'a', '1');
  one.replicator.promote({ fence: true });
  t.false(master.core.isFenced());
  t.deepEqual(one.core.contents(), []);
  t.like(one.seen('promoted')[0], { isFenced: false, drain: 'cut' });
});

test('a partition that outlasts the link still keeps the fence away', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, one);
  cluster.advance(70_000);
  one.replicator.promote({ fence: true });
  t.false(master.core.isFenced());
});

test('a replica of a replica that is promoted fences nobody', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  const leaf = cluster.add(middle);
  cluster.settle();
  leaf.replicator.promote({ fence: true });
  t.false(middle.core.isFenced());
  t.is(master.write(0, 'SET', 'a', '1'), null);
  cluster.settle();
  same(t, [master, middle]);
});

test('a master demoted in peace continues under the id of its new master', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  cluster.settle();
  one.replicator.promote({ fence: true });
  cluster.advance(200);
  t.is(master.replicator.role(), 'replica');
  // The other replica still follows the old master: it came along as a replica's replica.
  one.write(9, 'SET', 'b', '2');
  cluster.advance(1200);
  same(t, cluster.nodes);
  two.replicator.replicaOf(address(one));
  cluster.settle();
  same(t, cluster.nodes);
  t.is(one.info('connected_slaves'), '2');
  t.is(fullSyncs(cluster.nodes), 2);
});

test('promotion back and forth needs no full resync', (t) => {
  const cluster = VirtualCluster.start(2);
  let [master, ...others] = cluster.nodes;
  for (let round = 0; round < 9; round++) {
    master!.write(round, 'SET', `round:${round}`, 'x');
    if (round % 3 === 0) master!.isFrozen = true;
    const next = others[round % 2]!;
    next.replicator.promote({ fence: true });
    for (const node of others) if (node !== next) node.replicator.replicaOf(address(next));
    next.write(round, 'SET', `after:${round}`, 'y');
    cluster.advance(200);
    master!.isFrozen = false;
    cluster.advance(1200);
    same(t, cluster.nodes);
    master = next;
    others = cluster.nodes.filter((node) => node !== next);
  }
  t.is(master!.core.contents().length, 18);
  t.is(fullSyncs(cluster.nodes), 2);
});

test('WAIT counts replicas that have the offset, and answers when enough do', async (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  const offset = master.replicator.offset();
  t.is(master.replicator.ackedReplicas(offset), 0);
  t.is(await master.replicator.wait(0, 0, offset), 0);
  const both = master.replicator.wait(2, 0, offset);
  cluster.settle();
  t.is(await both, 2);

  cluster.cut(master, one);
  master.write(0, 'SET', 'b', '2');
  const timed = master.replicator.wait(2, 500, master.replicator.offset());
  const single = master.replicator.wait(1, 0, master.replicator.offset());
  cluster.settle();
  t.is(await single, 1);
  cluster.advance(500);
  t.is(await timed, 1);
});

test('WAIT ends with an error when its master is demoted', async (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  const waiting = master.replicator.wait(5, 0, 0);
  master.replicator.replicaOf(address(one));
  const error = await t.throwsAsync(waiting);
  t.true(error.message.startsWith('UNBLOCKED force unblock'));
});

test('min-replicas-to-write refuses writes while too few replicas are heard of', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.config = { ...master.config, minReplicasToWrite: 2, minReplicasMaxLagSeconds: 3 };
  // At once, no turn of the cron later.
  t.is(master.write(0, 'SET', 'a', '1'), null);
  t.is(master.info('min_slaves_good_slaves'), '2');
  one.isFrozen = true;
  cluster.advance(2500);
  t.is(master.write(0, 'SET', 'a', '2'), null);
  cluster.advance(2500);
  t.is(master.write(0, 'SET', 'a', '3'), 'NOREPLICAS Not enough good replicas to write.');
  one.isFrozen = false;
  cluster.advance(1100);
  t.is(master.write(0, 'SET', 'a', '4'), null);
  two.kill();
  cluster.settle();
  t.is(master.write(0, 'SET', 'a', '5'), 'NOREPLICAS Not enough good replicas to write.');
});

test('a replica refuses writes, unless it is configured otherwise', (t) => {
  const cluster = VirtualCluster.start(1);
  const replica = cluster.node(1);
  t.is(replica.write(0, 'SET', 'a', '1'), "READONLY You can't write against a read only replica.");
  replica.config = { ...replica.config, replicaReadOnly: false };
  t.is(replica.replicator.canWrite(), null);
});

test('the master puts PING into the stream, counted in the offset', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  const before = master.replicator.offset();
  cluster.advance(9900);
  t.is(master.replicator.offset(), before);
  cluster.advance(200);
  t.is(master.replicator.offset(), before + '*1\r\n$4\r\nPING\r\n'.length);
  t.is(replica.replicator.offset(), master.replicator.offset());
});

test('a master without replicas does not PING', (t) => {
  const cluster = VirtualCluster.start(0);
  cluster.advance(20_000);
  t.is(cluster.node(0).replicator.offset(), 0);
});

test('FAILOVER hands the role over with nothing lost, and all go on under the new id', (t) => {
  const cluster = VirtualCluster.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  const target = { host: '127.0.0.1', port: one.port };
  t.is(master.replicator.failover({ target, force: false, timeoutMs: 0 }), null);
  t.is(master.info('master_failover_state'), 'waiting-for-sync');
  cluster.advance(200);

  t.is(master.info('master_failover_state'), 'no-failover');
  t.deepEqual(
    cluster.nodes.map(({ replicator }) => replicator.role()),
    ['replica', 'master', 'replica'],
  );
  two.replicator.replicaOf(address(one));
  cluster.settle();
  t.is(one.write(0, 'SET', 'b', '2'), null);
  cluster.settle();
  same(t, cluster.nodes);
  t.is(fullSyncs(cluster.nodes), 2); // The two at the start.
});

test('a target that has been cut off is waited for, and the master can take its role back', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  const { replid } = master.replicator.ids();
  one.isFrozen = true;
  master.write(0, 'SET', 'a', '1');
  const target = { host: '127.0.0.1', port: one.port };
  master.replicator.failover({ target, force: true, timeoutMs: 500 });
  cluster.advance(400);
  t.is(master.info('master_failover_state'), 'waiting-for-sync');
  cluster.advance(200);
  t.is(master.info('master_failover_state'), 'failover-in-progress');
  t.is(master.replicator.role(), 'replica');
  t.true(master.replicator.abortFailover());
  t.is(master.replicator.role(), 'master');
  t.is(master.replicator.ids().replid2, replid);
});

test('a link that CLIENT KILL ends goes on from where it was', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  one.replicator.dropLink();
  master.write(0, 'SET', 'a', '1');
  cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().partialOk, 1);
});

test('a master that nobody has followed for repl-backlog-ttl cannot be continued from', (t) => {
  const cluster = VirtualCluster.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.config = { ...master.config, backlogTtlSeconds: 2 };
  const { replid } = master.replicator.ids();
  cluster.advance(3000);
  t.is(master.replicator.ids().replid, replid);
  one.replicator.promote({ fence: false });
  cluster.advance(2500);
  t.not(master.replicator.ids().replid, replid);
  t.is(master.info('repl_backlog_active'), '0');
  t.is(master.info('repl_backlog_histlen'), '0');
  one.replicator.replicaOf(address(master));
  cluster.advance(1500);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 2);
  t.is(master.info('repl_backlog_active'), '1');
});
