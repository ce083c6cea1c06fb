/** Changes of role: promotion, fencing, demotion, and what is kept through them. */
import ava from 'ava';
import type { SimulatedNode } from './simulated-node.js';
import { same, SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

const portOf = ({ sim }: SimulatedNode): string => String(sim.address.port);

const fullSyncs = (nodes: readonly SimulatedNode[]): number =>
  nodes.reduce((sum, node) => sum + node.replicator.syncCounts().full, 0);

test('a dead master is succeeded with nothing lost, and the sibling continues', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(2, 'SET', 'a', '1');
  await cluster.settle();
  master.write(2, 'SET', 'b', '2'); // Acknowledged, read by nobody yet.
  const oldId = master.replicator.ids().replid;
  master.kill();
  one.promote({ fence: true });
  two.follow(one);
  await cluster.settle();

  t.is(one.write(0, 'SET', 'c', '3'), null);
  await cluster.settle();
  t.deepEqual(one.contents(), ['0/c=3', '2/a=1', '2/b=2']);
  same(t, [one, two]);
  t.is(one.replicator.ids().replid2, oldId);
  t.is(one.info('second_repl_offset'), String(Number(one.seen('promoted')[0]!.offset) + 1));
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

  master.start(one);
  await cluster.advance(1100);
  same(t, cluster.nodes);
});

test('a frozen master that wakes up acknowledges nothing, and follows its successor', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  master.freeze();
  one.promote({ fence: true });
  two.follow(one);
  await cluster.settle();
  t.deepEqual(one.contents(), ['0/a=1']);
  one.write(0, 'SET', 'b', '2');
  await cluster.settle();

  master.thaw();
  await cluster.advance(200);
  t.is(master.replicator.role(), 'replica');
  t.deepEqual(master.seen('fenced'), [{ type: 'fenced', by: 'node-1', diverged: false }]);
  t.false(master.core.isFenced());
  same(t, cluster.nodes);
  t.is(fullSyncs(cluster.nodes), 2); // The two at the beginning.
});

test('of two replicas that are promoted in one master’s place the second follows the first', async (t) => {
  for (const isFrozen of [true, false]) {
    const cluster = await SimulatedNodes.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.write(0, 'SET', 'a', '1');
    if (isFrozen) master.freeze();
    else master.kill();
    one.promote({ fence: true });
    t.is(one.replicator.role(), 'master');
    t.is(one.write(0, 'SET', 'b', '2'), null);
    two.promote({ fence: true });
    t.is(two.replicator.role(), 'replica');
    await cluster.settle();
    same(t, [one, two]);
    t.deepEqual(two.contents(), ['0/a=1', '0/b=2']);
    master.thaw();
    await cluster.advance(200);
    if (isFrozen) t.is(master.seen('fenced')[0]?.by, 'node-1');
  }
});

test('a first one that has died, or is beyond a partition, is not waited for', async (t) => {
  for (const isDead of [true, false]) {
    const cluster = await SimulatedNodes.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.freeze();
    one.promote({ fence: true });
    t.is(one.replicator.role(), 'master');
    if (isDead) one.kill();
    else cluster.cut(one, two);
    two.promote({ fence: true });
    t.is(two.replicator.role(), 'master');
    master.thaw();
    await cluster.advance(200);
    t.is(master.seen('fenced')[0]?.by, 'node-2');
  }
});

test('a batch that meets the fence is not answered nor executed, and its master goes on from where it is', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  one.promote({ fence: true });
  t.deepEqual(master.ask('SET', 'lost', '1'), { replies: '', isClosed: true });
  await cluster.settle();
  t.is(master.replicator.role(), 'replica');
  t.deepEqual(master.seen('fenced'), [{ type: 'fenced', by: 'node-1', diverged: false }]);
  t.deepEqual(master.contents(), ['0/a=1']);
  same(t, cluster.nodes);
  t.is(one.replicator.syncCounts().full, 0);
  t.is(one.replicator.syncCounts().partialOk, 1);
});

