/**
 * The longest that a single command takes because of the core while a keyspace grows from nothing:
 * a core is driven in this thread, and each execute() is timed, with 1 command in it and with 100.
 *
 * The core does the same work at the same command in every run, the machine's interruptions
 * (another process, a garbage collection) come anywhere. So the same growth is run a few times, the
 * commands are cut into groups, and of each group the run with the shortest longest call counts:
 * what comes in every run at the same place is the core's.
 *
 * Redis' figure is its own: the slowest command in its SLOWLOG while as many keys are loaded over
 * TCP.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { STATUS_DONE } from '../src/core/assembly/layout.js';
import { Core, type CoreModule } from '../src/core/core.js';
import { encodeCommand } from '../src/resp/encode-command.js';
import { memoryAvailable } from '../src/lab/bench/environment.js';
import { keyName, loadKeys } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { type Comparison, compare } from '../src/lab/stats.js';

const KEYS = 10_000_000;
const SIZE = 8;
const KEY_BYTES = 100;
const RUNS = 3;
/** Commands whose longest call is one figure: few, so that no group is interrupted in every run. */
const GROUP = 10;
const BATCH_SIZES = [1, 100];
/**
 * Slots that calls are counted in, by duration: each 2 % longer than the one before, from 0.1 µs.
 */
const COUNTED = 1000;
const SLOTS_PER_DOUBLING = 32;

export async function growth(options: BenchOptions): Promise<Section> {
  const keys = options.keys ?? scaled(KEYS, options);
  const title = `Growth from 0 to ${digits(keys)} keys: the longest command`;
  const needed = keys * KEY_BYTES;
  if (needed > memoryAvailable()) {
    return section(title, { notes: [`Not run: it may take ${digits(needed / 1e6)} MB.`] });
  }
  const module = await Core.compile();
  const comparisons: Comparison[] = [];
  const figures: { name: string; value: number; unit: string }[] = [];
  const peer = options.hasRedis ? await slowestOfRedis(keys, options) : null;
  for (const batch of BATCH_SIZES) {
    const { longestMs, rawLongestMs, p9999Us } = grow(module, keys, batch, options);
    const name = `${batch} command${batch === 1 ? '' : 's'} a call`;
    comparisons.push(compare(name, 'ms', [{ ours: longestMs, peer: batch === 1 ? peer : null }]));
    figures.push({ name: `${name}: 99.99 of 100, machine included`, value: p9999Us, unit: 'µs' });
    figures.push({ name: `${name}: longest, machine included`, value: rawLongestMs, unit: 'ms' });
  }
  return section(title, {
    comparisons,
    figures,
    notes: [
      `Ours: the longest call that recurs in ${RUNS} runs. Redis: the slowest command in its SLOWLOG.`,
    ],
  });
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface Longest {
  readonly longestMs: number;
  readonly rawLongestMs: number;
  readonly p9999Us: number;
}

function grow(module: CoreModule, keys: number, batch: number, options: BenchOptions): Longest {
  const groups = Math.ceil(keys / Math.max(GROUP, batch));
  const least = new Float64Array(groups).fill(Infinity);
  const counts = new Float64Array(COUNTED);
  let rawLongestMs = 0;
  for (let run = 0; run < RUNS; run += 1) {
    options.progress(`${batch} a call, run ${run + 1} of ${RUNS}`);
    collectGarbage(); // Or the keyspaces of all runs would stand side by side.
    const longest = timeGroups(module, keys, batch, groups, counts);
    for (let i = 0; i < groups; i += 1) {
      least[i] = Math.min(least[i]!, longest[i]!);
      rawLongestMs = Math.max(rawLongestMs, longest[i]!);
    }
  }
  return {
    longestMs: least.reduce((a, b) => Math.max(a, b), 0),
    rawLongestMs,
    p9999Us: countedPercentile(counts, 0.9999),
  };
}

/** @returns ms of the longest call of each group. */
function timeGroups(
  module: CoreModule,
  keys: number,
  batch: number,
  groups: number,
  counts: Float64Array,
): Float64Array {
  const core = new Core(module, Core.createMemory(), {
    databases: 1,
    backlogBytes: 1 << 20,
    maxmemoryBytes: 0,
    seed: 1,
  });
  core.setNow(1_700_000_000_000);
  const longest = new Float64Array(groups);
  // One encoded batch, of which only the digits of the keys change.
  const input = encodeBatch(batch);
  const keysPerGroup = Math.ceil(keys / groups);
  for (let key = 0; key < keys; key += batch) {
    for (let i = 0; i < batch; i += 1) writeDigits(input, i, key + i);
    const at = core.input(input.length);
    core.write(at, input);
    const begin = performance.now();
    const status = core.execute(at, input.length, 0, 0);
    const ms = performance.now() - begin;
    if (status !== STATUS_DONE) throw new Error(`the core stopped at key ${key}: ${status}`);
    const group = Math.floor(key / keysPerGroup);
    if (ms > longest[group]!) longest[group] = ms;
    const slot = Math.floor(Math.log2(1 + ms * 10_000) * SLOTS_PER_DOUBLING);
    counts[slot] = counts[slot]! + 1;
  }
  return longest;
}

const COMMAND = encodeCommand(['SET', keyName(0), 'x'.repeat(SIZE)]);
const DIGITS_END = COMMAND.indexOf(keyName(0)) + keyName(0).length;

function encodeBatch(commands: number): Buffer {
  return Buffer.concat(Array.from({ length: commands }, () => COMMAND));
}

function writeDigits(input: Buffer, command: number, number: number): void {
  let rest = number;
  for (let at = command * COMMAND.length + DIGITS_END - 1; rest > 0; at -= 1) {
    input[at] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** @returns µs. */
function countedPercentile(counts: Float64Array, share: number): number {
  const total = counts.reduce((a, b) => a + b, 0);
  let below = 0;
  for (const [slot, count] of counts.entries()) {
    below += count;
    if (below >= total * share) return (2 ** ((slot + 1) / SLOTS_PER_DOUBLING) - 1) / 10;
  }
  return Number.NaN;
}

/** @returns ms of the slowest command that Redis notes while it loads the keys. */
async function slowestOfRedis(keys: number, options: BenchOptions): Promise<number> {
  await using redis = await RealRedis.start(0, ['--slowlog-log-slower-than', '100']);
  const { master, ports } = redis.group;
  await master.config('SET', 'slowlog-max-len', '100000');
  let saidAt = performance.now();
  await loadKeys(ports[0]!, { count: keys, size: SIZE }, (loaded) => {
    if (performance.now() - saidAt < 2000) return;
    saidAt = performance.now();
    options.progress(`redis: ${digits(loaded)} of ${digits(keys)} keys`);
  });
  const entries = await master.call('SLOWLOG', 'GET', '-1');
  if (!Array.isArray(entries)) throw new Error('SLOWLOG GET gave no list');
  // Each: id, time, µs, arguments…
  const slowest = entries.map((entry: unknown) => (Array.isArray(entry) ? Number(entry[2]) : 0));
  return Math.max(100, ...slowest) / 1000;
}
