/**
 * What collections take: how much `used_memory` grows by as they are made, in a node of ours and in
 * Redis. Figures of memory do not drift, so one run is enough.
 */
import { Cluster } from '../src/index.js';
import { type Comparison, compare } from '../src/lab/stats.js';
import { type Collections, allCollections } from './collections.js';
import { loadCommands } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, section } from './section.js';
import { TcpGroup } from './tcp-group.js';

export async function memoryTypes(options: BenchOptions): Promise<Section> {
  await using cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  const ours = new TcpGroup(cluster.nodes().map(({ port }) => port));
  try {
    await using redis = options.hasRedis ? await RealRedis.start(0) : null;
    const comparisons: Comparison[] = [];
    // Each side makes its own from the beginning: the random numbers are the same.
    const forRedis = allCollections(options);
    for (const [i, collections] of allCollections(options).entries()) {
      const mine = await growth(ours, collections);
      const peer = redis === null ? null : await growth(redis.group, forRedis[i]!);
      const name = `${digits(collections.count)}${collections.unit === 'key' ? '' : ' elements'}: ${collections.name}`;
      const line = compare(name, `bytes/${collections.unit}`, [{ ours: mine, peer }]);
      options.progress(`${name}: ${digits(mine)}, redis ${digits(peer ?? NaN)}`);
      comparisons.push(line);
    }
    return section('Memory of collections: used_memory', { comparisons });
  } finally {
    ours.close();
  }
}

/** @returns bytes a key, or an element. */
async function growth(group: TcpGroup, collections: Collections): Promise<number> {
  await group.master.flushall();
  const before = await group.masterInfo('memory', 'used_memory');
  await loadCommands(group.ports[0]!, collections.commands, (i) => collections.command(i));
  const bytes = (await group.masterInfo('memory', 'used_memory')) - before;
  await group.master.flushall();
  return bytes / collections.count;
}
