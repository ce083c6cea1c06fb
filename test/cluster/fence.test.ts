import test from 'ava';

import type { Cluster } from '../../src/cluster/cluster.js';
import { Observer } from '../faults/observer.js';
import { RespClient, plain } from '../support/resp-client.js';
import { nextSwitch, startReal } from './fixtures/real.js';

/** Freeze the master, let another be elected, and let a write reach the frozen one meanwhile. */
async function writeToFrozenMaster(cluster: Cluster): Promise<unknown> {
  const { port } = cluster.nodes()[0]!;
  const late = await RespClient.connect(port);
  try {
    await late.call('SET', 'early', '1');
    const switched = nextSwitch(cluster);
    await cluster.pause('node-0');
    const answer = late.call('SET', 'late', '1'); // Read by nobody before the thread wakes up.
    await switched;
    await cluster.client().set('after', '1');
    cluster.resume('node-0');
    return plain(await answer);
  } finally {
    late.close();
  }
}

test.serial('a frozen master that wakes up acknowledges nothing any more', async (t) => {
  const cluster = await startReal(t);
  const fenced = new Promise<string>((resolve) => {
    cluster.on('node', ({ id, name }) => {
      if (name === 'fenced') resolve(id);
    });
  });
  t.is(await writeToFrozenMaster(cluster), 'closed');
  t.is(await fenced, 'node-0');
  await using observer = new Observer(cluster);
  t.is(await observer.settled(20_000), null);
  t.not(cluster.masterId, 'node-0');
  for (const { id } of cluster.nodes()) {
    t.deepEqual(await observer.connection(id).mget('early', 'late', 'after'), ['1', null, '1'], id);
  }
});

test.serial('without fencing it does, and the write is lost, as on a network', async (t) => {
  const cluster = await startReal(t, { fencing: false });
  t.is(await writeToFrozenMaster(cluster), '+OK');
  await using observer = new Observer(cluster);
  t.is(await observer.settled(20_000), null);
  t.not(cluster.masterId, 'node-0');
  for (const { id } of cluster.nodes()) {
    t.deepEqual(await observer.connection(id).mget('early', 'late', 'after'), ['1', null, '1'], id);
  }
});

test.serial('a replica that stood still goes on where it was', async (t) => {
  const cluster = await startReal(t, { downAfterMs: 10_000 });
  await using observer = new Observer(cluster);
  const before = (await observer.info('node-0')).get('sync_full');
  await cluster.pause('node-1');
  t.is(cluster.nodes()[1]?.state, 'frozen');
  const client = cluster.client();
  await Promise.all(Array.from({ length: 1000 }, (_, i) => client.set(`key:${i}`, `${i}`)));
  t.true(cluster.nodes()[1]!.offset < cluster.nodes()[0]!.offset);
  cluster.resume('node-1');
  t.is(await observer.settled(20_000), null);
  t.is(await observer.connection('node-1').get('key:999'), '999');
  t.is((await observer.info('node-0')).get('sync_full'), before);
  t.is(cluster.masterId, 'node-0');
});
