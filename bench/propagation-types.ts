/**
 * Propagation of collections' writes to two replicas: ours in the process, and real Redis over TCP at
 * pipeline 100. The commands are redis-benchmark's, over 100,000 elements; the clocks as in
 * `propagation`.
 */
import { commandBatches } from '../src/lab/load/set-batches.js';
import { type Comparison, type Pair, compare } from '../src/lab/stats.js';
import { InProcess } from './in-process.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';

const REPLICAS = 2;
const ELEMENTS = 100_000;
const NUMBER = '__rand_int__';
const VALUE = 'xxx';
/** Of one run in the process; Redis gets a quarter. */
const COMMANDS = 2_000_000;
const PER_BATCH = 1000;
/** Commands as redis-benchmark takes them. XADD is not in its list. */
const WRITES: readonly (readonly string[])[] = [
  ['HSET', 'myhash', `element:${NUMBER}`, VALUE],
  ['LPUSH', 'mylist', VALUE],
  ['SADD', 'myset', `element:${NUMBER}`],
  ['ZADD', 'myzset', NUMBER, `element:${NUMBER}`],
  ['XADD', 'mystream', '*', 'field', VALUE],
];

export async function propagationTypes(options: BenchOptions): Promise<Section> {
  await using redis = options.hasRedis ? await RealRedis.start(REPLICAS) : null;
  await using ours = await InProcess.start(REPLICAS);
  const commands = scaled(COMMANDS, options);
  const keys = scaled(ELEMENTS, options);
  const requests = Math.ceil(commands / 4);
  const comparisons: Comparison[] = [];
  for (const words of WRITES) {
    const batchCount = Math.min(100, Math.ceil(commands / PER_BATCH));
    const load = { keys, commandsPerBatch: PER_BATCH, batches: batchCount };
    const batches = commandBatches(load, (number) =>
      words.map((word) => word.replace(NUMBER, number)),
    );
    await ours.send(batches, commands / 4); // Warm up.
    const pairs: Pair[] = [];
    for (let i = 0; i < options.pairs; i += 1) {
      await ours.flush();
      const run = await ours.send(batches, commands);
      const peer =
        (await redis?.group.propagateCommand(words, { requests, pipeline: 100, keys })) ?? null;
      pairs.push({ ours: run.commandsPerSecond, peer });
      const beside = peer === null ? '' : `, redis ${digits(peer)}/s`;
      options.progress(`${words[0]}: ours ${digits(run.commandsPerSecond)}/s${beside}`);
    }
    await ours.flush();
    comparisons.push(compare(words[0]!, 'commands/s', pairs));
  }
  return section("Propagation of collections' writes to 2 replicas", {
    comparisons,
    notes: ['Ours in the process; Redis over TCP, pipeline 100.'],
  });
}
