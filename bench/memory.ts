/**
 * Bytes a key: how much `used_memory` grows by when keys of 16 bytes with values of 64 are stored,
 * in a node of ours and in Redis. Figures of memory do not drift, so one run is enough.
 *
 * With a number of keys given, that many small ones (16 + 8 bytes) are loaded into one node of
 * ours.
 */
import { Cluster } from '../src/index.js';
import { memoryAvailable } from '../src/lab/bench/environment.js';
import { type Keys, loadKeys } from './loader.js';
import { RealRedis } from './real-redis.js';
import { type BenchOptions, type Section, digits, scaled, section } from './section.js';
import { compare } from '../src/lab/stats.js';
import { TcpGroup } from './tcp-group.js';

const KEYS = 1_000_000;
const SIZE = 64;
const SMALL = 8;
/** An upper bound of what a small key takes, to see beforehand whether there is room. */
const SMALL_KEY_BYTES = 80;

export async function memory(options: BenchOptions): Promise<Section> {
  if (options.keys !== null) return load({ count: options.keys, size: SMALL }, options);
  const keys = { count: scaled(KEYS, options), size: SIZE };
  const ours = (await inOurs(keys, options)).bytesPerKey;
  let peer: number | null = null;
  if (options.hasRedis) {
    await using redis = await RealRedis.start(0);
    peer = (await grow(redis.group, keys, options)).bytesPerKey;
  }
  return section(`Memory: ${digits(keys.count)} keys of 16 bytes, values of ${SIZE}`, {
    comparisons: [compare('used_memory a key', 'bytes', [{ ours, peer }])],
  });
}

async function load(keys: Keys, options: BenchOptions): Promise<Section> {
  const needed = keys.count * SMALL_KEY_BYTES;
  const available = memoryAvailable();
  const title = `Memory: ${digits(keys.count)} keys of 16 bytes, values of ${SMALL}, on one node`;
  options.progress(
    `needs up to ${digits(needed / 1e6)} MB, ${digits(available / 1e6)} MB are free`,
  );
  if (needed > available) {
    const note = `Not run: it may take ${digits(needed / 1e6)} MB, and ${digits(available / 1e6)} MB are free.`;
    return section(title, { notes: [note] });
  }
  const { bytesPerKey, seconds, stored } = await inOurs(keys, options);
  return section(title, {
    figures: [
      { name: 'keys stored', value: stored, unit: 'keys' },
      { name: 'used_memory a key', value: bytesPerKey, unit: 'bytes' },
      { name: 'used_memory', value: (bytesPerKey * stored) / 1e6, unit: 'MB' },
      { name: 'time to load over TCP', value: seconds, unit: 's' },
    ],
  });
}

interface Growth {
  readonly bytesPerKey: number;
  readonly seconds: number;
  /** As DBSIZE says afterwards. */
  readonly stored: number;
}

async function inOurs(keys: Keys, options: BenchOptions): Promise<Growth> {
  await using cluster = await Cluster.start({ replicas: 0, sentinels: 0 });
  const group = new TcpGroup(cluster.nodes().map(({ port }) => port));
  try {
    return await grow(group, keys, options);
  } finally {
    group.close();
  }
}

async function grow(group: TcpGroup, keys: Keys, options: BenchOptions): Promise<Growth> {
  const before = await group.masterInfo('memory', 'used_memory');
  const begin = performance.now();
  let saidAt = begin;
  await loadKeys(group.ports[0]!, keys, (loaded) => {
    if (performance.now() - saidAt < 2000) return;
    saidAt = performance.now();
    options.progress(`${digits(loaded)} of ${digits(keys.count)} keys`);
  });
  const seconds = (performance.now() - begin) / 1000;
  const used = (await group.masterInfo('memory', 'used_memory')) - before;
  return { bytesPerKey: used / keys.count, seconds, stored: await group.master.dbsize() };
}
