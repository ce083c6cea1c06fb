/** What a cluster's calls take: checked at run time as well, for callers without a compiler. */
import { checkMs, checkOptions, refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import { type Fault, FAULTS } from '../runtime/faults.js';
import { type Detection, DETECTIONS } from '../runtime/messages.js';

export interface WaitOptions {
  /** ms to wait. */
  readonly timeoutMs?: Millis;
}

export interface KillOptions {
  /** How the sentinels find out; default: the cluster's `detection`. */
  readonly detect?: Detection;
}

/** How many arguments a cluster's calls take; stop() takes what a signal's listener is given. */
export const MOST_ARGUMENTS = {
  on: 2,
  off: 2,
  once: 2,
  settled: 1,
  client: 1,
  batches: 2,
  handle: 0,
  cache: 1,
  openConnection: 1,
  kill: 2,
  failover: 1,
  inject: 2,
  pause: 1,
  resume: 1,
  partition: 2,
  heal: 2,
  operator: 1,
} as const;

/** One side of a cut: an actor's id, or several. */
export type Side = string | readonly string[];

/** @throws RingleaderError CONFIG_INVALID */
export function timeoutOf(of: string, options: WaitOptions, byDefault: Millis): Millis {
  checkOptions(of, options, ['timeoutMs']);
  checkMs('timeoutMs', options.timeoutMs);
  return options.timeoutMs ?? byDefault;
}

/** @throws RingleaderError CONFIG_INVALID */
export function detectionOf(options: KillOptions): Detection | undefined {
  checkOptions('kill()', options, ['detect']);
  const { detect } = options;
  if (detect === undefined || DETECTIONS.includes(detect)) return detect;
  throw refusal('detect', `one of ${DETECTIONS.join(', ')}`, detect);
}

/** @throws RingleaderError CONFIG_INVALID */
export function checkFault(fault: Fault): void {
  if (FAULTS.includes(fault)) return;
  throw refusal('a fault', `one of ${FAULTS.join(', ')}`, fault);
}

/**
 * Every actor of one side with every actor of the other.
 *
 * @param known - `record` throws where there is no such actor.
 * @throws RingleaderError CONFIG_INVALID: an actor is on both sides.
 */
export function pairsOf(
  a: unknown,
  b: unknown,
  known: { record(id: string): unknown },
): [string, string][] {
  const left = sideOf(a);
  const right = sideOf(b);
  for (const id of [...left, ...right]) known.record(id);
  const both = left.find((id) => right.includes(id));
  if (both !== undefined) {
    throw refusal('the two sides', `no actor is on both, as ${both} is`, [...left, ...right]);
  }
  return left.flatMap((one) => right.map((other): [string, string] => [one, other]));
}

function sideOf(side: unknown): string[] {
  const ids: unknown[] = Array.isArray(side) ? side : [side];
  if (ids.every(isId) && ids.length > 0) return ids;
  throw refusal('a side', 'an id, or an array of ids', side);
}

function isId(id: unknown): id is string {
  return typeof id === 'string';
}
