import test from 'ava';

import { nextSwitch, sentinelLines, startReal } from './fixtures/real.js';

const DOWN_AFTER_MS = 700;

test.serial('a death is noticed at once, or by silence, as it is asked for', async (t) => {
  const cluster = await startReal(t, { downAfterMs: DOWN_AFTER_MS, detection: 'down-after' });
  const lines = sentinelLines(cluster);

  // The cluster's own way: silence. Nobody can believe it before the time is up.
  let struckAt = performance.now();
  let switched = nextSwitch(cluster);
  await cluster.kill(cluster.masterId);
  await switched;
  // The last sign of life is a beat of its heart, up to a period old.
  t.true(performance.now() - struckAt > DOWN_AFTER_MS / 2);
  t.true(lines.some((line) => line.includes('+odown')));
  await cluster.settled({ timeoutMs: 20_000 });

  // Asked for otherwise: an event, long before.
  await cluster.failover(); // By hand, nobody dies.
  await cluster.settled({ timeoutMs: 20_000 });
  lines.length = 0;
  struckAt = performance.now();
  const downs: number[] = [];
  cluster.on('sentinel', ({ channel }) => {
    if (channel === '+sdown') downs.push(performance.now() - struckAt);
  });
  switched = nextSwitch(cluster);
  await cluster.kill(cluster.masterId, { detect: 'event' });
  await switched;
  t.true(downs[0]! < DOWN_AFTER_MS / 2);
  await cluster.settled({ timeoutMs: 20_000 });

  // An uncaught throw is a death like any other.
  struckAt = performance.now();
  switched = nextSwitch(cluster);
  cluster.inject(cluster.masterId, 'throw');
  await switched;
  t.true(performance.now() - struckAt > DOWN_AFTER_MS / 2);
});

test.serial('a failover by hand names the new master, and loses nothing', async (t) => {
  const cluster = await startReal(t, { replicas: 1, sentinels: 1 });
  const client = cluster.client();
  for (let i = 0; i < 3; i++) {
    const before = cluster.masterId;
    await client.set('round', `${i}`);
    const master = await cluster.failover();
    t.like(master, { id: cluster.masterId, role: 'master', state: 'up' });
    t.not(master.id, before);
    t.is(await client.get('round'), `${i}`);
  }
  await cluster.settled();
  t.deepEqual(
    cluster
      .nodes()
      .map(({ role }) => role)
      .toSorted(),
    ['master', 'replica'],
  );
});
