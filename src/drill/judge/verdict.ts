/**
 * The verdict on a client: what became of its operations around the strike.
 *
 * Two moments count. The *strike* is the scenario's first step; the scenario's *end* is its last
 * one, from which on the cluster can serve again, or serves those who look for the new master. A
 * client has recovered when an operation that began after the end has succeeded; the budget runs
 * from there.
 */
import type { Millis } from '../../base/time.js';
import { type Activity, activityOf } from './activity.js';
import { type DetectionFigures, detectionFigures, type DetectionRecord } from './detection.js';
import type { HistoryVerdict, LostWrite } from './history.js';
import { type Hint, hintsFor } from './hints.js';
import type { Outcome } from './outcome.js';
import type { Operation, OperationError } from './operations.js';
import { toTimeline, type DrillEvent, type TimelineEntry } from './timeline.js';
import type { UnsupportedCommand } from './unsupported.js';

export type Phase = 'before' | 'during' | 'after';

/** What a drill has recorded; every time is ms on the drill's clock. */
export interface DrillRecord extends DetectionRecord {
  readonly scenario: string;
  readonly budgetMs: Millis;
  readonly slowMs: Millis;
  readonly struckAt: Millis;
  readonly endedStepsAt: Millis;
  /** When watching ended. */
  readonly closedAt: Millis;
  readonly operations: readonly Operation[];
  readonly history: HistoryVerdict;
  readonly events: readonly DrillEvent[];
  /** When and why the client's own code ended before it was told to; null: it did not. */
  readonly clientEnd: { readonly at: Millis; readonly error: OperationError } | null;
  /** As the client names itself: `ioredis`, `node-redis`…; '' if it does not. */
  readonly library: string;
  /** Whether the client has asked a sentinel for anything. */
  readonly askedSentinels: boolean;
  /** Whether the scenario keeps sentinels from the clients. */
  readonly sentinelsSilent: boolean;
  readonly unsupported: readonly UnsupportedCommand[];
}

export interface ErrorCount extends OperationError {
  readonly phase: Phase;
  readonly count: number;
}

/** Times are ms from the strike, unless said otherwise. */
export interface Verdict {
  readonly scenario: string;
  readonly outcome: Outcome;
  readonly passed: boolean;
  readonly budgetMs: Millis;
  readonly library: string;
  /** When the first operation succeeded that was begun after the strike; null: none did. */
  readonly firstSuccessMs: Millis | null;
  /** From the scenario's end: when the first one succeeded that was begun after that. */
  readonly recoveredMs: Millis | null;
  /** The recovery with either way to find out that the master has died; null: none did. */
  readonly detection: DetectionFigures | null;
  /** The longest time without a success, from the strike on. */
  readonly longestSilenceMs: Millis;
  /** How long the oldest operation has been waiting when the drill ended; null: none waits. */
  readonly pendingMs: Millis | null;
  readonly succeeded: Readonly<Record<Phase, number>>;
  readonly errors: readonly ErrorCount[];
  readonly lost: readonly LostWrite[];
  readonly duplicated: readonly LostWrite[];
  /** Commands of the client that ringleader does not have, and has refused. */
  readonly unsupported: readonly UnsupportedCommand[];
  readonly writes: Pick<HistoryVerdict, 'acknowledgedWrites' | 'judgedKeys' | 'unjudgedKeys'>;
  /** When the scenario's last step was done. */
  readonly endMs: Millis;
  readonly timeline: readonly TimelineEntry[];
  readonly activity: Activity;
  readonly hints: readonly Hint[];
}

