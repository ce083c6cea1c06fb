/**
 * A cache's bytes under full keys: written through the master, read from wherever there is a way:
 * shared memory (`shared-store.ts`), or the master (`remote-store.ts`).
 *
 * All caches of one `attach` (its namespaces) share it, with its counters and its lifetime.
 */
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import type { Reply } from '../resp/reply.js';
import { cacheChannels } from './events.js';
import type { Client } from '../cluster/client/client.js';
import { text } from '../cluster/client/value.js';
import type { NodeStaleness } from './shared-nodes.js';

/** What one thread's cache has counted, and what the master says of all. */
export interface CacheStats {
  /** Reads that found a value, and that did not. */
  readonly hits: number;
  readonly misses: number;
  /** hits / (hits + misses); 0 before the first. */
  readonly hitRate: number;
  /** Of the hits, those that another memory than the master's served. */
  readonly replicaReads: number;
  readonly writes: number;
  /**
   * wrap(): values computed here; stale ones served while that was done; waits for another's
   * result.
   */
  readonly computed: number;
  readonly servedStale: number;
  readonly waited: number;
  /** Of the master, since it began: all keys, all threads. NaN without shared memory. */
  readonly evictedKeys: number;
  readonly expiredKeys: number;
  readonly usedMemoryBytes: number;
}

/** Keys deleted by one command: more would hold up the node, and what else waits for it. */
const KEYS_AT_ONCE = 1_000;
const DEFAULT_RETRY_FOR_MS: Millis = 5_000;
/** ms for the client, which knows more, to say first that no node has taken it. */
const SLACK_MS = 20;
/** ms; a longer timer would be due at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A value that was found, until the next is looked for. */
export interface Found {
  /** Unix ms up to which it lives; Infinity: for ever. */
  expireAt(): number;
  takeBuffer(): Buffer;
  text(): string;
}

/** At once, or as soon as the master has answered. */
export type Soon<Result> = Result | Promise<Result>;

export abstract class CacheStore {
  readonly client: Client;
  readonly counts = {
    hits: 0,
    misses: 0,
    replicaReads: 0,
    writes: 0,
    computed: 0,
    servedStale: 0,
    waited: 0,
  };
  readonly #retryForMs: Millis;

  /** @param retryForMs - for how long one request is tried, repetitions included. */
  constructor(client: Client, retryForMs = DEFAULT_RETRY_FOR_MS) {
    this.client = client;
    this.#retryForMs = retryForMs;
  }

  /** Whether values are looked up at once, in shared memory. */
  abstract readonly hasMemory: boolean;

  /** @throws RingleaderError UNSUPPORTED: this call needs shared memory, and there is none. */
  needMemory(call: string): void {
    if (!this.hasMemory) throw lacksMemory(call);
  }

  /** Look quietly. @returns null: there is no such string, or, if no value is wanted, key. */
  abstract peek(key: string, wantsValue?: boolean): Soon<Found | null>;

  /** Look a hash's field up in shared memory. Key and field must fit (SharedReader.fits). */
  abstract peekField(key: string, field: string): Found | null;

  abstract staleness(): NodeStaleness[];

  /** Of the master, since it began. */
  protected abstract masterCounts(): Pick<
    CacheStats,
    'evictedKeys' | 'expiredKeys' | 'usedMemoryBytes'
  >;

  /** A user asked for a key: counted, and told to subscribers. */
  count(key: string, isHit: boolean): void {
    if (isHit) this.counts.hits += 1;
    else this.counts.misses += 1;
    if (cacheChannels.get.hasSubscribers) cacheChannels.get.publish({ key, isHit });
  }

  /** @param ttlMs - Infinity: it stays. */
  async set(key: string, value: string | Uint8Array, ttlMs: Millis): Promise<void> {
    await (ttlMs === Infinity
      ? this.request('SET', key, value)
      : this.request('SET', key, value, 'PX', ttlMs));
    this.counts.writes += 1;
    if (cacheChannels.set.hasSubscribers) cacheChannels.set.publish({ key, ttlMs });
  }

