import test from 'ava';

import { Observer } from '../faults/observer.js';
import { until } from '../support/until.js';
import { nextSwitch, sentinelLines, startReal } from './fixtures/real.js';

/** What came of a command: its reply, or its error's text. */
function answer(command: Promise<unknown>): Promise<string> {
  return command.then(String, (error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
}

test.serial('a minority of sentinels elects nobody, whatever the quorum', async (t) => {
  const cluster = await startReal(t, { quorum: 1 });
  const lines = sentinelLines(cluster);
  cluster.partition(['sentinel-0', 'node-1'], ['sentinel-1', 'sentinel-2', 'node-0', 'node-2']);
  // For it the master is objectively down; it stands, and gets no votes but its own.
  await until(() =>
    lines.some((line) => line.startsWith('sentinel-0 -failover-abort-not-elected')),
  );
  t.false(lines.some((line) => line.includes('+elected-leader')));
  t.is(cluster.masterId, 'node-0');
  const client = cluster.client();
  await client.set('during', '1');

  cluster.heal();
  await using observer = new Observer(cluster);
  t.is(await observer.settled(20_000), null);
  t.is(cluster.masterId, 'node-0');
  t.is(await observer.connection('node-1').get('during'), '1');
});

test.serial(
  'a master in the minority refuses writes, and is a replica after the heal',
  async (t) => {
    const cluster = await startReal(t, {
      config: { 'min-replicas-to-write': 1, 'min-replicas-max-lag': 1 },
    });
    await using observer = new Observer(cluster);
    const old = observer.connection('node-0');
    await old.set('before', '1');
    await old.wait(2, 0); // What has not left the master when the cut comes is lost with it.
    const lines = sentinelLines(cluster);
    const switched = nextSwitch(cluster);
    cluster.partition(['node-0', 'sentinel-0'], ['node-1', 'node-2', 'sentinel-1', 'sentinel-2']);
    const { to } = await switched;
    t.not(to, 'node-0');
    t.false(lines.some((line) => line.startsWith('sentinel-0 +elected-leader')));

    // Both sides have a master now; the one without replicas stops accepting on its own.
    await until(async () => (await answer(old.set('divergent', '1'))).startsWith('NOREPLICAS'));
    // The new one accepts as soon as the other replica follows it.
    const client = cluster.client();
    await until(async () => (await answer(client.call('SET', 'after', '1'))) === 'OK');

    cluster.heal();
    t.is(await observer.settled(30_000), null);
    t.is(cluster.masterId, to);
    for (const { id } of cluster.nodes()) {
      // What only the minority had accepted is gone, from the old master too.
      const values = await observer.connection(id).mget('before', 'divergent', 'after');
      t.deepEqual(values, ['1', null, '1'], id);
    }
  },
);
