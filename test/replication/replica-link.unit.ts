/** A replica's link through losses: what it keeps, what it asks for, what it says of itself. */
import ava from 'ava';
import { readLineage } from '../../src/replication/shared/lineage.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { soundRules } from '../../src/sim/rules.js';
import type { SimulatedNode } from './simulated-node.js';
import { same, SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

function write(node: SimulatedNode, from: number, to: number): void {
  for (let i = from; i < to; i++) node.write(0, 'SET', `key:${i}`, `value:${i}`);
}

/** More than eight chunks, which is what is sent at once. */
function fill(node: SimulatedNode): void {
  for (let i = 0; i < 30; i++) node.write(0, 'SET', `k${i}`, 'x'.repeat(100_000));
}

test('replicas take a full sync from an empty master and then follow', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const master = cluster.node(0);
  t.is(cluster.node(1).info('master_link_status'), 'up');
  t.is(master.info('connected_slaves'), '2');
  t.is(master.write(0, 'SET', 'a', '1'), null);
  t.is(master.write(3, 'SET', 'b', '2'), null);
  await cluster.settle();
  t.deepEqual(cluster.node(1).contents(), ['0/a=1', '3/b=2']);
  same(t, cluster.nodes);
});

test('a full sync brings what was there, and what is written while it runs', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 20; i++) master.write(i % 16, 'SET', `k${i}`, 'x'.repeat(100_000));
  const replica = cluster.add(master);
  await cluster.until(() => replica.info('master_sync_in_progress') === '1');
  t.is(replica.info('master_link_status'), 'down');
  master.write(7, 'SET', 'late', 'yes');
  master.write(1, 'DEL', 'k1');
  await cluster.settle();
  t.true(replica.contents().includes('7/late=yes'));
  t.is(replica.contents().length, 20);
  same(t, cluster.nodes);
});

test('the stream goes on in the database it had selected', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const master = cluster.node(0);
  master.write(5, 'SET', 'a', '1');
  await cluster.settle();
  const before = master.replicator.offset();
  master.write(5, 'COPY', 'a', 'b');
  t.is(master.replicator.offset(), before + encodeCommand(['COPY', 'a', 'b']).length);
  await cluster.settle();
  t.deepEqual(cluster.node(1).contents(), ['5/a=1', '5/b=1']);
});

test('full sync, stream, PING and commands of TypeScript, in all databases', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 2000; i++) master.write(i % 16, 'SET', `key:${i}`, 'v'.repeat(i));
  const replica = cluster.add(master);
  await cluster.settle();
  t.is(replica.contents().length, 2000);
  same(t, cluster.nodes);
  const subscriber = replica.ask('SUBSCRIBE', 'c');
  master.write(7, 'SET', 'a', '1');
  master.write(7, 'PUBLISH', 'c', 'm');
  master.write(8, 'DEL', 'key:8');
  await cluster.advance(11_000);
  same(t, cluster.nodes);
  t.is(subscriber.replies.split('$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n').length, 2);
});

test('a replica keeps what has expired until its master deletes it', async (t) => {
  const directives = { 'enable-debug-command': 'yes' };
  const cluster = await SimulatedNodes.start(0, { directives });
  const master = cluster.node(0);
  // Not by advance(): of one offset it wants one content, and here time alone changes it.
  const pass = (ms: number): Promise<void> => cluster.world.run(cluster.world.nowMs + ms);
  t.is(master.write(0, 'DEBUG', 'SET-ACTIVE-EXPIRE', '0'), null);
  master.write(0, 'SET', 'short', '1', 'PX', '500');
  master.write(0, 'SET', 'long', '1', 'PX', '500000');
  await pass(1000);
  const replica = cluster.add(master);
  const size = (): number => replica.actor.keyspace.db(0).size();
  await pass(60);
  t.is(size(), 2);
  master.write(0, 'GET', 'short');
  await cluster.settle();
  t.is(size(), 1);
  same(t, cluster.nodes);
});

test('commands longer than a slice, and longer than the ring, arrive whole', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const master = cluster.node(0);
  for (const length of [600_000, 4_000_000, 1, 300_000, 3_000_000]) {
    t.is(master.write(3, 'SET', `long:${length}`, 'z'.repeat(length)), null);
    t.true(master.core.ringSize > length);
    await cluster.settle();
    same(t, cluster.nodes);
  }
  await cluster.advance(1100);
  t.is(master.core.ringSize, 1024 * 1024);
  write(master, 0, 10);
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 2);
});

