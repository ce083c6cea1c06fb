/**
 * A load that goes on while its master fails: what clients see, on the failover's own timeline.
 *
 * The load has a fixed rate, so a batch that could not start for want of a master counts from the
 * moment at which it should have.
 */
import { RingleaderError } from '../../base/errors.js';
import type { Cluster } from '../../cluster/cluster.js';
import { makeBatches } from '../load/batches.js';
import type { Sample } from '../load/messages.js';
import type { OurSystem } from './our-system.js';
import { type Latency, toLatency } from './result.js';
import { driverFor, type RunPlan, sleep } from './run.js';

export const FAULTS = ['kill', 'freeze', 'throw', 'exit', 'oom', 'hang'] as const;
export type FaultName = (typeof FAULTS)[number];

/** ms between two points of the timeline. */
const EVERY_MS = 20;
/** The fault strikes after this share of the duration: before it, there is something to compare. */
const STRIKES_AT = 0.3;
/**
 * ms, beyond the duration, that another master is waited for. Real sentinels whose votes were split
 * try again after twice the failover timeout, 20 s.
 */
const PATIENCE_MS = 30_000;
/** ms of load that are shown after it was named, at least. */
const AFTER_MS = 1_000;

export interface Marker {
  /** Since the load began. */
  readonly seconds: number;
  readonly label: string;
}

export interface FailoverResult {
  readonly fault: FaultName;
  /** Nodes whose offsets the samples have, in that order: none, where they are processes. */
  readonly nodes: readonly string[];
  /** `seconds` since the load began; the rest as in `Sample`. */
  readonly samples: readonly (Omit<Sample, 'at'> & { readonly seconds: number })[];
  readonly markers: readonly Marker[];
  readonly answered: number;
  readonly refused: number;
  readonly lost: number;
  readonly response: Latency | null;
  /** ms from the fault until another master was named; null: none was. */
  readonly switchedMs: number | null;
  /**
   * ms of the longest time without an answer that touches the fault; at the samples' resolution.
   */
  readonly silentMs: number;
}

/** @throws RingleaderError CONFIG_INVALID */
export function parseFault(text: string): FaultName {
  const fault = FAULTS.find((each) => each === text);
  if (fault !== undefined) return fault;
  const rule = `faults are ${FAULTS.join(', ')}`;
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot use --through-failover: ${rule}; got '${text}'`,
  );
}

export async function runThroughFailover(
  ours: OurSystem,
  plan: RunPlan & { readonly rate: number },
  fault: FaultName,
): Promise<FailoverResult> {
  const { cluster } = ours;
  const batches = makeBatches(plan.load, plan.pipeline, plan.seed);
  await using driver = driverFor(ours, batches, { ...plan, sampleEveryMs: EVERY_MS });
  const nodes = ours.readable();
  await driver.aim(ours.target(plan.via));
  const begin = wallNow();
  const markers: Marker[] = [];
  const mark = (label: string): void => {
    if (markers.some((known) => known.label === label)) return; // Each sentinel says the same.
    markers.push({ seconds: (wallNow() - begin) / 1000, label });
  };
  const switched: { at: number | null } = { at: null };
  const aim = (): void => void driver.aim(ours.target(plan.via));
  markEvents(cluster, mark);
  cluster.on('node-up', aim).on('switch-master', () => {
    switched.at ??= wallNow();
    aim();
  });
  driver.start();
  await sleep(plan.durationMs * STRIKES_AT);
  const struckAt = wallNow();
  mark(fault);
  strike(cluster, fault);
  await sleep(plan.durationMs * (1 - STRIKES_AT));
  // A timeline that ends before the failover does would tell nothing: wait for it, within a bound.
  const giveUpAt = wallNow() + PATIENCE_MS;
  while (switched.at === null && wallNow() < giveUpAt) await sleep(EVERY_MS);
  if (switched.at !== null) await sleep(Math.max(0, switched.at + AFTER_MS - wallNow()));
  const { answered, refused, lost } = await driver.stop();
  const samples = driver.samples.map(({ at, ...rest }) => ({
    ...rest,
    seconds: (at - begin) / 1000,
  }));
  return {
    fault,
    nodes,
    samples,
    markers,
    answered,
    refused,
    lost,
    response: toLatency(driver.response),
    switchedMs: switched.at === null ? null : switched.at - struckAt,
    silentMs: longestSilence(samples, (struckAt - begin) / 1000) * 1000,
  };
}

/** Seconds of the longest run of samples without an answer that ends after `from`. */
export function longestSilence(
  samples: readonly { readonly seconds: number; readonly answered: number }[],
  from: number,
): number {
  let longest = 0;
  let lastAnswer = samples[0]?.seconds ?? 0;
  for (const { seconds, answered } of samples) {
    if (answered === 0) {
      if (seconds >= from) longest = Math.max(longest, seconds - lastAnswer);
    } else lastAnswer = seconds;
  }
  return longest;
}

function strike(cluster: Cluster, fault: FaultName): void {
  const id = cluster.masterId;
  if (fault === 'kill') void cluster.kill(id);
  else if (fault === 'freeze') void cluster.pause(id);
  else cluster.inject(id, fault === 'oom' ? 'out-of-memory' : fault);
}

const TOLD: ReadonlySet<string> = new Set(['+sdown', '+odown', '+elected-leader']);

function markEvents(cluster: Cluster, mark: (label: string) => void): void {
  cluster
    .on('node-down', ({ id, reason }) => mark(`${id} down (${reason})`))
    .on('node-up', ({ id }) => mark(`${id} up`))
    .on('switch-master', ({ to }) => mark(`${to} is master`))
    .on('sentinel', ({ channel }) => {
      if (TOLD.has(channel)) mark(channel);
    });
}

function wallNow(): number {
  return performance.timeOrigin + performance.now();
}
