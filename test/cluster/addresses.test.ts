/** Clusters that listen elsewhere than on 127.0.0.1, found by a client that reads their URLs. */
import test from 'ava';
import { Redis } from 'ioredis';
import { networkInterfaces } from 'node:os';
import { Cluster } from '../../src/index.js';
import { topologyTable } from '../../src/cli/topology-table.js';
import { RespClient } from '../support/resp-client.js';

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

(hasIPv6 ? test : test.skip)(
  'IPv6: URLs and the table have brackets, and clients find it',
  async (t) => {
    await using cluster = await Cluster.start({
      host: '::1',
      replicas: 1,
      sentinels: 1,
      quorum: 1,
    });
    const [sentinel] = cluster.sentinels();
    t.is(cluster.url, `redis+sentinel://[::1]:${sentinel?.port}/mymaster/0`);
    const [master] = cluster.nodes();
    t.true(topologyTable(cluster).includes(`[::1]:${master?.port}`));
    const client = new Redis({ ...cluster.clientOptions.ioredis() });
    t.teardown(() => client.disconnect());
    t.is(await client.set('a', '1'), 'OK');
    t.regex(await client.info('replication'), /slave0:ip=::1,/);
    t.regex(String(await client.client('LIST')), / addr=\[::1\]:\d+ laddr=\[::1\]:/);
    const alone = await RespClient.connect(master?.port ?? 0, '::1');
    t.is(await alone.value('PING'), '+PONG');
    alone.close();
  },
);

test('a sentinel announces what clients can reach, not what it listens on', async (t) => {
  const options = {
    host: '0.0.0.0',
    announceIp: '127.0.0.2',
    replicas: 1,
    sentinels: 1,
    quorum: 1,
  };
  await using cluster = await Cluster.start(options);
  const [sentinel] = cluster.sentinels();
  const [master, replica] = cluster.nodes();
  t.is(cluster.url, `redis+sentinel://127.0.0.2:${sentinel?.port}/mymaster/0`);
  // Listened on everywhere.
  const client = await RespClient.connect(sentinel?.port ?? 0, '127.0.0.1');
  t.teardown(() => client.close());
  const asked = await client.value('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
  t.deepEqual(asked, ['127.0.0.2', `${master?.port}`]);
  const replicas = await client.value('SENTINEL', 'REPLICAS', 'mymaster');
  t.true(JSON.stringify(replicas).includes(`127.0.0.2:${replica?.port}`));
  t.false(JSON.stringify(replicas).includes('0.0.0.0'));
});
