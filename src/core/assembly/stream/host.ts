/** What the host does with the stream: append its own commands, publish, resize, start afresh. */
import { begin } from '../state';
import { appendVerbatim, flushRun } from './propagate';
import {
  cutRing,
  growRing,
  publishRing,
  resetRing,
  resizeRing,
  ringMemory,
  ringTail,
  unfenceRing,
} from './ring';

/**
 * Append a command, RESP-encoded by the host, for a database; SELECT is put before it if needed.
 */
export function appendCommand(database: i32, at: usize, length: u32): void {
  begin(0, database);
  appendVerbatim(at, at + length);
  flushRun();
}

/** @returns the offset of the last byte appended, published or not. */
export function appended(): f64 {
  flushRun();
  return <f64>ringTail();
}

/** Take out bytes that were appended, not yet published. @returns false: they are overwritten. */
export function cutAppended(from: f64, length: u32): bool {
  flushRun();
  return cutRing(<i64>from, length);
}

/** @returns false: fenced. */
export function publish(): bool {
  flushRun();
  return publishRing();
}

export function unfence(): void {
  unfenceRing();
}

/** @param offset - a whole number below 2^53. */
export function resetHistory(offset: f64): void {
  flushRun();
  resetRing(<i64>offset);
}

/** @returns bytes left to copy; 0: done; -1: memory is exhausted. */
export function grow(bytes: u32, budget: u32): f64 {
  flushRun();
  return <f64>growRing(bytes, budget);
}

/** @returns bytes of memory for the backlog. */
export function backlogMemory(): f64 {
  return <f64>ringMemory();
}

/** @returns false: memory is exhausted. */
export function resize(bytes: u32): bool {
  flushRun();
  return resizeRing(bytes);
}
