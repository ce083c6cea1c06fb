/** What a master does for, and about, its replicas. */
import ava from 'ava';
import { CHUNK_BYTES, type ReplicationFrame } from '../../src/replication/shared/frames.js';
import { soundRules } from '../../src/sim/rules.js';
import type { SimulatedNode } from './simulated-node.js';
import { same, SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

const BIG = 'x'.repeat(60_000);

function fill(node: SimulatedNode, keys: number): void {
  for (let i = 0; i < keys; i++) node.write(0, 'SET', `k${i}`, BIG + i);
}

/** With the frames that are sent from then on. */
async function recorded(
  replicas: number,
): Promise<{ cluster: SimulatedNodes; sent: (type: ReplicationFrame['type']) => number }> {
  const types: string[] = [];
  const onReplicationFrame = (frame: ReplicationFrame): ReplicationFrame => {
    types.push(frame.type);
    return frame;
  };
  const cluster = await SimulatedNodes.start(replicas, {}, { ...soundRules, onReplicationFrame });
  types.length = 0;
  return { cluster, sent: (type) => types.filter((each) => each === type).length };
}

test('replicas that ask in the same turn share one snapshot', async (t) => {
  const cluster = await SimulatedNodes.start(3);
  const master = cluster.node(0);
  t.is(master.info('connected_slaves'), '3');
  t.is(master.logs.filter((text) => text.startsWith('Starting BGSAVE for SYNC')).length, 1);
  t.is(master.replicator.syncCounts().full, 3);
});

test('a replica that asks during a snapshot waits for the next', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  fill(master, 60);
  cluster.add(master);
  await cluster.until(() => master.info('slave0')?.includes('send_bulk') === true);
  cluster.add(master);
  await cluster.until(() => master.info('slave1') !== undefined);
  t.regex(master.info('slave0')!, /state=send_bulk,offset=0,lag=0$/);
  t.regex(master.info('slave1')!, /state=wait_bgsave,offset=0,lag=0$/);
  await cluster.settle();
  t.regex(master.info('slave1')!, /^ip=127\.0\.0\.1,port=6381,state=online,offset=\d+,lag=0$/);
});

test('no more chunks are under way than there is credit for', async (t) => {
  const { cluster, sent } = await recorded(0);
  const master = cluster.node(0);
  fill(master, 90);
  const replica = cluster.add(master);
  await cluster.until(() => master.info('slave0') !== undefined);
  replica.freeze();
  await cluster.settle();
  t.is(sent('snapshot'), 8);
  replica.thaw();
  await cluster.settle();
  t.is(replica.contents().length, 90);
});

test('what a replica says of a snapshot may be lost: its first acknowledgement says it all', async (t) => {
  let loses = true;
  const onReplicationFrame = (frame: ReplicationFrame): ReplicationFrame => {
    const isLost = loses && (frame.type === 'credit' || frame.type === 'online');
    return isLost ? { ...frame, session: -1 } : frame;
  };
  const cluster = await SimulatedNodes.start(0, {}, { ...soundRules, onReplicationFrame });
  const master = cluster.node(0);
  fill(master, 1);
  const before = master.core.usedMemory();
  const replica = cluster.add(master);
  await cluster.settle();
  t.is(replica.contents().length, 1);
  await cluster.advance(1100);
  t.regex(master.info('slave0')!, /state=online/);
  t.true(master.core.usedMemory() < before + CHUNK_BYTES, 'no chunk is kept');
  loses = false;
  const other = cluster.add(master);
  await cluster.settle();
  t.is(other.contents().length, 1);
  t.regex(master.info('slave1')!, /state=online/);
});

test('a credit that is lost counts with the next one', async (t) => {
  let credits = 0;
  const onReplicationFrame = (frame: ReplicationFrame): ReplicationFrame => {
    if (frame.type !== 'credit') return frame;
    credits += 1;
    return credits % 8 === 0 ? frame : { ...frame, session: -1 };
  };
  const cluster = await SimulatedNodes.start(0, {}, { ...soundRules, onReplicationFrame });
  const master = cluster.node(0);
  fill(master, 90);
  const replica = cluster.add(master);
  await cluster.settle();
  t.true(credits > 8);
  t.is(replica.contents().length, 90);
});

test('a replica that dies during its full sync does not hold up the other', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  fill(master, 90);
  const before = master.core.usedMemory();
  const dying = cluster.add(master);
  const other = cluster.add(master);
  await cluster.until(() => Number(dying.info('master_sync_read_bytes')) > 0);
  dying.kill();
  await cluster.settle();
  t.is(other.contents().length, 90);
  t.true(master.core.usedMemory() < before + CHUNK_BYTES, 'no chunk is kept for the dead one');
  t.is(master.info('connected_slaves'), '1');
});

