/**
 * redis-benchmark's own list of tests, all of them and as it has them (one key, values of 3 bytes, 50
 * clients), against a node of ours alone and a Redis alone. The rates are redis-benchmark's.
 */
import { Cluster } from '../src/index.js';
import { runRedisBenchmark } from '../src/lab/bench/redis-benchmark.js';
import { type Comparison, type Pair, compare, median } from '../src/lab/stats.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';

/** Requests at pipeline 100, half a second to a second of Redis' time. In the list's order. */
const LIST: readonly (readonly [test: string, requests: number])[] = [
  ['ping_inline', 1_000_000],
  ['ping_mbulk', 1_000_000],
  ['set', 700_000],
  ['get', 1_000_000],
  ['incr', 1_000_000],
  ['lpush', 700_000],
  ['rpush', 700_000],
  ['lpop', 700_000],
  ['rpop', 700_000],
  ['sadd', 1_000_000],
  ['hset', 700_000],
  ['spop', 1_000_000],
  ['zadd', 700_000],
  ['zpopmin', 1_000_000],
  ['lrange_100', 60_000],
  ['lrange_300', 20_000],
  ['lrange_500', 12_000],
  ['lrange_600', 10_000],
  ['mset', 150_000],
];

/** A run of less than a millisecond has no rate. */
const LEAST_SCALE = 0.02;

/** What has no time for a warm-up would measure the compiler. */
const WARM_UP = 0.3;

export async function defaultList(options: BenchOptions): Promise<Section> {
  const title = "redis-benchmark's default list, one server alone";
  if (!options.hasRedis) {
    return section(title, { notes: ['Not run: redis-benchmark is missing.'] });
  }
  await using cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  await using redis = await RealRedis.start(0);
  const ports = [cluster.nodes()[0]!.port, redis.group.ports[0]!];
  const comparisons: Comparison[] = [];
  const figures = [];
  for (const pipeline of options.pipelines) {
    const lines: Comparison[] = [];
    for (const [test, requests] of LIST) {
      const scale = Math.max(LEAST_SCALE, options.scale);
      const count = scaled(pipeline < 50 ? requests / 2 : requests, { scale });
      const pairs: Pair[] = [];
      for (const port of ports) await rate(port, test, Math.ceil(count * WARM_UP), pipeline);
      for (let i = 0; i < options.pairs; i += 1) {
        const [ours, peer] = [
          await rate(ports[0]!, test, count, pipeline),
          await rate(ports[1]!, test, count, pipeline),
        ];
        pairs.push({ ours, peer });
      }
      const line = compare(`${test.toUpperCase()}, pipeline ${pipeline}`, 'commands/s', pairs);
      options.progress(`${line.name}: ${digits(line.ratio!)}`);
      lines.push(line);
    }
    const ratios = lines.map(({ ratio }) => ratio!);
    figures.push(
      { name: `pipeline ${pipeline}: the median ratio`, value: median(ratios), unit: '×' },
      { name: `pipeline ${pipeline}: the least ratio`, value: Math.min(...ratios), unit: '×' },
    );
    comparisons.push(...lines);
  }
  return section(title, { comparisons, figures });
}

/** @returns requests/s of the test; the list's own preparation of a test is left out. */
async function rate(
  port: number,
  test: string,
  requests: number,
  pipeline: number,
): Promise<number> {
  const options = ['-t', test, '-n', String(requests), '-P', String(pipeline)];
  const csv = await runRedisBenchmark({ host: '127.0.0.1', port }, options);
  const line = csv.trim().split('\n').at(-1)!;
  const perSecond = Number(/^"[^"]*","([\d.]+)"/.exec(line)?.[1]);
  if (!(perSecond > 0)) throw new Error(`redis-benchmark gave no rate: '${line}'`);
  return perSecond;
}
