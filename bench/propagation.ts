/**
 * Propagation to two replicas: ours in the process, and real Redis over TCP at pipeline 100.
 *
 * Both write 64-byte values under 100,000 keys, and both clocks stop when all replicas have applied
 * everything. The two run in turn, so that a drift of the machine's speed hits both.
 */
import { InProcess } from './in-process.js';
import { rawCopy } from '../src/lab/raw-copy.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { type Pair, compare, median } from '../src/lab/stats.js';

const REPLICAS = 2;
const KEYS = 100_000;
const SIZE = 64;
/** Of one run in the process; Redis gets a tenth, which takes it about as long. */
const COMMANDS = 5_000_000;
const RAW_BATCHES = 512;

export async function propagation(options: BenchOptions): Promise<Section> {
  const raw = await rawCopy(scaled(RAW_BATCHES, options));
  await using redis = options.hasRedis ? await RealRedis.start(REPLICAS) : null;
  await using ours = await InProcess.start(REPLICAS);
  const commands = scaled(COMMANDS, options);
  const keys = scaled(KEYS, options);
  const load = { keys, size: SIZE, commandsPerBatch: 1000, batches: 100 };
  const peerLoad = { test: 'set', requests: Math.ceil(commands / 10), pipeline: 100 };
  await ours.propagate(load, commands / 4); // Warm up: the JIT and the keyspace.
  const pairs: Pair[] = [];
  const bytesPerSecond: number[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const run = await ours.propagate(load, commands);
    const peer = (await redis?.group.propagate({ ...peerLoad, keys, size: SIZE })) ?? null;
    pairs.push({ ours: run.commandsPerSecond, peer });
    bytesPerSecond.push(run.bytesPerSecond);
    const beside = peer === null ? '' : `, redis ${digits(peer)}/s`;
    options.progress(`ours ${digits(run.commandsPerSecond)}/s${beside}`);
  }
  const rate = median(bytesPerSecond);
  return section('Propagation to 2 replicas: SET, 64-byte values, 100,000 keys', {
    comparisons: [compare('in the process; Redis over TCP, pipeline 100', 'commands/s', pairs)],
    figures: [
      { name: 'stream propagated', value: rate / 1e6, unit: 'MB/s' },
      { name: 'raw: 1 MB batches into the ring', value: raw.inBytesPerSecond / 1e6, unit: 'MB/s' },
      { name: 'raw: out of the ring', value: raw.outBytesPerSecond / 1e6, unit: 'MB/s' },
      {
        name: 'share of the raw limit used',
        value: (100 * rate) / Math.min(raw.inBytesPerSecond, raw.outBytesPerSecond),
        unit: '%',
      },
    ],
  });
}