test('after a loss the link continues where it was', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  write(master, 0, 5);
  await cluster.settle();
  replica.sim.onFrame(master.sim, { type: 'refuse', session: 1, error: 'ERR lost' });
  master.write(0, 'SET', 'meanwhile', '1');
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 1);
  t.is(master.replicator.syncCounts().partialOk, 1);
  t.is(replica.seen('link-down').length, 1);
});

test('a link is down, and says since when, until its master can be reached again', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  master.kill();
  await cluster.settle();
  t.is(replica.info('master_link_status'), 'down');
  t.is(replica.info('master_link_down_since_seconds'), '0');
  t.is(replica.info('master_last_io_seconds_ago'), '-1');
  t.deepEqual(replica.replicator.roleReply(), {
    role: 'replica',
    host: '127.0.0.1',
    port: 6379,
    state: 'connect',
    offset: -1,
  });
  await cluster.advance(3000);
  t.is(replica.info('master_link_down_since_seconds'), '3');
  master.start(null);
  await cluster.advance(1100);
  t.is(replica.info('master_link_status'), 'up');
  t.is(replica.info('master_link_down_since_seconds'), undefined);
});

test('a master that is told to be up is tried at once', async (t) => {
  // Nothing tells the last node, a process on a machine of its own.
  const cluster = await SimulatedNodes.start(3, { nodes: 4, placement: 'mixed' });
  const [master, replica, other, outside] = cluster.nodes;
  await cluster.advance(1000);
  t.is(outside!.info('master_link_status'), 'up');
  master!.kill();
  other!.kill();
  await cluster.settle();
  other!.start(master!); // Not the one that is waited for.
  await cluster.settle();
  t.is(replica!.info('master_link_status'), 'down');
  master!.start(null);
  await cluster.settle();
  t.is(replica!.info('master_link_status'), 'up');
  t.is(outside!.info('master_link_status'), 'down'); // Its retry is not due.
});

test("a dead master's ring is read to its end", async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const master = cluster.node(0);
  write(master, 0, 50);
  master.kill();
  await cluster.settle();
  const [, one, two] = cluster.nodes;
  t.is(one!.contents().length, 50);
  same(t, [one!, two!]);
});

test('what a partition kept back is read once it has healed, without a resync', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  write(master, 0, 10);
  await cluster.advance(1000);
  t.is(replica.contents().length, 0);
  cluster.heal();
  await cluster.advance(2500);
  same(t, cluster.nodes);
  t.is(replica.seen('gap-healed').length, 1);
  t.is(master.replicator.syncCounts().full, 1);
  t.is(master.replicator.syncCounts().partialOk, 0);
});

test('a partition longer than the backlog costs a full resync', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  for (let i = 0; i < 15; i++) t.is(master.write(0, 'SET', `k${i}`, 'x'.repeat(100_000)), null);
  await cluster.advance(1000);
  cluster.heal();
  await cluster.advance(3000);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 2);
  t.is(master.replicator.syncCounts().partialErr, 1);
  t.is(master.seen('psync-refused')[0]?.reason, 'too-old');
});

test('a partition longer than repl-timeout takes the link down, and a partial resync brings it up', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  write(master, 0, 10);
  await cluster.advance(58_900); // It was heard within the last second, as a beat is.
  t.is(replica.info('master_link_status'), 'up');
  await cluster.advance(2200);
  t.is(replica.info('master_link_status'), 'down');
  t.is(master.info('connected_slaves'), '0');
  cluster.heal();
  await cluster.advance(1100);
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().partialOk, 1);
  t.is(master.replicator.syncCounts().full, 1);
});

test('a frozen master keeps its link until repl-timeout', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  master.freeze();
  await cluster.advance(60_500);
  t.is(replica.info('master_link_status'), 'up');
  await cluster.advance(3500);
  t.is(replica.info('master_link_status'), 'down');
  master.thaw();
  await cluster.advance(2000);
  t.is(replica.info('master_link_status'), 'up');
  same(t, cluster.nodes);
});

