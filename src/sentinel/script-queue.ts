/**
 * The scripts that are to run, as data: at most 16 at a time, of 256 that wait.
 *
 * One that a signal has ended, or that ends with 1, is run again, up to ten times in all, each time
 * after twice as long; any other end is final.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelScheduleScriptExecution(),
 * sentinelScriptRetryDelay()
 */
import type { Millis } from '../base/time.js';

export interface ScriptJob {
  readonly id: number;
  readonly argv: readonly [path: string, ...args: string[]];
  /** Null: it waits. */
  readonly running: {
    readonly since: Millis;
    /** 0 until the host has told. */
    readonly pid: number;
    readonly isKilled: boolean;
  } | null;
  /** When it may start; null: at once. */
  readonly notBefore: Millis | null;
  /** How often it was started. */
  readonly tries: number;
}

export const MOST_RUNNING = 16;
const MOST_QUEUED = 256;
const MOST_TRIES = 10;

/** @returns the queue with the job at its end; when it is full, without the oldest that waits. */
export function enqueue(
  queue: readonly ScriptJob[],
  id: number,
  argv: ScriptJob['argv'],
): readonly ScriptJob[] {
  const job: ScriptJob = { id, argv, running: null, notBefore: null, tries: 0 };
  const oldest = queue.length < MOST_QUEUED ? -1 : queue.findIndex(({ running }) => !running);
  return [...queue.filter((_, at) => at !== oldest), job];
}

/** How a script ended; `signal` 0: by itself. */
export interface ScriptEnd {
  readonly exitCode: number;
  readonly signal: number;
}

/** @returns the job as it waits for its next run, or null: it is done with. */
export function afterEnd(
  job: ScriptJob,
  { exitCode, signal }: ScriptEnd,
  retryDelayMs: Millis,
  now: Millis,
): ScriptJob | null {
  const wantsRetry = signal !== 0 || exitCode === 1;
  if (!wantsRetry || job.tries >= MOST_TRIES) return null;
  return { ...job, running: null, notBefore: now + retryDelayMs * 2 ** (job.tries - 1) };
}
