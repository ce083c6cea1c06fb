/**
 * Whether what clients were told of one key could have come from one copy of it, each operation
 * taking effect at one moment between its question and its answer.
 *
 * No two writes write the same value, so it is known which write a read has read. All that is about
 * one value is then a zone of time: if one of its operations had ended before another began, the
 * key had that value from the end of the first to the beginning of the last (a forward zone), and
 * no other value within. The history is linearizable if no two forward zones overlap, and no zone
 * of another kind lies within a forward one.
 *
 * @see Gibbons, Korach: Testing shared memories, 1997, theorem 4.2
 */
import type { Millis } from '../../base/time.js';
import type { Operation } from '../history.js';

/** The operations on one value. */
interface Zone {
  readonly value: number;
  /** When the write was begun; -Infinity: the key had it from the start. */
  readonly writtenAt: Millis;
  /** The first end of an operation on it; Infinity: none has ended. */
  firstEnd: Millis;
  /** The last beginning. */
  lastBegin: Millis;
}

/** @returns null: it is linearizable; else what contradicts what. */
export function whyNotLinearizable(operations: readonly Operation[]): string | null {
  const zones = new Map<number, Zone>([[0, zone(0, -Infinity, -Infinity)]]);
  for (const { kind, value, begunAt, endedAt, outcome } of operations) {
    if (kind !== 'write' || outcome === 'refused') continue;
    // One without an answer may take effect at any time, or never.
    zones.set(value, zone(value, begunAt, outcome === 'ok' ? endedAt! : Infinity));
  }
  for (const { kind, value, begunAt, endedAt, outcome } of operations) {
    if (kind !== 'read' || outcome !== 'ok') continue;
    const found = zones.get(value);
    if (found === undefined) return `${value} was read at ${endedAt} and never written`;
    if (endedAt! < found.writtenAt) return `${value} was read at ${endedAt}, before it was written`;
    found.firstEnd = Math.min(found.firstEnd, endedAt!);
    found.lastBegin = Math.max(found.lastBegin, begunAt);
  }
  const all = [...zones.values()].filter(({ firstEnd }) => firstEnd < Infinity);
  const forward = all
    .filter(isForward)
    .toSorted((one, other) => one.firstEnd - other.firstEnd || one.lastBegin - other.lastBegin);
  for (const [i, later] of forward.entries()) {
    const earlier = forward[i - 1];
    if (earlier !== undefined && later.firstEnd < earlier.lastBegin) return text(earlier, later);
  }
  for (const other of all) {
    if (isForward(other)) continue;
    const around = forward.find(
      ({ firstEnd, lastBegin }) => firstEnd < other.lastBegin && other.firstEnd < lastBegin,
    );
    if (around !== undefined) return text(around, other);
  }
  return null;
}

function zone(value: number, begunAt: Millis, endedAt: Millis): Zone {
  return { value, writtenAt: begunAt, firstEnd: endedAt, lastBegin: begunAt };
}

function isForward({ firstEnd, lastBegin }: Zone): boolean {
  return firstEnd < lastBegin;
}

function text(one: Zone, other: Zone): string {
  const span = ({ value, firstEnd, lastBegin }: Zone): string =>
    `${value} (an answer at ${firstEnd}, a question at ${lastBegin})`;
  return `it was ${span(one)} and ${span(other)}`;
}
