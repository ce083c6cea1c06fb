/**
 * One run of a load on one system.
 *
 * The clock that counts stops when every replica has applied what the master was sent: a rate that
 * replicas cannot follow is not propagated. The load is made by a thread of its own, or by
 * redis-benchmark; the main thread only looks at offsets.
 */
import { createHistogram } from 'node:perf_hooks';

import { type Batches, makeBatches } from '../load/batches.js';
import { LoadDriver } from '../load/load-driver.js';
import type { Target } from '../load/messages.js';
import type { LoadSpec } from '../load/spec.js';
import { LagWatch } from './lag-watch.js';
import { OurSystem } from './our-system.js';
import { RealSystem } from './real-system.js';
import { redisBenchmark } from './redis-benchmark.js';
import { type AppliedLatency, type Latency, type Run, toLatency } from './result.js';
import { settle, type System, whileThere } from './system.js';

export interface RunPlan {
  readonly load: LoadSpec;
  readonly via: 'tcp' | 'process';
  readonly driver: 'own' | 'redis-benchmark';
  readonly clients: number;
  readonly pipeline: number;
  /** Commands/s; null: as fast as possible. */
  readonly rate: number | null;
  readonly durationMs: number;
  readonly seed: number;
}

/**
 * Commands that a load with latencies seen from outside it gets per second: few enough not to
 * count.
 */
const PROBES_PER_SECOND = 100;
/** ms that redis-benchmark runs to find out how much it has to send. */
const TRIAL_MS = 300;

/** What a generator saw. */
interface Generated {
  readonly answered: number;
  readonly refused: number;
  /** Unix ms: the first command, the last answer. */
  readonly from: number;
  readonly to: number;
  readonly response: Latency | null;
  readonly latency: readonly AppliedLatency[];
}

export async function runLoad(system: System, plan: RunPlan): Promise<Run> {
  await settle(system);
  const lag = new LagWatch(system);
  // The servers count CPU time and offsets for us: before the load, and after it.
  let cpuBefore: readonly number[] | null = null;
  let offsetBefore = 0;
  const generated = await generate(system, plan, async () => {
    cpuBefore = await system.cpuSeconds();
    offsetBefore = (await system.offsets())[0]!;
    lag.start();
  });
  await settle(system);
  const appliedAt = wallNow();
  const series = await lag.stop();
  const [offset] = await system.offsets();
  const cpuAfter = await system.cpuSeconds();
  const { answered, refused, from, to, response, latency } = generated;
  const seconds = Math.max(1, appliedAt - from) / 1000;
  return {
    accepted: answered / (Math.max(1, to - from) / 1000),
    applied: answered / seconds,
    commands: answered,
    refused,
    bytesPerSecond: (offset! - offsetBefore) / seconds,
    response,
    latency,
    lag: series,
    cpu: cpuEach(cpuBefore, cpuAfter, answered),
  };
}

/** @returns µs of CPU per command, of each node; null: this system does not tell. */
function cpuEach(
  before: readonly number[] | null,
  after: readonly number[] | null,
  commands: number,
): number[] | null {
  if (before === null || after === null) return null;
  return after.map((seconds, i) => ((seconds - before[i]!) * 1e6) / Math.max(1, commands));
}

/** @param onStart - called when all is prepared, right before the first command. */
function generate(system: System, plan: RunPlan, onStart: () => Promise<void>): Promise<Generated> {
  const { driver } = plan;
  return driver === 'own' ? ownLoad(system, plan, onStart) : benchmarkLoad(system, plan, onStart);
}

async function ownLoad(
  system: System,
  plan: RunPlan,
  onStart: () => Promise<void>,
): Promise<Generated> {
  const { load, pipeline, seed, durationMs, clients, rate } = plan;
  await using driver = driverFor(system, makeBatches(load, pipeline, seed), { clients, rate });
  await whileThere(system, () => driver.aim(targetOf(system, plan.via)));
  const prober = system instanceof RealSystem ? probe(system, load.prefix) : null;
  await onStart();
  driver.start();
  await whileThere(system, () => sleep(durationMs));
  const { answered, refused, from, to } = await driver.stop();
  if (system instanceof OurSystem) await settle(system);
  const latency = prober === null ? appliedLatencies(system, driver) : await prober();
  return { answered, refused, from, to, response: toLatency(driver.response), latency };
}

