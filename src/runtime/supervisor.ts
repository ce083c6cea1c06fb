/**
 * Supervision: what to do about an actor whose thread is gone.
 *
 * A child is described, not coded, and the decision is a pure function of the description, of the
 * times of past restarts and of how it died. Three rules:
 *
 * 1. Intensity. More than R restarts within T ms: restarting does not help, give up and say so.
 * 2. Backoff. Each restart within T waits twice as long as the one before, up to a limit, with
 *    seeded jitter, so that children killed by one cause do not come back in step.
 * 3. A node that was master and has nothing on disk is never restarted in place while others
 *    replicate from it: it would come back empty, still as their master, and wipe them. It waits
 *    until a failover has made another node master, and comes back as that one's replica.
 *
 * @see erlang/otp, lib/stdlib/src/supervisor.erl, add_restart/3 (rule 1)
 */
import { assert } from '../base/assert.js';
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';

/** How to treat one actor. Plain data: it can be printed, compared and sent. */
export interface ChildSpec {
  /** 'temporary': never restarted. */
  readonly restart: 'permanent' | 'temporary';
  readonly intensity: { readonly maxRestarts: number; readonly withinMs: Millis };
  readonly backoff: { readonly initialMs: Millis; readonly maxMs: Millis };
}

/** Five restarts in ten seconds; 50 ms before the first, at most 2 s before any. */
export const DEFAULT_CHILD_SPEC: ChildSpec = {
  restart: 'permanent',
  intensity: { maxRestarts: 5, withinMs: 10_000 },
  backoff: { initialMs: 50, maxMs: 2_000 },
};

/** What was true of the actor when its thread ended. */
export interface Death {
  readonly wasMaster: boolean;
  /** It will load its data from disk when it starts. */
  readonly hasDisk: boolean;
  /** Other nodes hold copies of its data. */
  readonly hasReplicas: boolean;
}

export type Decision =
  /** Start it again after so many ms; `restarts` is the history to keep. */
  | { readonly type: 'restart'; readonly afterMs: Millis; readonly restarts: readonly Millis[] }
  /** Ask again, with `wasMaster` false, once another node is master. */
  | { readonly type: 'wait-for-failover' }
  | { readonly type: 'give-up'; readonly why: string };

/**
 * Decide what becomes of an actor that has just died.
 *
 * @param restarts - when it was restarted before; ms on `now`'s clock, oldest first.
 * @param now - ms, from the injected clock.
 */
export function decideRestart(
  spec: ChildSpec,
  restarts: readonly Millis[],
  death: Death,
  now: Millis,
  random: Prng,
): Decision {
  const { maxRestarts, withinMs } = spec.intensity;
  assert(maxRestarts >= 0 && withinMs > 0 && spec.backoff.initialMs >= 0);

  if (spec.restart === 'temporary') return { type: 'give-up', why: 'it is never restarted' };
  if (death.wasMaster && !death.hasDisk && death.hasReplicas) return { type: 'wait-for-failover' };

  const recent = restarts.filter((at) => now - at < withinMs);
  if (recent.length >= maxRestarts) {
    return { type: 'give-up', why: `${recent.length} restarts within ${withinMs} ms` };
  }
  return {
    type: 'restart',
    afterMs: backoffMs(spec, recent.length, random),
    restarts: [...recent, now],
  };
}

/** Half of the delay is certain, half is jitter: never at once, never later than said. */
function backoffMs(spec: ChildSpec, recentRestarts: number, random: Prng): Millis {
  const { initialMs, maxMs } = spec.backoff;
  const delayMs = Math.min(maxMs, initialMs * 2 ** recentRestarts);
  const certainMs = Math.floor(delayMs / 2);
  return certainMs + random.below(delayMs - certainMs + 1);
}
