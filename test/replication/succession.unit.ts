/** Whose place a promoted replica takes: of masters that it was not told of, or that are silent. */
import ava from 'ava';
import type { ReplicationIds } from '../../src/replication/replication-id.js';
import { OwnLineage, readLineage } from '../../src/replication/shared/lineage.js';
import { compileCore, LoneCore } from './lone-core.js';
import { same, SimulatedNodes } from './simulated-nodes.js';

const test = ava.serial;

test.before(compileCore);

/** Longer than a heart that beats is silent. */
const STOPPED_MS = 1100;

const fates = ['stands still', 'is dead'] as const;

for (const fate of fates) {
  test(`a successor that ${fate} before it has answered is read out and fenced`, async (t) => {
    const cluster = await SimulatedNodes.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.write(0, 'SET', 'a', '1');
    master.kill();
    one.promote({ fence: true });
    t.is(one.write(0, 'SET', 'b', '2'), null);
    if (fate === 'is dead') one.kill();
    else one.freeze();
    two.follow(one);
    await cluster.settle();
    two.promote({ fence: true });

    t.like(two.seen('promoted')[0], { isFenced: true, drain: 'complete' });
    t.deepEqual(two.contents(), ['0/a=1', '0/b=2']);
    t.is(two.write(0, 'SET', 'c', '3'), null);
    if (fate === 'is dead') return;
    one.thaw();
    await cluster.advance(200);
    t.deepEqual(one.seen('fenced'), [{ type: 'fenced', by: 'node-2', diverged: false }]);
    same(t, [one, two]);
  });

  test(`so is one that ${fate} before it was heard of`, async (t) => {
    const cluster = await SimulatedNodes.start(2);
    const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
    master.freeze();
    one.promote({ fence: true });
    t.is(one.write(0, 'SET', 'b', '2'), null);
    if (fate === 'is dead') one.kill();
    else one.freeze();
    await cluster.advance(STOPPED_MS);
    two.promote({ fence: true });

    t.like(two.seen('promoted')[0], { isFenced: true, drain: 'complete' });
    t.deepEqual(two.contents(), ['0/b=2']);
    one.thaw();
    master.thaw();
    await cluster.advance(200);
    t.is(master.replicator.role(), 'replica');
    if (fate === 'stands still') t.is(one.seen('fenced')[0]?.by, 'node-2');
    else master.follow(two); // What it was fenced by is not there any more.
    await cluster.settle();
    same(t, fate === 'is dead' ? [master, two] : cluster.nodes);
  });
}

test('what a successor unheard of has acknowledged is read when it dies, before it starts again', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.freeze();
  one.promote({ fence: true });
  t.is(one.write(0, 'SET', 'b', '2'), null);
  one.kill();
  await cluster.settle();
  t.deepEqual(two.contents(), ['0/b=2']);
  one.start(two);
  await cluster.settle();
  two.promote({ fence: true });
  t.is(two.replicator.role(), 'master');
  await cluster.advance(STOPPED_MS);
  same(t, [one, two]);
});

test('a replica of a replica follows a master above that lives instead of being promoted', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  const leaf = cluster.add(middle);
  await cluster.settle();
  leaf.promote({ fence: true });
  t.true(leaf.logs.includes('Not promoted: node-0 is master in that place, and is followed'));
  t.is(master.write(0, 'SET', 'a', '1'), null);
  await cluster.settle();
  same(t, cluster.nodes);
  t.is(master.info('connected_slaves'), '2');
});

test('it takes the place of one that stands still, and of the node between', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, middle] = [cluster.node(0), cluster.node(1)];
  const leaf = cluster.add(middle);
  await cluster.settle();
  middle.freeze();
  t.is(master.write(0, 'SET', 'a', '1'), null); // Read by nobody.
  master.freeze();
  await cluster.advance(STOPPED_MS);
  leaf.promote({ fence: true });
  t.like(leaf.seen('promoted')[0], { isFenced: true, drain: 'complete' });
  t.deepEqual(leaf.contents(), ['0/a=1']);
  master.thaw();
  middle.thaw();
  await cluster.advance(200);
  t.is(master.seen('fenced')[0]?.by, 'node-2');
  t.deepEqual(middle.seen('fenced'), []);
  await cluster.advance(STOPPED_MS);
  same(t, cluster.nodes);
});

test('nodes that follow each other are no reason to wait: one that is promoted fences nobody', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  await cluster.settle();
  master.follow(one);
  one.promote({ fence: true });
  t.is(one.replicator.role(), 'master');
  t.false(one.seen('promoted')[0]!.isFenced);
  await cluster.advance(STOPPED_MS);
  same(t, cluster.nodes);
});

test('a successor whose history has parted is fenced, and that it was not read is said', async (t) => {
  const cluster = await SimulatedNodes.start(2);
  const [master, one, two] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  one.promote({ fence: false }); // By a user.
  master.write(0, 'SET', 'a', '1');
  one.write(0, 'SET', 'b', '2');
  await cluster.settle();
  one.freeze();
  two.follow(one);
  two.promote({ fence: true });
  t.like(two.seen('promoted')[0], { isFenced: true, drain: 'none' });
  t.deepEqual(two.contents(), ['0/a=1']);
  t.is(one.core.isFenced(), true);
});

test('what a memory tells of its node is what the node says', async (t) => {
  const cluster = await SimulatedNodes.start(1);
  const [master, one] = [cluster.node(0), cluster.node(1)];
  master.write(0, 'SET', 'a', '1');
  await cluster.settle();
  const told = (): unknown[] => cluster.nodes.map(({ core }) => readLineage(core.memory));
  const ids = (): ReplicationIds[] => cluster.nodes.map(({ replicator }) => replicator.ids());
  t.deepEqual(told(), [
    { master: null, ids: ids()[0] },
    { master: 0, ids: ids()[1] },
  ]);
  one.promote({ fence: true });
  await cluster.advance(STOPPED_MS);
  t.not(ids()[1]!.secondReplOffset, -1);
  t.deepEqual(told(), [
    { master: 1, ids: ids()[0] },
    { master: null, ids: ids()[1] },
  ]);
  one.ask('REPLICAOF', '127.0.0.1', '1');
  t.like(readLineage(one.core.memory), { master: 'elsewhere' });
});

test('a memory in which a change has not ended, or none was made, tells nothing', (t) => {
  const { memory } = new LoneCore(65_536);
  t.is(readLineage(memory), null);
  const own = new OwnLineage(memory);
  const ids = { replid: 'a'.repeat(40), replid2: 'b'.repeat(40), secondReplOffset: 2 ** 40 };
  own.setIds(ids);
  t.deepEqual(readLineage(memory), { master: null, ids });
  t.throws(() => own.setIds({ ...ids, replid: 'short' }));
  t.is(readLineage(memory), null);
});