test('a batch that the fence comes into leaves no trace: its master takes all data anew', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  master.actor.keyspace.db(0).setString(Buffer.from('lost'), Buffer.from('1'));
  master.core.append(0, ['SET', 'lost', '1']);
  one.promote({ fence: true });
  t.false(master.core.publish());
  await cluster.advance(1100);
  t.deepEqual(master.seen('fenced'), [{ type: 'fenced', by: 'node-1', diverged: true }]);
  t.deepEqual(master.contents(), ['0/a=1']);
  same(t, cluster.nodes);
  t.is(one.replicator.syncCounts().full, 1);
});

test('without a fence the old master goes on, and what it took is gone when it returns', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  await cluster.settle();
  one.promote({ fence: false });
  t.false(one.seen('promoted')[0]?.isFenced);
  t.is(master.write(0, 'SET', 'b', '2'), null);
  t.is(one.write(0, 'SET', 'c', '3'), null);
  master.follow(one);
  await cluster.settle();
  same(t, cluster.nodes);
  t.deepEqual(master.contents(), ['0/a=1', '0/c=3']);
  t.is(one.seen('psync-refused')[0]?.reason, 'past-second-id');
});

test('no fence is set across a partition, and nothing is read across it', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, one);
  master.write(0, 'SET', 'a', '1');
  one.promote({ fence: true });
  t.false(master.core.isFenced());
  t.deepEqual(one.contents(), []);
  t.like(one.seen('promoted')[0], { isFenced: false, drain: 'cut' });
});

test('a partition that outlasts the link still keeps the fence away', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, one);
  await cluster.advance(70_000);
  one.promote({ fence: true });
  t.false(master.core.isFenced());
});

test('a master demoted in peace continues under the id of its new master', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  await cluster.settle();
  one.promote({ fence: true });
  await cluster.advance(200);
  t.is(master.replicator.role(), 'replica');
  // The other replica still follows the old master: it came along as a replica's replica.
  one.write(9, 'SET', 'b', '2');
  await cluster.advance(1200);
  same(t, cluster.nodes);
  two.follow(one);
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(one.info('connected_slaves'), '2');
  t.is(fullSyncs(cluster.nodes), 2);
});

test('promotion back and forth needs no full resync', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  let [master, ...others] = cluster.nodes;
  for (let round = 0; round < 9; round++) {
    master!.write(round, 'SET', `round:${round}`, 'x');
    if (round % 3 === 0) master!.freeze();
    const next = others[round % 2]!;
    next.promote({ fence: true });
    for (const node of others) if (node !== next) node.follow(next);
    next.write(round, 'SET', `after:${round}`, 'y');
    await cluster.advance(200);
    master!.thaw();
    await cluster.advance(1200);
    same(t, cluster.nodes);
    master = next;
    others = cluster.nodes.filter((node) => node !== next);
  }
  t.is(master!.contents().length, 18);
  t.is(fullSyncs(cluster.nodes), 2);
});

test('WAIT counts replicas that have the offset, and answers when enough do', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  const none = master.pipeline(['SET', 'a', '1'], ['WAIT', '0', '0']);
  const both = master.pipeline(['SET', 'a', '1'], ['WAIT', '2', '0']);
  t.is(both.replies, '+OK\r\n');
  await cluster.settle();
  t.is(none.replies, '+OK\r\n:0\r\n');
  t.is(both.replies, '+OK\r\n:2\r\n');

  cluster.cut(master, one);
  const timed = master.pipeline(['SET', 'b', '2'], ['WAIT', '2', '500']);
  const single = master.pipeline(['SET', 'b', '2'], ['WAIT', '1', '0']);
  await cluster.advance(499);
  t.is(single.replies, '+OK\r\n:1\r\n');
  t.is(timed.replies, '+OK\r\n');
  await cluster.advance(1);
  t.is(timed.replies, '+OK\r\n:1\r\n');
});

test('WAIT ends with an error when its master is demoted', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  const waiting = master.ask('WAIT', '5', '0');
  master.follow(one);
  await cluster.settle();
  t.regex(waiting.replies, /^-UNBLOCKED force unblock/);
});

