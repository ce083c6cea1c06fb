/**
 * Singleflight across all threads: of those that want the same value computed, one does it.
 *
 * Rule: a key beside the value's is the lock, taken with SET NX PX and a token of its own, and kept
 * alive while the work goes on. The others look for the value, ever less often, until the
 * value is there or the lock gone, and then try again. A thread that dies holding it is replaced
 * when the lock expires; one whose loop stands still for longer than that may find that another has
 * done the work too. The lock spares work, it does not guard anything: nothing breaks if two
 * compute.
 *
 * A cluster that takes no writes for the moment stops no caller: the value is computed, and not
 * stored.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import { ReplyError } from '../resp/reply.js';
import { text } from '../cluster/client/value.js';
import type { CacheStore, Soon } from './store.js';

/** ms after which the lock of a thread that is gone is free; it is renewed in a third of that. */
const LOCK_MS = 3_000;
/** ms between two looks of those who wait: from, and up to. */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 16;

/** The value, and where it comes from. */
export type SingleflightResult<Value> =
  | { readonly state: 'computed'; readonly value: Value }
  /** Another has stored it. */
  | { readonly state: 'waited'; readonly value: Value }
  /** Computed, and not stored: the cluster takes nothing. */
  | { readonly state: 'alone'; readonly value: Value; readonly error: unknown };

export interface SingleflightPlan<Value> {
  readonly lockKey: string;
  /** @returns the value as it is stored, if it is and is new enough; null: it is not. */
  look(): Soon<{ readonly value: Value } | null>;
  compute(): Promise<Value>;
  /** @returns what stores it. @throws what is wrong with the value itself. */
  encode(value: Value): () => Promise<void>;
}

/** @throws what `compute` or `encode` throws. */
export async function singleflight<Value>(
  store: CacheStore,
  plan: SingleflightPlan<Value>,
): Promise<SingleflightResult<Value>> {
  const token = randomBytes(9).toString('base64url');
  for (;;) {
    let isOurs: boolean;
    try {
      isOurs = await lock(store, plan.lockKey, token);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { state: 'alone', value: await plan.compute(), error };
    }
    if (isOurs) return underLock(store, plan, token);
    const found = await untilFree(store, plan);
    if (found !== null) return { state: 'waited', value: found.value };
  }
}

/**
 * Whether the cluster cannot be reached, or takes no writes for the moment: values are computed all
 * the same.
 */
function isRefused(error: unknown): boolean {
  if (error instanceof ReplyError) return /^(OOM|NOREPLICAS|MISCONF) /.test(error.message);
  return error instanceof RingleaderError;
}

/** With GET it tells who has it: asked again, after a lost connection, it may be ours already. */
async function lock(store: CacheStore, key: string, token: string): Promise<boolean> {
  const reply = await store.request('SET', key, token, 'NX', 'GET', 'PX', LOCK_MS);
  return reply.type !== 'bulk' || text(reply.value) === token;
}

async function underLock<Value>(
  store: CacheStore,
  plan: SingleflightPlan<Value>,
  token: string,
): Promise<SingleflightResult<Value>> {
  const renewal = setInterval(() => {
    store.request('PEXPIRE', plan.lockKey, LOCK_MS).catch(() => {});
  }, LOCK_MS / 3);
  try {
    // Another may have stored it and unlocked between our look and our lock.
    const found = await plan.look();
    if (found !== null) return { state: 'waited', value: found.value };
    const value = await plan.compute();
    const put = plan.encode(value);
    try {
      await put();
    } catch (error) {
      if (!isRefused(error)) throw error;
      return { state: 'alone', value, error };
    }
    return { state: 'computed', value };
  } finally {
    clearInterval(renewal);
    // Behind the value: whoever sees the lock gone sees the value. Not that of a successor.
    unlock(store, plan.lockKey, token).catch(() => {});
  }
}

async function unlock(store: CacheStore, key: string, token: string): Promise<void> {
  if ((await store.text(key)) === token) await store.request('DEL', key);
}

async function untilFree<Value>(
  store: CacheStore,
  plan: SingleflightPlan<Value>,
): Promise<{ readonly value: Value } | null> {
  let waitMs: Millis = FIRST_LOOK_MS;
  for (;;) {
    // The lock first: it goes after the value has come.
    const isLocked = (await store.peek(plan.lockKey, false)) !== null;
    const found = await plan.look();
    if (found !== null || !isLocked) return found;
    await sleep(waitMs);
    waitMs = Math.min(waitMs * 2, LAST_LOOK_MS);
  }
}
