/**
 * Replication over the production core: three nodes, random writes and faults, always the same data
 * at the same offset in the end, and nothing acknowledged ever lost.
 */
import * as fc from 'fast-check';
import test, { type ExecutionContext } from 'ava';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import { makeRealCore as makeCore, RealCore } from './real-core.js';
import { VirtualCluster, type VirtualNode } from './virtual-cluster.js';

const address = (node: VirtualNode): { host: string; port: number } => ({
  host: '127.0.0.1',
  port: node.port,
});

/** Keys in database 0, those included that have expired and are still there. */
const size = (node: VirtualNode): number =>
  node.core instanceof RealCore ? new Keyspace(node.core).db(0).size() : -1;

function same(t: ExecutionContext, nodes: readonly VirtualNode[]): void {
  const [first] = nodes;
  for (const node of nodes) {
    t.is(node.replicator.offset(), first!.replicator.offset());
    t.is(node.replicator.ids().replid, first!.replicator.ids().replid);
    t.deepEqual(node.core.contents(), first!.core.contents());
  }
}

test('full sync, stream, SELECT, PING and commands of the host', (t) => {
  const cluster = VirtualCluster.start(0, makeCore);
  const master = cluster.node(0);
  for (let i = 0; i < 2000; i++) master.write(i % 16, 'SET', `key:${i}`, 'v'.repeat(i));
  const replica = cluster.add(master);
  cluster.settle();
  t.is(replica.core.contents().length, 2000);
  same(t, cluster.nodes);
  master.write(7, 'SET', 'a', '1');
  master.write(7, 'PUBLISH', 'c', 'm');
  master.write(8, 'DEL', 'key:8');
  cluster.advance(11_000);
  same(t, cluster.nodes);
  t.deepEqual(replica.handed, ['7 PUBLISH c m']);
});

test('a replica keeps what has expired until its master deletes it', (t) => {
  const cluster = VirtualCluster.start(0, makeCore);
  const master = cluster.node(0);
  cluster.advance(100);
  master.core.setNow(cluster.clock.wallMs());
  master.write(0, 'SET', 'short', '1', 'PX', '500');
  master.write(0, 'SET', 'long', '1', 'PX', '500000');
  cluster.advance(1000);
  const replica = cluster.add(master);
  cluster.settle();
  t.is(size(replica), 2);
  master.core.setNow(cluster.clock.wallMs());
  master.write(0, 'GET', 'short');
  cluster.settle();
  t.is(size(replica), 1);
  same(t, cluster.nodes);
});

test('values longer than the ring arrive whole', (t) => {
  const cluster = VirtualCluster.start(2, makeCore);
  const master = cluster.node(0);
  for (const length of [10_000_000, 1, 300_000, 5_000_000]) {
    t.is(master.write(3, 'SET', `big:${length}`, 'z'.repeat(length)), null);
    cluster.settle();
    same(t, cluster.nodes);
  }
  cluster.advance(500);
  t.is(master.core.ringSize, 1024 * 1024);
  t.is(master.replicator.syncCounts().full, 2);
});

test('a master that finds the fence executes nothing, and continues from where it is', (t) => {
  const cluster = VirtualCluster.start(1, makeCore);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  one.replicator.promote({ fence: true });
  t.is(master.write(0, 'SET', 'lost', '1'), 'fenced');
  cluster.settle();
  t.deepEqual(master.core.contents(), ['0/a=1']);
  same(t, cluster.nodes);
  t.false(master.seen('fenced')[0]?.diverged);
  t.is(one.replicator.syncCounts().full, 0);
  t.is(one.replicator.syncCounts().partialOk, 1);
});

type Step =
  | { readonly do: 'write'; readonly count: number; readonly length: number }
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'freeze' | 'kill' | 'handover' | 'resync'; readonly who: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        count: fc.integer({ min: 1, max: 60 }),
        length: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 30_000 })),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.nat(3000) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('freeze', 'kill', 'handover', 'resync'),
        who: fc.nat(1),
      }),
    },
  ),
  { maxLength: 25 },
);

/** One day in the life of a cluster. @returns the keys acknowledged. */
function live(cluster: VirtualCluster, day: readonly Step[]): Map<string, string> {
  const acknowledged = new Map<string, string>();
  let master = cluster.node(0);
  let written = 0;
  const write = (length: number): void => {
    const key = `key:${written % 97}`;
    const value = `${written}:`.padEnd(length, 'x');
    written += 1;
    let refusal = master.write(written % 3, 'SET', key, value);
    if (refusal === 'held') {
      cluster.settle();
      refusal = master.write(written % 3, 'SET', key, value);
    }
    if (refusal === null) acknowledged.set(`${written % 3}/${key}`, value);
  };
  const succeed = (next: VirtualNode): void => {
    next.replicator.promote({ fence: true });
    for (const node of cluster.nodes) {
      if (node !== next && node !== master) node.replicator.replicaOf(address(next));
    }
    master = next;
  };
  for (const step of day) {
    const others = cluster.nodes.filter((node) => node !== master && node.isAlive);
    switch (step.do) {
      case 'write':
        for (let i = 0; i < step.count; i++) write(step.length);
        break;
      case 'time':
        cluster.advance(step.ms);
        break;
      case 'resync': {
        const node = others[step.who]!;
        node.kill();
        node.restart(master);
        break;
      }
      case 'kill': {
        const dead = master;
        cluster.advance(1500); // A replica that is not in sync yet would not be chosen.
        for (let i = 0; i < 5; i++) write(50);
        dead.kill();
        succeed(others[step.who]!);
        dead.restart(master);
        break;
      }
      case 'freeze': {
        cluster.advance(1500);
        for (let i = 0; i < 5; i++) write(50);
        const frozen = master;
        frozen.isFrozen = true;
        succeed(others[step.who]!);
        cluster.advance(300);
        frozen.isFrozen = false;
        cluster.advance(100);
        break;
      }
      case 'handover':
        cluster.advance(1500);
        succeed(others[step.who]!);
        cluster.advance(100);
        break;
    }
  }
  return acknowledged;
}

test('random days end with the same data everywhere, and every acknowledged write in it', (t) => {
  fc.assert(
    fc.property(steps, (day) => {
      const cluster = VirtualCluster.start(2, makeCore);
      const acknowledged = live(cluster, day);
      cluster.advance(4000);
      same(t, cluster.nodes);
      const expected = [...acknowledged].map(([key, value]) => `${key}=${value}`).toSorted();
      t.deepEqual(cluster.node(0).core.contents(), expected);
    }),
    { numRuns: 25 },
  );
});
