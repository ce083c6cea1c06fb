/** What happened around a strike, in order: the scenario's steps, the cluster, the client. */
import type { Millis } from '../../base/time.js';
import type { Operation } from './operations.js';

/** Something that happened, on the drill's clock. */
export interface DrillEvent {
  readonly at: Millis;
  readonly source: 'scenario' | 'cluster' | 'sentinel' | 'election' | 'client';
  readonly what: string;
}

/** The same for readers. */
export interface TimelineEntry {
  /** From the strike; negative: before. */
  readonly ms: Millis;
  readonly source: DrillEvent['source'];
  readonly what: string;
}

/** What a timeline is made of. */
interface Recorded {
  readonly struckAt: Millis;
  readonly operations: readonly Operation[];
  readonly events: readonly DrillEvent[];
  readonly clientEnd: { readonly at: Millis; readonly error: { readonly message: string } } | null;
}

/**
 * @returns entries in order of time. What sentinels say is told once, at the first one's word; of
 * the client, its first error and its first successes.
 */
export function toTimeline(
  { struckAt, operations, events, clientEnd }: Recorded,
  firstSuccess: Operation | null,
  recovery: Operation | null,
): TimelineEntry[] {
  const told = new Set<string>();
  const all: DrillEvent[] = events.filter(({ source, what }) => {
    if (source !== 'sentinel') return true;
    const isNew = !told.has(what);
    told.add(what);
    return isNew;
  });
  const firstError = operations
    .filter(({ settledAt, error }) => error !== null && settledAt !== null && settledAt >= struckAt)
    .toSorted((a, b) => a.settledAt! - b.settledAt!)[0];
  if (firstError !== undefined) {
    const { code, message } = firstError.error!;
    all.push({
      at: firstError.settledAt!,
      source: 'client',
      what: `first error, of ${firstError.what}: ${message.startsWith(code) ? '' : `${code} `}${message}`,
    });
  }
  if (firstSuccess !== null) {
    const what = `first success since the strike: ${firstSuccess.what}`;
    all.push({ at: firstSuccess.settledAt!, source: 'client', what });
  }
  if (recovery !== null && recovery !== firstSuccess) {
    const what = `first success since the scenario's end: ${recovery.what}`;
    all.push({ at: recovery.settledAt!, source: 'client', what });
  }
  if (clientEnd !== null) {
    all.push({ at: clientEnd.at, source: 'client', what: `ended: ${clientEnd.error.message}` });
  }
  return all
    .map(({ at, source, what }) => ({ ms: at - struckAt, source, what }))
    .toSorted((a, b) => a.ms - b.ms);
}