  async setField(key: string, field: string, value: string | Uint8Array): Promise<void> {
    await this.request('HSET', key, field, value);
    this.counts.writes += 1;
  }

  /** @returns how many there were. */
  async delete(keys: readonly string[]): Promise<number> {
    if (keys.length === 0) return 0;
    const batches: Promise<Reply>[] = [];
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      batches.push(this.request('UNLINK', ...keys.slice(at, at + KEYS_AT_ONCE)));
    }
    const replies = await Promise.all(batches);
    this.counts.writes += 1;
    if (cacheChannels.delete.hasSubscribers) cacheChannels.delete.publish({ keys });
    return replies.reduce(
      (sum, reply) => sum + (reply.type === 'integer' ? Number(reply.value) : 0),
      0,
    );
  }

  /** The string that the master has at a key; null: none. */
  async text(key: string): Promise<string | null> {
    const reply = await this.request('GET', key);
    return reply.type === 'bulk' ? text(reply.value) : null;
  }

  /**
   * A command that does no harm when it is done twice: one whose connection was lost, and which may
   * have been executed, is repeated, and all of that has one end. (What another thread has stored
   * under the key meanwhile is replaced: of two writes at the same time either may win.)
   *
   * @throws RingleaderError NO_MASTER, TIMEOUT, CONNECTION_LOST
   */
  async request(...args: readonly (string | number | Uint8Array)[]): Promise<Reply> {
    const giveUpAt = performance.now() + this.#retryForMs;
    for (;;) {
      try {
        return await this.#within(giveUpAt, String(args[0]), this.client.request(...args));
      } catch (error) {
        const isLost = error instanceof RingleaderError && error.code === 'CONNECTION_LOST';
        if (!isLost || performance.now() >= giveUpAt) throw error;
      }
    }
  }

  /** A node that is frozen answers nothing, and its connections stay. */
  async #within<Result>(giveUpAt: Millis, name: string, work: Promise<Result>): Promise<Result> {
    const leftMs = Math.max(0, giveUpAt - performance.now()) + SLACK_MS;
    if (leftMs > LONGEST_TIMER_MS) return work;
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const what = `${name} was not answered within ${this.#retryForMs} ms`;
        reject(new RingleaderError('TIMEOUT', `${what}: it may have been executed`));
      }, leftMs);
    });
    try {
      return await Promise.race([work, timeUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The keys that match a pattern, as SCAN meets them: each at least once. */
  async *scan(pattern: string): AsyncGenerator<string[]> {
    let cursor = '0';
    do {
      const reply = await this.request('SCAN', cursor, 'MATCH', pattern, 'COUNT', 1000);
      const [next, batch] = reply.type === 'array' ? reply.items : [];
      cursor = next === undefined ? '0' : textOf(next);
      if (batch?.type === 'array' && batch.items.length > 0) yield batch.items.map(textOf);
    } while (cursor !== '0');
  }

  stats(): CacheStats {
    const { counts } = this;
    const reads = counts.hits + counts.misses;
    return {
      ...counts,
      hitRate: reads === 0 ? 0 : counts.hits / reads,
      ...this.masterCounts(),
    };
  }

  close(): void {
    this.client.close();
  }
}

/** What a cache over servers of other processes cannot do. */
export function lacksMemory(what: string): RingleaderError {
  return new RingleaderError(
    'UNSUPPORTED',
    `a cache without shared memory has no ${what}: its servers are other processes`,
  );
}

/** What is known at once. */
export function now<Result>(value: Soon<Result>): Result {
  if (value instanceof Promise) throw new TypeError('it is not known yet');
  return value;
}

function textOf(reply: Reply): string {
  if (reply.type === 'bulk') return text(reply.value);
  return reply.type === 'simple' ? reply.text : '';
}