test('a full sync that dies with its master leaves a replica the data it had', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [first, replica] = [cluster.node(0), cluster.node(1)];
  write(first, 0, 3);
  await cluster.settle();
  const before = replica.contents();
  const other = cluster.add(null);
  await cluster.settle();
  fill(other);
  replica.follow(other);
  await cluster.until(() => Number(replica.info('master_sync_read_bytes')) > 0);
  t.is(replica.info('master_sync_in_progress'), '1');
  t.false(replica.replicator.isLoading());
  other.kill();
  await cluster.settle();
  t.is(replica.info('master_sync_in_progress'), '0');
  t.is(replica.seen('full-resync-failed').length, 1);
  t.deepEqual(replica.contents(), before);
  replica.follow(first);
  await cluster.settle();
  same(t, [first, replica]);
  t.is(first.replicator.syncCounts().partialOk, 1);
});

test('an empty replica loads as chunks come; if they stop it is empty again, says so, and retries', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  fill(master);
  const replica = cluster.add(master);
  await cluster.until(() => replica.contents().length > 0);
  t.true(replica.replicator.isLoading());
  t.is(replica.info('slave_repl_offset'), '1');
  cluster.cut(master, replica);
  await cluster.advance(100);
  t.false(replica.replicator.isLoading());
  t.is(replica.contents().length, 0);
  t.true(replica.replicator.isStale());
  t.is(replica.seen('full-resync-failed')[0]?.reason, 'partition during full sync');
  cluster.heal();
  await cluster.advance(2000);
  same(t, cluster.nodes);
});

test('a chunk lost in a partition that nobody noticed makes the replica start over', async (t) => {
  let isLost = false;
  const cluster = await SimulatedNodes.start(
    0,
    {},
    {
      ...soundRules,
      onReplicationFrame: (frame) => {
        if (isLost || frame.type !== 'snapshot' || frame.chunk !== 1) return frame;
        isLost = true;
        return { type: 'wake' };
      },
    },
  );
  const master = cluster.node(0);
  fill(master);
  const replica = cluster.add(master);
  await cluster.advance(2000);
  t.is(replica.seen('full-resync-failed')[0]?.reason, 'a chunk was lost');
  same(t, cluster.nodes);
});

test('a replica of a replica has the same stream, and survives a change of the id above it', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  master.write(4, 'SET', 'before', '1');
  await cluster.settle();
  const leaf = cluster.add(middle);
  await cluster.settle();
  // No SELECT goes over the wire now: the snapshot said which database the stream is in.
  master.write(4, 'COPY', 'before', 'after');
  await cluster.settle();
  t.deepEqual(leaf.contents(), ['4/after=1', '4/before=1']);
  same(t, cluster.nodes);
  master.kill();
  await cluster.settle();
  middle.promote({ fence: true });
  middle.write(0, 'SET', 'after', '2');
  await cluster.advance(200);
  same(t, [middle, leaf]);
  t.is(middle.replicator.syncCounts().full, 1);
  t.is(middle.replicator.syncCounts().partialOk, 1);
});

test('a replica whose master has no link itself is told so and tries again', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  master.kill();
  await cluster.settle();
  const leaf = cluster.add(middle);
  await cluster.settle();
  t.is(leaf.info('master_link_status'), 'down');
  t.is(middle.info('connected_slaves'), '0');
  middle.promote({ fence: true });
  await cluster.advance(1100);
  t.is(leaf.info('master_link_status'), 'up');
});

test('a master that turns out to be of this process is followed through memory, which can be fenced', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const replica = cluster.node(0);
  const { network, nodes } = cluster.world;
  network.cut('node-0', 'node-1'); // What it dials does not answer.
  replica.ask('REPLICAOF', '127.0.0.1', String(nodes[1]!.address.port));
  await cluster.advance(200);
  t.like(replica.replicator.roleReply(), { state: 'connecting' });
  t.is(readLineage(replica.core.memory)?.master, 'elsewhere');
  const master = cluster.add(null);
  cluster.heal();
  await cluster.advance(1100);
  t.is(replica.seen('handshake-failed')[0]?.reason, 'the master is in this process');
  t.is(readLineage(replica.core.memory)?.master, 1);
  t.is(replica.info('master_link_status'), 'up');
  write(master, 0, 10);
  replica.promote({ fence: true });
  t.true(replica.seen('promoted')[0]!.isFenced);
  t.is(replica.contents().length, 10);
});
