/**
 * One application, unchanged on every engine and on a cluster that runs elsewhere: it counts visits,
 * caches who comes, and goes on through a failover.
 *
 *   node examples/visits.mjs                    threads of this process
 *   node examples/visits.mjs processes          a process for each node and sentinel
 *   node examples/visits.mjs redis              redis-server and redis-sentinel, as installed
 *   node examples/visits.mjs redis+sentinel://127.0.0.1:26379/mymaster
 */
import { Cluster } from 'ringleader';

const ENGINES = {
  threads: 'threads',
  processes: 'processes',
  redis: { server: 'redis-server', sentinel: 'redis-sentinel' },
};

const where = process.argv[2] ?? 'threads';
const started = where.includes('://')
  ? await Cluster.connect(where)
  : await Cluster.start({ engine: ENGINES[where], replicas: 1, sentinels: 3 });
try {
  await application(started);
} finally {
  await started.stop(); // One that runs elsewhere is left, and runs on.
}

async function application(cluster) {
  const client = cluster.client({ retryForMs: 30_000 }); // Follows failovers.
  const users = await cluster.cache({ codec: 'json', namespace: 'users', ttl: '10m' });
  cluster.on('switch-master', ({ from, to }) => console.log(`${from} → ${to}`));

  await client.del('visits');
  for (let visit = 1; visit <= 3; visit++) await client.incr('visits');
  const user = await users.wrap('1', '5m', () => ({ name: 'Ada' }));
  console.log(`${user.name}, visit ${await client.get('visits')}`);

  await cluster.failover(); // As an operator orders it: SENTINEL FAILOVER.
  console.log(`visit ${await client.incr('visits')}, ${(await users.get('1')).name} is known`);
}