/** Judge a record. */
export function judge(record: DrillRecord): Verdict {
  const { struckAt, endedStepsAt, history, budgetMs } = record;
  const firstSuccess = firstSuccessBegunFrom(record, struckAt);
  const recovery = firstSuccessBegunFrom(record, endedStepsAt);
  const recoveredAt = recovery?.settledAt ?? null;
  const phaseOf = (at: Millis): Phase => {
    if (at < struckAt) return 'before';
    return recoveredAt === null || at < recoveredAt ? 'during' : 'after';
  };
  const succeeded = { before: 0, during: 0, after: 0 };
  for (const { settledAt, error } of record.operations) {
    if (settledAt !== null && error === null) succeeded[phaseOf(settledAt)] += 1;
  }
  const errors = countErrors(record, phaseOf);
  const recoveredMs = recoveredAt === null ? null : recoveredAt - endedStepsAt;
  const facts = { record, succeeded, errors, recoveredMs };
  const outcome = outcomeOf(facts);
  return {
    scenario: record.scenario,
    outcome,
    passed: outcome === 'passed',
    budgetMs,
    library: record.library,
    firstSuccessMs: firstSuccess === null ? null : firstSuccess.settledAt! - struckAt,
    recoveredMs,
    detection: detectionFigures(record, record.events, recoveredMs),
    longestSilenceMs: longestSilence(record),
    pendingMs: longestPending(record),
    succeeded,
    errors,
    lost: history.lost,
    duplicated: history.duplicated,
    unsupported: record.unsupported,
    writes: {
      acknowledgedWrites: history.acknowledgedWrites,
      judgedKeys: history.judgedKeys,
      unjudgedKeys: history.unjudgedKeys,
    },
    endMs: endedStepsAt - struckAt,
    timeline: toTimeline(record, firstSuccess, recovery),
    activity: activityOf(record.operations, struckAt, record.closedAt),
    hints: hintsFor({ ...record, outcome, errors }),
  };
}

interface Facts {
  readonly record: DrillRecord;
  readonly succeeded: Readonly<Record<Phase, number>>;
  readonly errors: readonly ErrorCount[];
  readonly recoveredMs: Millis | null;
}

function outcomeOf({ record, succeeded, errors, recoveredMs }: Facts): Outcome {
  const { history, budgetMs, slowMs } = record;
  if (history.lost.length > 0) return 'lost-writes';
  if (history.duplicated.length > 0) return 'duplicated-writes';
  if (succeeded.before === 0) {
    return record.unsupported.length > 0 ? 'unsupported-commands' : 'no-traffic';
  }
  if (recoveredMs === null || recoveredMs > budgetMs) {
    return errors.some(({ phase }) => phase !== 'before') ? 'errors' : 'silent-hang';
  }
  return recoveredMs > slowMs ? 'slow' : 'passed';
}

function firstSuccessBegunFrom({ operations }: DrillRecord, from: Millis): Operation | null {
  let first: Operation | null = null;
  for (const operation of operations) {
    const { startedAt, settledAt, error } = operation;
    if (startedAt < from || settledAt === null || error !== null) continue;
    if (first === null || settledAt < first.settledAt!) first = operation;
  }
  return first;
}

function countErrors(record: DrillRecord, phaseOf: (at: Millis) => Phase): ErrorCount[] {
  const counts = new Map<string, ErrorCount>();
  const add = (at: Millis, { code, message }: OperationError): void => {
    const phase = phaseOf(at);
    const id = `${phase} ${code}`;
    const known = counts.get(id) ?? { phase, code, message, count: 0 };
    counts.set(id, { ...known, count: known.count + 1 });
  };
  for (const { settledAt, error } of record.operations) {
    if (settledAt !== null && error !== null) add(settledAt, error);
  }
  if (record.clientEnd !== null) add(record.clientEnd.at, record.clientEnd.error);
  return [...counts.values()];
}

function longestSilence({ operations, struckAt, closedAt }: DrillRecord): Millis {
  const successes = operations
    .filter(({ settledAt, error }) => settledAt !== null && settledAt >= struckAt && error === null)
    .map(({ settledAt }) => settledAt!)
    .toSorted((a, b) => a - b);
  const moments = [struckAt, ...successes, Math.max(closedAt, struckAt)];
  return Math.max(...moments.slice(1).map((at, i) => at - moments[i]!));
}

function longestPending({ operations, closedAt }: DrillRecord): Millis | null {
  const waiting = operations.filter(({ settledAt }) => settledAt === null);
  if (waiting.length === 0) return null;
  return closedAt - Math.min(...waiting.map(({ startedAt }) => startedAt));
}
