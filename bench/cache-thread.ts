/**
 * One thread that reads from shared memory: first as fast as it can, then timing each read.
 *
 * Reading the clock costs some 50 ns, so the rate is taken without it.
 */
import { createHistogram, performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { Prng } from '../src/base/prng.js';
import { threadCpuSeconds } from '../src/runtime/thread-cpu.js';
import { attach, type CodecName, type ClusterHandle } from '../src/index.js';

export interface CacheTask {
  readonly handle: ClusterHandle;
  readonly keys: number;
  readonly codec: CodecName;
  /** Of each of the two parts. */
  readonly milliseconds: number;
}

export interface CacheFigures {
  readonly perSecond: number;
  /** Per second that the thread had a processor; null: this system does not tell. */
  readonly perCpuSecond: number | null;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly p9999Micros: number;
  readonly misses: number;
}

export const keyOf = (i: number): string => `key:${String(i).padStart(12, '0')}`;

const SLICE = 1000;

async function run(task: CacheTask): Promise<CacheFigures> {
  const cache = await attach(task.handle, { codec: task.codec });
  // Flat strings (what padStart makes is put together when it is first looked at), in the order in
  // which they are asked for: this list's own cache misses are not what is measured.
  const random = new Prng(1);
  const names = Array.from({ length: 1 << 16 }, () =>
    Buffer.from(keyOf(random.below(task.keys))).toString('latin1'),
  );
  let at = 0;
  let misses = 0;
  const slice = (): void => {
    for (let i = 0; i < SLICE; i++) {
      at = (at + 1) & 0xffff;
      if (cache.getSync(names[at]!) === undefined) misses += 1;
    }
  };
  const forAWhile = async (step: () => void): Promise<{ reads: number; seconds: number }> => {
    const begin = performance.now();
    let reads = 0;
    while (performance.now() - begin < task.milliseconds) {
      step();
      reads += SLICE;
      if (reads % (SLICE * 50) === 0) await turn();
    }
    return { reads, seconds: (performance.now() - begin) / 1000 };
  };
  for (let i = 0; i < 200; i++) slice(); // Compile it.
  const cpuBefore = threadCpuSeconds();
  const { reads, seconds } = await forAWhile(slice);
  const cpuAfter = threadCpuSeconds();
  const histogram = createHistogram();
  await forAWhile(() => {
    for (let i = 0; i < SLICE; i++) {
      at = (at + 1) & 0xffff;
      const name = names[at]!;
      const begin = process.hrtime.bigint();
      if (cache.getSync(name) === undefined) misses += 1;
      histogram.record(process.hrtime.bigint() - begin || 1n);
    }
  });
  cache.close();
  return {
    perSecond: reads / seconds,
    perCpuSecond: cpuBefore === null || cpuAfter === null ? null : reads / (cpuAfter - cpuBefore),
    p50Micros: histogram.percentile(50) / 1000,
    p99Micros: histogram.percentile(99) / 1000,
    p9999Micros: histogram.percentile(99.99) / 1000,
    misses,
  };
}

if (parentPort !== null) parentPort.postMessage(await run(workerData));
