/**
 * A cluster of ours and one of Redis', a master and two replicas each, loaded by redis-benchmark
 * over TCP. Ours runs in this process, which does nothing else meanwhile but wait. The clock stops
 * when all replicas have applied everything.
 */
import { Cluster } from '../src/index.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { type Load, TcpGroup } from './tcp-group.js';

const REPLICAS = 2;
const KEYS = 100_000;
const SIZE = 64;
/** Requests that take Redis about two seconds. */
function requestsFor(pipeline: number): number {
  if (pipeline < 4) return 120_000;
  return pipeline < 50 ? 700_000 : 1_000_000;
}

export async function tcp(options: BenchOptions): Promise<Section> {
  const title = 'TCP: redis-benchmark, a master with 2 replicas, 64-byte values';
  if (!options.hasRedis) {
    return section(title, {
      notes: ['Not run: redis-benchmark, which makes the load, is missing.'],
    });
  }
  await using ours = await Cluster.start({
    replicas: REPLICAS,
    config: { 'repl-backlog-size': '64mb' },
  });
  const ourGroup = new TcpGroup(ours.nodes().map(({ port }) => port));
  try {
    await ourGroup.ready();
    await using redis = await RealRedis.start(REPLICAS);
    const comparisons: Comparison[] = [];
    for (const test of options.tests) {
      for (const pipeline of options.pipelines) {
        const load: Load = {
          test,
          // An MSET has ten keys.
          requests: scaled(requestsFor(pipeline) / (test === 'mset' ? 5 : 1), options),
          pipeline,
          keys: scaled(KEYS, options),
          size: SIZE,
        };
        comparisons.push(await contest(load, ourGroup, redis.group, options));
      }
    }
    return section(title, { comparisons });
  } finally {
    ourGroup.close();
  }
}

async function contest(
  load: Load,
  ours: TcpGroup,
  peer: TcpGroup,
  options: BenchOptions,
): Promise<Comparison> {
  const name = `${load.test.toUpperCase()}, pipeline ${load.pipeline}`;
  const pairs: Pair[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const pair = { ours: await ours.propagate(load), peer: await peer.propagate(load) };
    pairs.push(pair);
    options.progress(`${name}: ours ${digits(pair.ours)}/s, redis ${digits(pair.peer)}/s`);
  }
  return compare(name, 'commands/s', pairs);
}
