/** INFO replication against the field lists that Redis 7.0.15 prints. */
import ava from 'ava';
import type { SimulatedNode } from './simulated-node.js';
import { SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

const names = (node: SimulatedNode): string[] => node.replicator.info().map(([name]) => name);

const TAIL = [
  'master_failover_state',
  'master_replid',
  'master_replid2',
  'master_repl_offset',
  'second_repl_offset',
  'repl_backlog_active',
  'repl_backlog_size',
  'repl_backlog_first_byte_offset',
  'repl_backlog_histlen',
];
const LINK = [
  'role',
  'master_host',
  'master_port',
  'master_link_status',
  'master_last_io_seconds_ago',
  'master_sync_in_progress',
  'slave_read_repl_offset',
  'slave_repl_offset',
];
const SELF = ['slave_priority', 'slave_read_only', 'replica_announced'];

test("a master's fields", async (t) => {
  const master = (await SimulatedNodes.start(2)).node(0);
  t.deepEqual(names(master), ['role', 'connected_slaves', 'slave0', 'slave1', ...TAIL]);
  t.is(master.info('role'), 'master');
  t.is(master.info('master_replid2'), '0'.repeat(40));
  t.is(master.info('second_repl_offset'), '-1');
  t.is(master.info('repl_backlog_size'), '1048576');
  t.is(master.info('repl_backlog_first_byte_offset'), '1');
  t.is(master.info('slave0'), 'ip=127.0.0.1,port=6380,state=online,offset=0,lag=0');
});

test("a connected replica's fields", async (t) => {
  const replica = (await SimulatedNodes.start(1)).node(1);
  t.deepEqual(names(replica), [...LINK, ...SELF, 'connected_slaves', ...TAIL]);
  t.is(replica.info('role'), 'slave');
  t.is(replica.info('master_host'), '127.0.0.1');
  t.is(replica.info('master_port'), '6379');
  t.is(replica.info('slave_priority'), '100');
  t.is(replica.info('slave_read_only'), '1');
});

test('a replica without a link says since when; one that never had one says -1', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, replica] = [cluster.node(0), cluster.node(1)];
  master.kill();
  await cluster.settle();
  const down = [...LINK, 'master_link_down_since_seconds', ...SELF, 'connected_slaves', ...TAIL];
  t.deepEqual(names(replica), down);
  const never = cluster.add(master);
  await cluster.settle();
  t.is(never.info('master_link_down_since_seconds'), '-1');
  t.is(never.info('slave_repl_offset'), '1');
});

test("a replica in its full sync shows the transfer's progress", async (t) => {
  const cluster = await SimulatedNodes.start(0);
  const master = cluster.node(0);
  for (let i = 0; i < 60; i++) master.write(0, 'SET', `k${i}`, 'x'.repeat(60_000));
  const replica = cluster.add(master);
  await cluster.until(() => Number(replica.info('master_sync_read_bytes')) > 0);
  t.deepEqual(names(replica), [
    ...LINK,
    'master_sync_total_bytes',
    'master_sync_read_bytes',
    'master_sync_left_bytes',
    'master_sync_perc',
    'master_sync_last_io_seconds_ago',
    'master_link_down_since_seconds',
    ...SELF,
    'connected_slaves',
    ...TAIL,
  ]);
});

test('CONFIG RESETSTAT has syncs and their bytes counted anew', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  await cluster.settle();
  const { replicator } = cluster.node(0);
  cluster.node(0).write(0, 'SET', 'a', '1');
  await cluster.settle();
  t.is(replicator.syncCounts().full, 1);
  t.true(replicator.syncCounts().outputBytes > 0);
  t.true(cluster.node(1).replicator.syncCounts().inputBytes > 0);
  for (const i of [0, 1]) t.is(cluster.node(i).write(0, 'CONFIG', 'RESETSTAT'), null);
  t.like(replicator.syncCounts(), { full: 0, partialOk: 0, partialErr: 0, outputBytes: 0 });
  t.is(cluster.node(1).replicator.syncCounts().inputBytes, 0);
});
