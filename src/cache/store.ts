/**
 * One attached thread's bytes under full keys: read from shared memory, written through the master.
 *
 * All caches of one `attach` (its namespaces) share it, with its counters and its lifetime.
 */
import { RingleaderError } from '../base/errors.js';
import type { Millis } from '../base/time.js';
import {
  READ_FOUND,
  STAT_EVICTED_KEYS,
  STAT_EXPIRED_KEYS,
  USED_MEMORY,
} from '../core/assembly/layout.js';
import { NEVER, type SharedReader } from '../keyspace/shared-reader.js';
import type { Reply } from '../resp/reply.js';
import { cacheChannels } from './events.js';
import type { Client } from '../cluster/client/client.js';
import { text } from '../cluster/client/value.js';
import type { NodeStaleness, SharedNodes } from './shared-nodes.js';
import { Touches } from './touches.js';

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
  /** Of the master, since it began: all keys, all threads. */
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

export class CacheStore {
  readonly nodes: SharedNodes;
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
  readonly #touches: Touches | null;
  readonly #retryForMs: Millis;

  /** @param retryForMs - for how long one request is tried, repetitions included. */
  constructor(
    nodes: SharedNodes,
    client: Client,
    evicts: boolean,
    retryForMs = DEFAULT_RETRY_FOR_MS,
  ) {
    this.nodes = nodes;
    this.client = client;
    this.#retryForMs = retryForMs;
    this.#touches = evicts ? new Touches((keys) => this.request('TOUCH', ...keys)) : null;
    nodes.onClose(() => this.close());
  }

  /**
   * Read a key that a user asked for: counted, and told to subscribers.
   *
   * @returns what holds the value until the next read; null: there is none.
   */
  read(key: string): SharedReader | null {
    const isHit = this.nodes.read(key, true) === READ_FOUND;
    this.count(key, isHit);
    return isHit ? this.nodes.found : null;
  }

  /** Read quietly. @returns null: there is no such value. */
  peek(key: string, wantsValue = true): SharedReader | null {
    return this.nodes.read(key, wantsValue) === READ_FOUND ? this.nodes.found : null;
  }

  count(key: string, isHit: boolean): void {
    const { counts, nodes } = this;
    if (isHit) {
      counts.hits += 1;
      if (nodes.servedBy !== nodes.currentMaster) counts.replicaReads += 1;
      this.#touches?.note(key);
    } else counts.misses += 1;
    if (cacheChannels.get.hasSubscribers) cacheChannels.get.publish({ key, isHit });
  }

  /** @returns ms left, Infinity: it does not expire; null: there is no such key. */
  ttlMs(key: string): Millis | null {
    const found = this.peek(key, false);
    if (found === null) return null;
    const expireAt = found.expireAt();
    return expireAt === NEVER ? Infinity : Math.max(0, expireAt - Date.now());
  }

  /** @param ttlMs - Infinity: it stays. */
  async set(key: string, value: string | Uint8Array, ttlMs: Millis): Promise<void> {
    await (ttlMs === Infinity
      ? this.request('SET', key, value)
      : this.request('SET', key, value, 'PX', ttlMs));
    this.counts.writes += 1;
    if (cacheChannels.set.hasSubscribers) cacheChannels.set.publish({ key, ttlMs });
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
    const words = new BigInt64Array(this.nodes.master().memory.buffer, 0, 0x2100 / 8);
    const counter = (at: number): number => Number(words[at / 8]);
    const reads = counts.hits + counts.misses;
    return {
      ...counts,
      hitRate: reads === 0 ? 0 : counts.hits / reads,
      evictedKeys: counter(STAT_EVICTED_KEYS),
      expiredKeys: counter(STAT_EXPIRED_KEYS),
      usedMemoryBytes: counter(USED_MEMORY),
    };
  }

  staleness(): NodeStaleness[] {
    return this.nodes.staleness();
  }

  close(): void {
    this.#touches?.close();
    this.client.close();
    this.nodes.close();
  }
}

function textOf(reply: Reply): string {
  if (reply.type === 'bulk') return text(reply.value);
  return reply.type === 'simple' ? reply.text : '';
}
