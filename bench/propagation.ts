/**
 * Propagation to two replicas: ours in the process, and real Redis over TCP at pipeline 100.
 *
 * Both write 64-byte values under 100,000 keys, and both clocks stop when all replicas have applied
 * everything. The two run in turn, so that a drift of the machine's speed hits both.
 */
import { InProcess } from './in-process.js';
import { RealRedis } from './real-redis.js';
import { type Comparison, type Pair, compare } from './stats.js';

const REPLICAS = 2;
const KEYS = 100_000;
const SIZE = 64;

export interface PropagationOptions {
  readonly pairs: number;
  /** Commands of one run in the process; Redis gets a tenth, which takes it about as long. */
  readonly commands: number;
  onPair(pair: Pair): void;
}

export async function propagation(options: PropagationOptions): Promise<Comparison> {
  await using redis = await RealRedis.start(REPLICAS);
  await using ours = await InProcess.start(REPLICAS);
  const load = { keys: KEYS, size: SIZE, commandsPerBatch: 1000, batches: 100 };
  const peerLoad = { test: 'set', requests: Math.ceil(options.commands / 10), pipeline: 100 };
  await ours.propagate(load, options.commands / 4); // Warm up: the JIT and the keyspace.
  const pairs: Pair[] = [];
  for (let i = 0; i < options.pairs; i += 1) {
    const run = await ours.propagate(load, options.commands);
    const peer = await redis.group.propagate({ ...peerLoad, keys: KEYS, size: SIZE });
    const pair = { ours: run.commandsPerSecond, peer };
    pairs.push(pair);
    options.onPair(pair);
  }
  return compare('in-process propagation to 2 replicas', 'commands/s', pairs);
}