test('min-replicas-to-write refuses writes while too few replicas are heard of', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.ask('CONFIG', 'SET', 'min-replicas-to-write', '2', 'min-replicas-max-lag', '3');
  // At once, no turn of the cron later.
  t.is(master.write(0, 'SET', 'a', '1'), null);
  t.is(master.info('min_slaves_good_slaves'), '2');
  one.freeze();
  await cluster.advance(2500);
  t.is(master.write(0, 'SET', 'a', '2'), null);
  await cluster.advance(2500);
  t.is(master.write(0, 'SET', 'a', '3'), 'NOREPLICAS Not enough good replicas to write.');
  one.thaw();
  await cluster.advance(1100);
  t.is(master.write(0, 'SET', 'a', '4'), null);
  two.kill();
  await cluster.settle();
  t.is(master.write(0, 'SET', 'a', '5'), 'NOREPLICAS Not enough good replicas to write.');
});

test('a replica refuses writes, unless it is configured otherwise', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const replica = cluster.node(1);
  t.is(replica.write(0, 'SET', 'a', '1'), "READONLY You can't write against a read only replica.");
  replica.ask('CONFIG', 'SET', 'replica-read-only', 'no');
  t.is(replica.write(0, 'SET', 'a', '1'), null);
});

test('the master puts PING into the stream, counted in the offset', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  const before = master.replicator.offset();
  await cluster.advance(9900);
  t.is(master.replicator.offset(), before);
  await cluster.advance(1100); // A quiet node's cron is once a second.
  t.is(master.replicator.offset(), before + '*1\r\n$4\r\nPING\r\n'.length);
  t.is(replica.replicator.offset(), master.replicator.offset());
});

test('a master without replicas does not PING', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  await cluster.advance(20_000);
  t.is(cluster.node(0).replicator.offset(), 0);
});

test('FAILOVER hands the role over with nothing lost, and all go on under the new id', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.write(0, 'SET', 'a', '1');
  t.is(master.write(0, 'FAILOVER', 'TO', '127.0.0.1', portOf(one)), null);
  t.is(master.info('master_failover_state'), 'waiting-for-sync');
  await cluster.advance(200);

  t.is(master.info('master_failover_state'), 'no-failover');
  t.deepEqual(
    cluster.nodes.map(({ replicator }) => replicator.role()),
    ['replica', 'master', 'replica'],
  );
  two.follow(one);
  await cluster.settle();
  t.is(one.write(0, 'SET', 'b', '2'), null);
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(fullSyncs(cluster.nodes), 2); // The two at the start.
});

test('a target that has been cut off is waited for, and the master can take its role back', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  const { replid } = master.replicator.ids();
  one.freeze();
  master.write(0, 'SET', 'a', '1');
  master.ask('FAILOVER', 'TO', '127.0.0.1', portOf(one), 'FORCE', 'TIMEOUT', '500');
  await cluster.advance(400);
  t.is(master.info('master_failover_state'), 'waiting-for-sync');
  await cluster.advance(200);
  t.is(master.info('master_failover_state'), 'failover-in-progress');
  t.is(master.replicator.role(), 'replica');
  t.is(master.write(0, 'FAILOVER', 'ABORT'), null);
  t.is(master.replicator.role(), 'master');
  t.is(master.replicator.ids().replid2, replid);
});

test('a link that CLIENT KILL ends goes on from where it was', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  t.is(one.ask('CLIENT', 'KILL', 'TYPE', 'master').replies, ':1\r\n');
  master.write(0, 'SET', 'a', '1');
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().partialOk, 1);
});

test('a master that nobody has followed for repl-backlog-ttl cannot be continued from', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.ask('CONFIG', 'SET', 'repl-backlog-ttl', '2');
  const { replid } = master.replicator.ids();
  await cluster.advance(3000);
  t.is(master.replicator.ids().replid, replid);
  one.promote({ fence: false });
  await cluster.advance(3100);
  t.not(master.replicator.ids().replid, replid);
  t.is(master.info('repl_backlog_active'), '0');
  t.is(master.info('repl_backlog_histlen'), '0');
  one.follow(master);
  await cluster.advance(1500);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 2);
  t.is(master.info('repl_backlog_active'), '1');
});
