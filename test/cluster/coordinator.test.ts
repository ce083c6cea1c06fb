/** Elections go through the coordinator, and take place without it too. */
import test, { type ExecutionContext } from 'ava';

import type { ElectionEntry } from '../../src/coordinator/election-log.js';
import { Cluster } from '../../src/cluster/cluster.js';
import type { ClusterOptions } from '../../src/cluster/options.js';
import { until } from '../support/until.js';

interface Told {
  readonly cluster: Cluster;
  readonly entries: ElectionEntry[];
}

async function startTold(t: ExecutionContext, options: ClusterOptions = {}): Promise<Told> {
  const cluster = await Cluster.start({ replicas: 1, seed: 7, ...options });
  t.teardown(() => cluster.stop());
  const entries: ElectionEntry[] = [];
  cluster.on('election', (entry) => entries.push(entry));
  return { cluster, entries };
}

async function killMaster(cluster: Cluster): Promise<void> {
  const switched = cluster.once('switch-master', { timeoutMs: 10_000 });
  await cluster.kill(cluster.masterId);
  await switched;
}

test.serial(
  'the log tells an election in order: opinions, a candidate, its votes, the winner',
  async (t) => {
    const { cluster, entries } = await startTold(t);
    await killMaster(cluster);
    await until(() => entries.some(({ type }) => type === 'elected'));

    const winner = entries.find((entry) => entry.type === 'elected')!;
    const votes = entries.filter((entry) => entry.type === 'vote' && entry.epoch === winner.epoch);
    t.true(votes.some((vote) => vote.type === 'vote' && vote.leader === winner.sentinel));
    const at = (type: ElectionEntry['type']): number =>
      entries.findIndex((entry) => entry.type === type);
    t.true(at('opinion') < at('candidate'));
    t.true(at('candidate') < at('vote'));
    t.true(at('vote') < at('elected'));
    t.deepEqual(
      entries.map(({ number }) => number),
      entries.map((_, i) => i + 1),
    );
    // A vote may come after the winner's word, and be in the log before it is told here.
    const log = await cluster.operator('coordinator').inspect();
    await until(() => entries.length >= Object(log).length);
    t.deepEqual(entries.slice(0, Object(log).length), log);
  },
);

test.serial(
  'a dead coordinator is started again, and an election meanwhile does without it',
  async (t) => {
    const { cluster, entries } = await startTold(t);
    const [back] = await Promise.all([
      cluster.once('coordinator-up', { timeoutMs: 10_000 }),
      cluster.kill('coordinator').then(() => killMaster(cluster)),
    ]);
    t.is(back.id, 'coordinator');
    await cluster.settled();
    await killMaster(cluster);
    await until(() => entries.some(({ type }) => type === 'elected'));
    t.pass();
  },
);

test.serial('a coordinator that stands still holds no election up', async (t) => {
  const { cluster, entries } = await startTold(t);
  await cluster.pause('coordinator');
  await killMaster(cluster);
  t.deepEqual(entries, []);
  cluster.resume('coordinator');
  await cluster.settled();
  t.pass();
});

test.serial('it carries nothing across a partition of the two ends', async (t) => {
  const { cluster, entries } = await startTold(t, { quorum: 3 });
  cluster.partition('sentinel-0', ['sentinel-1', 'sentinel-2']);
  const asked = cluster.once('election', { timeoutMs: 10_000 });
  await cluster.kill(cluster.masterId);
  await asked;
  await until(() => entries.filter(({ type }) => type === 'opinion').length >= 2);
  t.false(entries.some(({ sentinel }) => sentinel === 'sentinel-0'));
  t.false(
    entries.some(({ type }) => type === 'elected'),
    'two are less than the quorum of three',
  );
  cluster.heal();
  await cluster.once('switch-master', { timeoutMs: 10_000 });
});

test.serial('without one, and with a single sentinel, there is no such actor', async (t) => {
  for (const options of [{ coordinator: false }, { sentinels: 1, quorum: 1 }]) {
    const { cluster, entries } = await startTold(t, options);
    await t.throwsAsync(() => cluster.kill('coordinator'), { code: 'NO_SUCH_ACTOR' });
    await killMaster(cluster);
    t.deepEqual(entries, []);
    await cluster.stop();
  }
});
