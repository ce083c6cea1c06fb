/**
 * Reads of shared memory from another thread, while the master takes writes at a fixed rate; beside
 * them the same reads through ioredis from a local server, one at a time.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Redis } from 'ioredis';

import { type BatchChannel, Cluster } from '../src/index.js';
import { encodeCommand } from '../src/resp/encode-command.js';
import { type CacheFigures, type CacheTask, keyOf } from './cache-thread.js';
import { setBatches } from '../src/lab/load/set-batches.js';
import { RealRedis } from './real-redis.js';
import {
  type BenchOptions,
  digits,
  type Figure,
  type Section,
  scaled,
  section,
} from './section.js';
import { percentile } from '../src/lab/stats.js';

const KEYS = 100_000;
const SIZE = 64;
const WRITES_PER_SECOND = 100_000;
const PER_BATCH = 200;
const MILLISECONDS = 2_000;
const ASKED = 5_000;

export async function cache(options: BenchOptions): Promise<Section> {
  const keys = scaled(KEYS, options);
  const milliseconds = scaled(MILLISECONDS, options);
  const figures: Figure[] = [];
  const figure = (name: string, value: number, unit: string): number =>
    figures.push({ name, value, unit });
  await using cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
  const channel = cluster.batches();
  await fill(channel, keys);
  const batches = setBatches({ keys, size: SIZE, commandsPerBatch: PER_BATCH, batches: 500 });
  for (const codec of ['string', 'buffer'] as const) {
    const writer = new Writer(channel, batches);
    const read = await readIn({ handle: cluster.handle(), keys, codec, milliseconds });
    const rate = await writer.stop();
    if (read.misses > 0) throw new Error(`${read.misses} keys were not there`);
    figure(`getSync, ${codec}: rate of one thread`, read.perSecond, 'reads/s');
    if (read.perCpuSecond !== null) {
      figure(`getSync, ${codec}: per second of its processor`, read.perCpuSecond, 'reads/s');
    }
    figure(`getSync, ${codec}: median`, read.p50Micros, 'µs');
    figure(`getSync, ${codec}: 99th percentile`, read.p99Micros, 'µs');
    figure(`getSync, ${codec}: 99.99th percentile`, read.p9999Micros, 'µs');
    figure(`writes that the master took meanwhile`, rate, 'commands/s');
    options.progress(`${codec}: ${digits(read.perSecond)} reads/s`);
  }
  const [node] = cluster.nodes();
  const tcp = await askOneByOne(node!.port, keys, scaled(ASKED, options));
  figure('ioredis to this node, one at a time: median', tcp.p50, 'µs');
  if (options.hasRedis) {
    await using redis = await RealRedis.start(0);
    const [port] = redis.group.ports;
    const peer = await askOneByOne(port!, keys, scaled(ASKED, options));
    figure('ioredis to a local Redis, one at a time: median', peer.p50, 'µs');
    figure('ioredis to a local Redis, one at a time: 99th percentile', peer.p99, 'µs');
  }
  return section(`Shared reads: ${keys} keys, ${SIZE}-byte values`, {
    figures,
    notes: ['getSync runs in a worker; timed reads include two readings of the clock.'],
  });
}

async function fill(channel: BatchChannel, keys: number): Promise<void> {
  const value = 'x'.repeat(SIZE);
  for (let i = 0; i < keys; i += PER_BATCH) {
    const commands = Array.from({ length: Math.min(PER_BATCH, keys - i) }, (_, j) =>
      encodeCommand(['SET', keyOf(i + j), value]),
    );
    await channel.send(Buffer.concat(commands), commands.length);
  }
}

async function readIn(task: CacheTask): Promise<CacheFigures> {
  const worker = new Worker(new URL('cache-thread.js', import.meta.url), { workerData: task });
  const [figures]: CacheFigures[] = await once(worker, 'message');
  await worker.terminate();
  if (figures === undefined) throw new Error('the reader said nothing');
  return figures;
}

/** Writes at a fixed rate, by the clock. */
class Writer {
  readonly #running: Promise<number>;
  #isOver = false;

  constructor(
    channel: BatchChannel,
    batches: readonly { readonly bytes: Uint8Array; readonly commands: number }[],
  ) {
    this.#running = this.#write(channel, batches);
  }

  async #write(
    channel: BatchChannel,
    batches: readonly { readonly bytes: Uint8Array; readonly commands: number }[],
  ): Promise<number> {
    const begin = performance.now();
    let sent = 0;
    const pending: Promise<void>[] = [];
    while (!this.#isOver) {
      const due = ((performance.now() - begin) / 1000) * WRITES_PER_SECOND;
      while (sent < due) {
        const { bytes, commands } = batches[(sent / PER_BATCH) % batches.length]!;
        pending.push(channel.send(bytes, commands, 'share'));
        sent += commands;
      }
      while (pending.length > 8) await pending.shift();
      await sleep(1);
    }
    await Promise.all(pending);
    return sent / ((performance.now() - begin) / 1000);
  }

  /** @returns commands/s that were answered. */
  stop(): Promise<number> {
    this.#isOver = true;
    return this.#running;
  }
}

async function askOneByOne(
  port: number,
  keys: number,
  count: number,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const redis = new Redis({ port, host: '127.0.0.1' });
  await redis.set(keyOf(0), 'x'.repeat(SIZE));
  const micros: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    await redis.get(keyOf(i % keys));
    micros.push((performance.now() - begin) * 1000);
  }
  redis.disconnect();
  return { p50: percentile(micros, 0.5), p99: percentile(micros, 0.99) };
}
