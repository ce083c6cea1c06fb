/**
 * A full sync of 1 million hashes of 5 short fields: between two nodes of a process, and between two
 * processes of ours over loopback; beside Redis, diskless on both sides.
 */
import { Cluster } from '../src/index.js';
import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { shortHashes } from './collections.js';
import { syncOnce } from './fullsync.js';
import { loadCommands } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { TcpGroup } from './tcp-group.js';
import { WireServer } from './wire-server.js';

const HASHES = 1_000_000;
const DISKLESS = ['--repl-diskless-sync', 'yes', '--repl-diskless-load', 'swapdb'];

export async function fullsyncTypes(options: BenchOptions): Promise<Section> {
  const hashes = shortHashes(options.keys ?? scaled(HASHES, options));
  await using cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
  await using master = await WireServer.start('ours');
  await using replica = await WireServer.start('ours');
  const inProcess = new TcpGroup(cluster.nodes().map(({ port }) => port));
  const overTcp = new TcpGroup([master.port, replica.port]);
  try {
    await using redis = options.hasRedis ? await RealRedis.start(1, DISKLESS) : null;
    const peer = redis?.group;
    for (const group of [inProcess, overTcp, ...(peer === undefined ? [] : [peer])]) {
      await loadCommands(group.ports[0]!, hashes.count, (i) => hashes.command(i));
      await group.applied();
    }
    const ms = async (group: TcpGroup): Promise<number> =>
      (await syncOnce(group, hashes.count)).seconds * 1000;
    const lines: Record<'in the process' | 'over TCP', Pair[]> = {
      'in the process': [],
      'over TCP': [],
    };
    for (let i = 0; i < options.pairs; i += 1) {
      const theirs = peer === undefined ? null : await ms(peer);
      const near = await ms(inProcess);
      const far = await ms(overTcp);
      lines['in the process'].push({ ours: near, peer: theirs });
      lines['over TCP'].push({ ours: far, peer: theirs });
      options.progress(
        `in the process ${digits(near)} ms, over TCP ${digits(far)} ms, redis ${digits(theirs ?? NaN)} ms`,
      );
    }
    const comparisons: Comparison[] = Object.entries(lines).map(([name, pairs]) =>
      compare(name, 'ms', pairs),
    );
    return section(`Full sync of ${digits(hashes.count)} ${hashes.name}`, { comparisons });
  } finally {
    inProcess.close();
    overTcp.close();
  }
}
