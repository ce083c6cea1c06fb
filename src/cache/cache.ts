/**
 * A cache in one thread, over the cluster that all threads share.
 *
 * Reads are plain function calls into the nodes' memory: they neither wait for a node nor fail while a
 * master is replaced. Writes go to the master and resolve when it has answered; they follow
 * failovers as Client does, and reject when that takes too long.
 */
import { RingleaderError } from '../base/errors.js';
import { jittered, parseTtl, type Ttl } from './ttl.js';
import type { SharedReader } from '../keyspace/shared-reader.js';
import { cacheChannels, tellWrap } from './events.js';
import type { CacheSettings } from './options.js';
import type { CacheStats, CacheStore } from './store.js';
import type { Client } from '../cluster/client.js';
import { fly, type FlightPlan } from './singleflight.js';
import { Namespace, patternOf } from './namespace.js';
import type { NodeStaleness } from './shared-nodes.js';

export interface WrapOptions {
  /**
   * After its ttl a value is still served for so long, while one thread computes the next: whoever
   * comes then does not wait. Default: none.
   */
  readonly stale?: Ttl;
  /** Share of the ttl that chance may take off; default: the cache's. */
  readonly jitter?: number;
}

export class Cache<Value = string> {
  /** For every other command: it goes to the master, with keys as they are. */
  readonly client: Client;
  readonly #store: CacheStore;
  readonly #settings: CacheSettings;
  readonly #namespace: Namespace | null;
  /** Flights of this thread. */
  readonly #flights = new Map<string, Promise<Value>>();