test('throttle holds the writers for a replica that is behind, then drops it', async (t) => {
  const directives = { 'repl-flow-control-timeout': '1000' };
  const cluster = await SimulatedNodes.start(2, { directives });
  const [master, slow, other] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  slow.freeze();
  let written = 0;
  while (master.write(0, 'SET', `k${written}`, BIG) === null) {
    written += 1;
    await cluster.settle();
    t.true(written < 30);
  }
  t.true(written > 8, 'most of the ring is used first');
  // Nobody was lapped: if it woke up now it would still find everything.
  t.true(slow.replicator.offset() >= master.replicator.offset() - master.core.ringSize);
  await cluster.advance(999);
  t.is(master.write(0, 'SET', 'held', '1'), 'held');
  t.is(master.seen('replica-dropped').length, 0);
  await cluster.advance(1);
  t.is(master.write(0, 'SET', 'held', '1'), null);
  t.is(master.seen('replica-dropped').length, 1);
  t.is(master.info('connected_slaves'), '1');
  for (let i = 0; i < 20; i++) {
    master.write(0, 'SET', `more${i}`, BIG);
    await cluster.settle();
  }
  slow.thaw();
  await cluster.advance(3000);
  same(t, [master, slow, other]);
  t.is(master.replicator.syncCounts().full, 3);
});

test('throttle lets go as soon as the replica has caught up', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, slow] = [cluster.node(0), cluster.node(1)];
  slow.freeze();
  for (let i = 0; master.write(0, 'SET', `k${i}`, BIG) === null; i++) t.true(i < 30);
  slow.thaw();
  await cluster.settle();
  t.is(master.write(0, 'SET', 'again', '1'), null);
  t.is(master.seen('replica-dropped').length, 0);
  await cluster.settle();
  same(t, cluster.nodes);
});

test('disconnect lets the ring grow to the limit, then drops', async (t) => {
  const limit = 4 * 1024 * 1024;
  const cluster = await SimulatedNodes.start(1, {
    directives: {
      'repl-flow-control': 'disconnect',
      'client-output-buffer-limit': `replica ${limit} 0 0`,
    },
  });
  const [master, slow] = [cluster.node(0), cluster.node(1)];
  slow.freeze();
  let written = 0;
  while (master.seen('replica-dropped').length === 0) {
    t.is(master.write(0, 'SET', `k${written}`, BIG), null);
    written += 1;
    t.true(written < 100);
  }
  t.true(written * BIG.length > limit / 2);
  t.is(master.core.ringSize, limit);
  await cluster.advance(1100);
  t.is(master.core.ringSize, 1024 * 1024);
});

test('the ring grows for a replica that takes a full sync', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  fill(master, 60);
  cluster.add(master);
  await cluster.until(() => master.info('slave0')?.includes('send_bulk') === true);
  for (let i = 0; i < 40; i++) t.is(master.write(0, 'SET', `new${i}`, BIG), null);
  t.true(master.core.ringSize > 1024 * 1024);
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(master.replicator.syncCounts().full, 1);
});

test('a replica beyond a partition is held for by nobody', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  cluster.cut(master, replica);
  for (let i = 0; i < 40; i++) t.is(master.write(0, 'SET', `k${i}`, BIG), null);
});

test('lag counts seconds since the last ack; a replica silent for repl-timeout is dropped', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  await cluster.advance(5000);
  t.regex(master.info('slave0')!, /lag=[01]$/);
  replica.freeze();
  await cluster.advance(5000);
  t.regex(master.info('slave0')!, /lag=[56]$/);
  // It acknowledges once a second, and the master looks once a second.
  await cluster.advance(53_900);
  t.is(master.info('connected_slaves'), '1');
  await cluster.advance(2200);
  t.is(master.info('connected_slaves'), '0');
  replica.thaw();
  await cluster.advance(1100);
  t.is(master.info('connected_slaves'), '1');
  t.is(master.replicator.syncCounts().full, 1);
});

test('a replica that thinks it is one, and is not, is told', async (t) => {
  const { cluster, sent } = await recorded(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  t.is(sent('refuse'), 0);
  master.sim.onFrame(replica.sim, { type: 'ack', session: 77, offset: 0, history: 0 });
  t.is(sent('refuse'), 1);
  await cluster.settle();
  t.is(replica.info('master_link_status'), 'up'); // It was about another session.
});

test('a wake goes only to those who sleep, once per batch', async (t) => {
  const { cluster, sent } = await recorded(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  for (let i = 0; i < 5; i++) master.write(0, 'SET', `k${i}`, '1');
  await cluster.settle();
  t.is(sent('wake'), 1);
  t.is(replica.contents().length, 5);
});

test('bytes moved are counted on both sides: snapshots and stream', async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  master.write(0, 'SET', 'k', BIG);
  const replica = cluster.add(master);
  await cluster.settle();
  const snapshotBytes = replica.replicator.syncCounts().inputBytes;
  t.true(snapshotBytes > 0 && snapshotBytes < BIG.length + 1000);
  const before = master.replicator.offset();
  master.write(0, 'SET', 'k', '1');
  await cluster.advance(100);
  const streamBytes = master.replicator.offset() - before;
  t.is(replica.replicator.syncCounts().inputBytes, snapshotBytes + streamBytes);
  t.is(master.replicator.syncCounts().outputBytes, snapshotBytes + streamBytes);
});
