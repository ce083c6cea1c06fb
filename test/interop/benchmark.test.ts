/**
 * redis-benchmark against a cluster: it runs clean, and afterwards all nodes hold the same data.
 */
import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Cluster } from '../../src/index.js';
import { testWith } from '../support/real-redis.js';
import { until } from '../support/until.js';

const run = promisify(execFile);
const test = testWith('redis-benchmark');

test('redis-benchmark -t set,get,incr,mset -P 16 leaves three equal nodes', async (t) => {
  await using cluster = await Cluster.start({ replicas: 2, sentinels: 0 });
  const nodes = cluster.nodes();
  const options = `-p ${nodes[0]!.port} -t set,get,incr,mset -P 16 -n 20000 -r 10000 -d 64 -q`;
  const { stdout, stderr } = await run('redis-benchmark', options.split(' '));
  t.notRegex(stdout + stderr, /error/i);
  for (const name of ['SET', 'GET', 'INCR', 'MSET']) t.true(stdout.includes(name), name);

  const clients = nodes.map(({ port }) => new Redis(port));
  t.teardown(() => clients.forEach((client) => client.disconnect()));
  await until(() => new Set(cluster.nodes().map(({ offset }) => offset)).size === 1, 'one offset');
  const contents = await Promise.all(clients.map((client) => readAll(client)));
  t.true(contents[0]!.size > 5000);
  t.true(isDeepStrictEqual(contents[1], contents[0])); // t.deepEqual takes minutes for such maps.
  t.true(isDeepStrictEqual(contents[2], contents[0]));
});

/** @returns every key with its value. */
async function readAll(client: Redis): Promise<Map<string, string | null>> {
  const all = new Map<string, string | null>();
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'COUNT', 1000);
    cursor = next;
    const values = keys.length === 0 ? [] : await client.mget(keys);
    for (const [i, key] of keys.entries()) all.set(key, values[i] ?? null);
  } while (cursor !== '0');
  return all;
}
