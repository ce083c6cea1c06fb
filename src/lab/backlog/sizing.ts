/**
 * The whole answer: what size, how sure, what limit beside it, at what cost.
 *
 * The result is plain data: the command prints it, `--json` is it, the report draws it.
 */
import { unusable } from '../../base/refuse.js';
import { type CurvePoint, measureCurve, type ResyncCurve } from './curve.js';
import { findKnee } from './knee.js';
import { backlogSlack, type MemoryCost, memoryCost, type RedisVersion } from './memory-cost.js';
import { type OutagePattern, describeOutages, meanSeconds } from './outages.js';
import {
  type FullSyncOptions,
  type OutputBufferSizing,
  sizeOutputBuffer,
} from './output-buffer.js';
import { confidenceBelow } from './confidence.js';
import { type Gaps, type Series, meanRate, totalBytes, totalSeconds } from './series.js';
import { MIN_BACKLOG_BYTES } from './size-grid.js';

export interface SizingOptions {
  /** How long replicas are away, and how often each length occurs. */
  readonly outages: OutagePattern;
  /** Probability of a full resync per outage that is put up with, from 0.0001; default 0.01. */
  readonly target?: number;
  /**
   * Seconds from the link's return until the replica asks, counted in full; default 1: a replica
   * tries once a second.
   */
  readonly reconnectSeconds?: number;
  /** Bytes under way to the replica when the link goes; default 0. */
  readonly inFlightBytes?: number;
  /** Redis up to 6.2, or from 7.0 on (the default). */
  readonly version?: RedisVersion;
  /** Of the master; default 1. */
  readonly replicas?: number;
  /** Of one write; default 0: they are all small. */
  readonly largestValueBytes?: number;
  /** To size `client-output-buffer-limit replica` as well. */
  readonly fullSync?: Omit<FullSyncOptions, 'replicas' | 'diskless'>;
  /** The size in use, to be judged as well; bytes. */
  readonly currentBytes?: number;
  /** Called after each length of outage that was measured. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** A size found, and what it comes to. */
export interface SizeAnswer {
  readonly bytes: number;
  readonly point: CurvePoint;
}

export interface BacklogSizing {
  readonly target: number;
  readonly series: {
    readonly name: string;
    readonly samples: number;
    readonly seconds: number;
    readonly bytes: number;
    readonly meanRate: number;
    readonly restarts: number;
    readonly gaps: Gaps;
    readonly notes: readonly string[];
    /** Nothing is left open between its samples. */
    readonly isExact: boolean;
  };
  readonly outages: {
    readonly description: string;
    readonly meanSeconds: number;
    /** The share that is longer than the series. */
    readonly beyond: number;
    /** How many, end to end, the series has room for. */
    readonly disjoint: number;
  };
  readonly reconnectSeconds: number;
  readonly inFlightBytes: number;
  readonly version: RedisVersion;
  readonly replicas: number;
  readonly largestValueBytes: number;
  /** The smallest size at which the series itself keeps to the target. */
  readonly smallest: SizeAnswer;
  /**
   * The smallest at which that holds with 97.5 % confidence; null: the series is too short to say.
   */
  readonly sure: SizeAnswer | null;
  /** The smallest that holds if what came between two samples came at the worst moment. */
  readonly worst: SizeAnswer;
  /** What to configure: `smallest`, and at least a largest value. */
  readonly recommended: SizeAnswer;
  /**
   * How sure it is, 0 to 1, that `recommended` keeps to the target on another day of the same kind.
   */
  readonly confidence: number;
  /** Beside it for the careful: `sure` if there is one, else the largest window. */
  readonly cautious: SizeAnswer;
  readonly knee: SizeAnswer | null;
  /** Redis' default, 1mb, or what is in use. */
  readonly current: SizeAnswer;
  /** Sizes around the fall of the curve, doubling. */
  readonly table: readonly CurvePoint[];
  /** For charts. */
  readonly curve: readonly CurvePoint[];
  /** rate × time, as it is often done, and the probability that it comes to. */
  readonly naive: SizeAnswer;
  readonly slackBytes: number;
  readonly outputBuffer: OutputBufferSizing | null;
  readonly memory: Readonly<Record<RedisVersion, MemoryCost>>;
}

const DEFAULT_BACKLOG_BYTES = 2 ** 20;
/** Points of a chart. */
const CHART_POINTS = 160;

/**
 * @throws RingleaderError CONFIG_INVALID: an option breaks a rule; the message names it.
 */
export async function sizeBacklog(series: Series, options: SizingOptions): Promise<BacklogSizing> {
  const {
    outages,
    target = 0.01,
    reconnectSeconds = 1,
    inFlightBytes = 0,
    version = '7',
    replicas = 1,
    largestValueBytes = 0,
  } = options;
  checkTarget('the target', target);
  // The grid reaches whatever is to be judged.
  const atLeastBytes = Math.max(largestValueBytes, options.currentBytes ?? DEFAULT_BACKLOG_BYTES);
  const curve = await measureCurve(
    series,
    outages,
    { reconnectSeconds, inFlightBytes, atLeastBytes },
    options.onProgress,
  );
  const answer = (index: number): SizeAnswer => answerAt(curve, index);
  const smallest = answer(curve.firstIndex(({ share }) => share <= target));
  const worst = answer(curve.firstIndex((point) => point.worst <= target));
  const sureIndex = curve.firstIndex(({ interval }) => interval.high <= target);
  const sure = sureIndex === -1 ? null : answer(sureIndex);
  const atLeast = (bytes: number): SizeAnswer =>
    answer(curve.indexAbove(Math.max(bytes, largestValueBytes)));
  const recommended = atLeast(smallest.bytes);
  const cautious = atLeast(Math.max(smallest.bytes, sure?.bytes ?? curve.largestWorst));
  const { share, cases } = recommended.point;
  const points = chartPoints(curve);
  const knee = findKnee(points);
  const mean = meanSeconds(outages);
  const fullSync = options.fullSync && { ...options.fullSync, replicas, diskless: version === '7' };
  const outputBuffer = fullSync
    ? sizeOutputBuffer(series, fullSync, recommended.bytes, largestValueBytes)
    : null;
  const memory = (of: RedisVersion): MemoryCost => {
    const syncBytes = outputBuffer?.largest ?? 0;
    const hardBytes = outputBuffer?.limit.hardBytes ?? 0;
    return memoryCost(of, recommended.bytes, syncBytes, hardBytes, replicas);
  };
  return {
    target,
    series: {
      name: series.name,
      samples: series.seconds.length,
      seconds: totalSeconds(series),
      bytes: totalBytes(series),
      meanRate: meanRate(series),
      restarts: series.restarts,
      gaps: series.gaps,
      notes: series.notes,
      isExact: series.isExact,
    },
    outages: {
      description: describeOutages(outages),
      meanSeconds: mean,
      beyond: curve.beyond,
      disjoint: curve.disjoint,
    },
    reconnectSeconds,
    inFlightBytes,
    version,
    replicas,
    largestValueBytes,
    smallest,
    sure,
    worst,
    recommended,
    confidence: confidenceBelow(share, cases, target),
    cautious,
    knee: knee && { bytes: knee.size, point: knee },
    current: pointAt(curve, options.currentBytes ?? DEFAULT_BACKLOG_BYTES),
    table: tablePoints(curve, [recommended.bytes, cautious.bytes]),
    curve: points,
    naive: pointAt(
      curve,
      Math.max(MIN_BACKLOG_BYTES, meanRate(series) * (mean + reconnectSeconds)),
    ),
    slackBytes: backlogSlack(version, recommended.bytes),
    outputBuffer,
    memory: { '6.2': memory('6.2'), '7': memory('7') },
  };
}

/**
 * Rarer than one outage in 10,000 is beyond what a distribution's tail is measured to.
 *
 * @throws RingleaderError CONFIG_INVALID
 */
export function checkTarget(name: string, target: number): void {
  if (target >= 0.0001 && target < 1) return;
  throw unusable(name, 'the probability lies between 0.0001 and 1', String(target));
}

function answerAt(curve: ResyncCurve, index: number): SizeAnswer {
  const point = curve.point(index);
  return { bytes: point.size, point };
}

/** A size that was given: judged by the grid's size at or below it. */
function pointAt(curve: ResyncCurve, bytes: number): SizeAnswer {
  return { bytes, point: curve.at(bytes) };
}

/** Doubling sizes from the last that hardly helps to the first that is never outgrown. */
function tablePoints(curve: ResyncCurve, judged: readonly number[]): CurvePoint[] {
  const doubling = Array.from(curve.sizes, (_, index) => index)
    .filter((index) => Number.isInteger(Math.log2(curve.sizes[index]!)))
    .map((index) => curve.point(index));
  const firstUseful = doubling.findIndex(({ share }) => share < 0.995);
  const firstNever = doubling.findIndex(({ worst }) => worst === 0);
  const shown = doubling.slice(
    Math.max(0, firstUseful - 1),
    firstNever === -1 ? doubling.length : firstNever + 1,
  );
  for (const bytes of judged) {
    if (!shown.some(({ size }) => size === bytes)) shown.push(curve.at(bytes));
  }
  return shown.toSorted((a, b) => a.size - b.size);
}

/** Evenly spread over the sizes that matter. */
function chartPoints(curve: ResyncCurve): CurvePoint[] {
  const first = Math.max(0, curve.firstIndex(({ share }) => share < 0.9999) - 32);
  const last = Math.min(curve.sizes.length - 1, curve.indexAbove(curve.largestWorst) + 8);
  const step = Math.max(1, (last - first) / CHART_POINTS);
  const indices = new Set<number>();
  for (let at = first; at < last; at += step) indices.add(Math.round(at));
  indices.add(last);
  return [...indices].map((index) => curve.point(index));
}