async function benchmarkLoad(
  system: System,
  plan: RunPlan,
  onStart: () => Promise<void>,
): Promise<Generated> {
  const { load, pipeline, clients } = plan;
  const guess = pipeline < 4 ? 60_000 : 300_000;
  const trial = Math.ceil((guess * TRIAL_MS) / 1000);
  const trialFrom = performance.now();
  const send = (count: number): Promise<void> =>
    whileThere(system, (signal) =>
      redisBenchmark(system, { load, requests: count, pipeline, clients }, signal),
    );
  await send(trial);
  const rate = trial / (performance.now() - trialFrom);
  await settle(system);
  const requests = Math.max(pipeline, Math.round(rate * plan.durationMs));
  const prober = await startProbe(system, plan);
  await onStart();
  const from = wallNow();
  await send(requests);
  const to = wallNow();
  await settle(system);
  const latency = await prober();
  return { answered: requests, refused: 0, from, to, response: null, latency };
}

/** Measure latencies beside a load that is made elsewhere, with a few writes of our own. */
async function startProbe(
  system: System,
  plan: RunPlan,
): Promise<() => Promise<readonly AppliedLatency[]>> {
  if (system instanceof RealSystem) return probe(system, plan.load.prefix);
  const load: LoadSpec = {
    ...plan.load,
    mix: [{ command: 'set', weight: 1 }],
    size: { min: 1, max: 1 },
    keys: 1,
    prefix: `${plan.load.prefix}probe:`,
  };
  const batches = makeBatches({ ...load, keys: 1 }, 1, plan.seed);
  const driver = driverFor(system, batches, { clients: 1, rate: PROBES_PER_SECOND });
  await driver.aim(targetOf(system, 'tcp'));
  driver.start();
  return async () => {
    await using _ = driver;
    await driver.stop();
    return appliedLatencies(system, driver);
  };
}

/** The same on real servers: their offsets are asked for, which takes part of a ms each time. */
function probe(system: RealSystem, prefix: string): () => Promise<readonly AppliedLatency[]> {
  const histograms = system.replicas.map(() => createHistogram({ figures: 3 }));
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted && histograms.length > 0) {
      const took = await system.probe(`${prefix}probe`);
      for (const [i, micros] of took.entries()) histograms[i]!.record(Math.round(micros * 1000));
      await sleep(1000 / PROBES_PER_SECOND);
    }
  })();
  running.catch(() => {}); // Seen by whoever ends it.
  return async () => {
    stopping.abort();
    await running;
    return histograms.flatMap((histogram, i) => {
      const latency = toLatency(histogram);
      return latency === null ? [] : [{ replica: system.replicas[i]!, ...latency }];
    });
  };
}

function appliedLatencies(system: System, driver: LoadDriver): AppliedLatency[] {
  return driver.applied.flatMap((histogram, i) => {
    const latency = toLatency(histogram);
    // Histogram 0 is the first master's: it was replica in no run without a failover.
    return latency === null ? [] : [{ replica: system.replicas[i - 1] ?? 'node-0', ...latency }];
  });
}

export function driverFor(
  system: System,
  batches: Batches,
  options: {
    readonly clients: number;
    readonly rate: number | null;
    readonly sampleEveryMs?: number;
  },
): LoadDriver {
  const { clients, rate, sampleEveryMs = 50 } = options;
  return new LoadDriver({
    batches,
    clients,
    rate,
    sampleEveryMs,
    replicas: system.replicas.length + 1,
    openConnection: () => (system instanceof OurSystem ? system.cluster.openConnection() : null),
  });
}

function targetOf(system: System, via: 'tcp' | 'process'): Target {
  if (system instanceof OurSystem) return system.target(via);
  const { host, port } = system;
  return { via: 'tcp', masterId: '', host, port, master: null, replicas: [], nodes: [] };
}

function wallNow(): number {
  return performance.timeOrigin + performance.now();
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