  /** Use `attach` or `cluster.cache`. */
  constructor(store: CacheStore, settings: CacheSettings) {
    this.#store = store;
    this.#settings = settings;
    this.client = store.client;
    this.#namespace = settings.namespace === null ? null : new Namespace(store, settings.namespace);
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────────

  /**
   * The value at a key, at once, from shared memory.
   *
   * @returns undefined: there is none.
   * @throws RingleaderError UNREADABLE: no memory can be read, or none is as fresh as was asked for.
   */
  getSync(key: string): Value | undefined {
    const full = this.#keyToRead(key);
    if (full === null) return undefined;
    const found = this.#store.read(full);
    return found === null ? undefined : this.#decode(found);
  }

  /** As getSync; what cannot be read from shared memory is asked of the master. */
  async get(key: string): Promise<Value | undefined> {
    try {
      return this.getSync(key);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
    const full = await this.#keyToWrite(key);
    const reply = await this.client.request('GET', full);
    this.#store.count(full, reply.type === 'bulk');
    return reply.type === 'bulk' ? this.#decodeBytes(Buffer.from(reply.value)) : undefined;
  }

  /** @returns the values, in the order of the keys; undefined where there is none. */
  mget(keys: readonly string[]): Promise<(Value | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  /** Whether there is a value at a key. */
  has(key: string): boolean {
    const full = this.#keyToRead(key);
    return full !== null && this.#store.peek(full, false) !== null;
  }

  /** @returns ms that a value has to live; Infinity: it does not expire; undefined: there is none. */
  ttl(key: string): number | undefined {
    const full = this.#keyToRead(key);
    return full === null ? undefined : (this.#store.ttlMs(full) ?? undefined);
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────

  /**
   * Store a value; resolves when the master has it.
   *
   * @param options - `ttl`: ms or '5m'; default: the cache's.
   * @throws RingleaderError CONFIG_INVALID: the codec cannot store such a value, or it is no ttl.
   * @throws RingleaderError NO_MASTER: it was not stored. CONNECTION_LOST: it may have been.
   */
  async set(key: string, value: Value, options: { readonly ttl?: Ttl } = {}): Promise<void> {
    const bytes = this.#settings.codec.encode(value);
    const ttlMs = this.#ttlOf(options.ttl);
    await this.#store.set(await this.#keyToWrite(key), bytes, ttlMs);
  }

  /** @returns how many of the keys there were. */
  async delete(...keys: readonly string[]): Promise<number> {
    const prefix = this.#namespace === null ? '' : this.#namespace.prefix();
    return prefix === null ? 0 : this.#store.delete(keys.map((key) => prefix + key));
  }

  /** Forget all keys of the namespace, at once; without one, everything that the cluster holds. */
  async clear(): Promise<void> {
    await (this.#namespace?.clear() ?? this.client.request('FLUSHDB', 'ASYNC'));
    if (cacheChannels.clear.hasSubscribers) {
      cacheChannels.clear.publish({ namespace: this.#settings.namespace });
    }
  }

  /**
   * The value at a key; where there is none, what `compute` makes, stored for `ttl`. Of all threads that
   * want it at the same time, one computes. Undefined is not stored.
   *
   * @example
   * const user = await cache.wrap(`user:${id}`, '5m', () => db.user(id), { stale: '1m' });
   *
   * @throws what `compute` throws. A cluster that cannot be reached is no error: then it is computed.
   */
  wrap(
    key: string,
    ttl: Ttl,
    compute: () => Value | Promise<Value>,
    options: WrapOptions = {},
  ): Promise<Value> {
    const staleMs = options.stale === undefined ? 0 : parseTtl(options.stale);
    const lifeMs = parseTtl(ttl);
    const jitter = options.jitter ?? this.#settings.jitter;
    const present = this.#lookForWrap(key, staleMs);
    if (present !== null && !present.isStale) {
      this.#store.count(key, true);
      tellWrap(key, 'hit');
      return Promise.resolve(present.value);
    }
    this.#store.count(key, present !== null);
    const plan = {
      compute: async () => compute(),
      store: async (value: Value): Promise<void> => {
        if (value === undefined) return;
        const bytes = this.#settings.codec.encode(value);
        const keptMs = jittered(lifeMs, jitter, Math.random()) + staleMs;
        await this.#store.set(await this.#keyToWrite(key), bytes, keptMs);
      },
      look: () => {
        const found = this.#lookForWrap(key, staleMs);
        return found === null || found.isStale ? null : found;
      },
    };
    const flight = this.#flights.get(key) ?? this.#fly(key, plan);
    if (present === null) return flight;
    this.#store.counts.servedStale += 1;
    tellWrap(key, 'stale');
    flight.catch(() => {}); // Told by 'failed'; the stale value serves until its end.
    return Promise.resolve(present.value);
  }

  /** The same cluster, other keys: apart from all other namespaces, and cleared by itself. */
  namespace(name: string): Cache<Value> {
    const outer = this.#settings.namespace;
    const namespace = outer === null ? name : `${outer}/${name}`;
    return new Cache<Value>(this.#store, { ...this.#settings, namespace });
  }

  /** The keys there are, as SCAN meets them: each at least once. */
  async *keys(): AsyncGenerator<string> {
    const prefix = this.#namespace === null ? '' : this.#namespace.prefix();
    if (prefix === null) return;
    for await (const batch of this.#store.scan(patternOf(prefix))) {
      for (const key of batch) yield key.slice(prefix.length);
    }
  }

  // ── Looking ───────────────────────────────────────────────────────────────────────────────────

  /** Counted since this thread attached, over all namespaces. */
  stats(): CacheStats {
    return this.#store.stats();
  }

  /** How far each node is behind the master, in bytes and ms. */
  staleness(): NodeStaleness[] {
    return this.#store.staleness();
  }

  /** Leave the cluster, with all namespaces; what is unanswered is rejected with CLOSED. */
  close(): void {
    this.#store.close();
  }

  // ── Small things ──────────────────────────────────────────────────────────────────────────────

  async #fly(key: string, plan: Omit<FlightPlan<Value>, 'lockKey'>): Promise<Value> {
    const flight = this.#flyOnce(key, plan);
    this.#flights.set(key, flight);
    try {
      return await flight;
    } catch (error) {
      tellWrap(key, 'failed', error);
      throw error;
    } finally {
      this.#flights.delete(key);
    }
  }

  async #flyOnce(key: string, plan: Omit<FlightPlan<Value>, 'lockKey'>): Promise<Value> {
    const { counts } = this.#store;
    const lockKey = `ringleader:lock:${this.#settings.namespace ?? ''}:${key}`;
    const end = await fly(this.#store, { ...plan, lockKey });
    if (end.state === 'waited') counts.waited += 1;
    else counts.computed += 1;
    tellWrap(key, end.state);
    return end.value;
  }

  /** @returns null: there is no value, or none can be read: then it is computed. */
  #lookForWrap(key: string, staleMs: number): { value: Value; isStale: boolean } | null {
    try {
      const full = this.#keyToRead(key);
      const found = full === null ? null : this.#store.peek(full);
      if (found === null) return null;
      const isStale = staleMs > 0 && found.expireAt() - Date.now() <= staleMs;
      return { value: this.#decode(found), isStale };
    } catch (error) {
      if (isUnreadable(error)) return null;
      throw error;
    }
  }

  /** @returns null: there are no keys in the namespace. */
  #keyToRead(key: string): string | null {
    if (this.#namespace === null) return key;
    const prefix = this.#namespace.prefix();
    return prefix === null ? null : prefix + key;
  }

  async #keyToWrite(key: string): Promise<string> {
    return this.#namespace === null ? key : (await this.#namespace.prefixToWrite()) + key;
  }

  #ttlOf(ttl: Ttl | undefined): number | null {
    const ttlMs = ttl === undefined ? this.#settings.ttlMs : parseTtl(ttl);
    return ttlMs === null ? null : jittered(ttlMs, this.#settings.jitter, Math.random());
  }

  #decode(found: SharedReader): Value {
    if (this.#settings.codec.isText !== true) return this.#decodeBytes(found.takeBuffer());
    // A text codec's values are strings.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return found.text() as Value;
  }

  #decodeBytes(bytes: Buffer): Value {
    // What this codec reads it has written, or the user has said so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return this.#settings.codec.decode(bytes) as Value;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof RingleaderError && error.code === 'UNREADABLE';
}
