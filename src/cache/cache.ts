/**
 * A cache in one thread, over the cluster that all threads share.
 *
 * Reads are plain function calls into the nodes' memory: they neither wait for a node nor fail
 * while a master is replaced. Writes go to the master and resolve when it has answered; they follow
 * failovers, and reject when that takes too long.
 */
import { limitArguments, tooMany } from '../base/argument-count.js';
import { RingleaderError } from '../base/errors.js';
import { checkOptions, refusal } from '../base/refuse.js';
import type { Client } from '../cluster/client/client.js';
import type { Codec, PlainCodecName } from './codec.js';
import { Entries } from './entries.js';
import { cacheChannels } from './events.js';
import {
  type CacheSettings,
  type CodecOption,
  namespaceSettings,
  type StoringOptions,
} from './options.js';
import type { NodeStaleness } from './shared-nodes.js';
import { SharedReader } from '../keyspace/shared-reader.js';
import { type CacheStats, type CacheStore, now } from './store.js';
import type { Ttl } from './ttl.js';
import { type Compute, Wrapping, type WrapOptions } from './wrap.js';

/**
 * What wrap() gives: what `compute` makes, which another thread may have made. So it is as wide as
 * it can be: of a cache of strings a string, whichever one was written down here.
 */
export type Wrapped<Value, Computed> = Computed extends string
  ? Value & string
  : Computed extends number
    ? Value & number
    : Computed extends boolean
      ? Value & boolean
      : Computed;

/**
 * @typeParam Value - what is stored: string for codec 'string', Buffer for 'buffer', the codec's
 *   own for an object. For 'json' and 'msgpack' it is what the user says: `cluster.cache<User>(…)`,
 *   or unknown, and said with each read: `cache.get<User>(key)`. Nothing checks what is read
 *   against it.
 */
export class Cache<Value = string> {
  /** For every other command: it goes to the master, with keys as they are. */
  readonly client: Client;
  readonly #store: CacheStore;
  readonly #entries: Entries<Value>;
  readonly #wrapping: Wrapping<Value>;

  /** Use `attach` or `cluster.cache`. */
  constructor(store: CacheStore, settings: CacheSettings) {
    this.client = store.client;
    this.#store = store;
    this.#entries = new Entries(store, settings);
    this.#wrapping = new Wrapping(this.#entries);
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────────

  /**
   * The value at a key, at once, from shared memory.
   *
   * @returns undefined: there is none.
   * @throws RingleaderError UNREADABLE: no memory can be read, or none is as fresh as was asked
   * for.
   * @throws RingleaderError UNDECODABLE: what is stored was not written by this codec.
   */
  // Which of the cache's values it is, only the caller can say.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  getSync<Read extends Value = Value>(key: string): Read | undefined;
  getSync(key: string, ...more: readonly unknown[]): Value | undefined {
    if (more.length > 0) throw tooMany('getSync', 1, 1 + more.length);
    this.#store.needMemory('getSync()');
    const full = now(this.#entries.keyToRead(key));
    if (full === null) return undefined;
    const found = now(this.#store.peek(full));
    this.#store.count(full, found !== null);
    return found === null ? undefined : this.#entries.decode(found);
  }

  /** As getSync; what cannot be read from shared memory is asked of the master. */
  async get<Read extends Value = Value>(key: string): Promise<Read | undefined>;
  async get(key: string): Promise<Value | undefined> {
    try {
      if (this.#store.hasMemory) return this.getSync(key);
    } catch (error) {
      if (!(error instanceof RingleaderError && error.code === 'UNREADABLE')) throw error;
    }
    const full = await this.#entries.keyToAsk(key);
    if (full === null) return undefined;
    const reply = await this.#store.request('GET', full);
    this.#store.count(full, reply.type === 'bulk');
    return reply.type === 'bulk' ? this.#entries.decodeBytes(Buffer.from(reply.value)) : undefined;
  }

  /**
   * The value of a hash's field, at once, from shared memory; decoded as the cache's values are.
   *
   * @returns undefined: there is no such key, or field, or the key holds no hash.
   * @throws RingleaderError UNREADABLE, UNDECODABLE: as getSync.
   * @throws RingleaderError CONFIG_INVALID: key and field are longer than 1,976 bytes together.
   */
  // As getSync's.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  getFieldSync<Read extends Value = Value>(key: string, field: string): Read | undefined;
  getFieldSync(key: string, field: string): Value | undefined {
    this.#entries.checkField(field);
    this.#store.needMemory('getFieldSync()');
    const full = now(this.#entries.keyToRead(key));
    if (full === null) return undefined;
    if (!SharedReader.fits(full, field)) {
      throw refusal(
        'field',
        'no longer than 1,976 bytes together with the key',
        field.slice(0, 32),
      );
    }
    const found = this.#store.peekField(full, field);
    this.#store.count(full, found !== null);
    return found === null ? undefined : this.#entries.decode(found);
  }

  /** As getFieldSync; what cannot be read from shared memory is asked of the master. */
  async getField<Read extends Value = Value>(key: string, field: string): Promise<Read | undefined>;
  async getField(key: string, field: string): Promise<Value | undefined> {
    this.#entries.checkField(field);
    try {
      if (this.#store.hasMemory) {
        const read = now(this.#entries.keyToRead(key));
        if (read === null) return undefined;
        if (SharedReader.fits(read, field)) return this.getFieldSync(key, field);
      }
    } catch (error) {
      if (!(error instanceof RingleaderError && error.code === 'UNREADABLE')) throw error;
    }
    const full = await this.#entries.keyToAsk(key);
    if (full === null) return undefined;
    const reply = await this.#store.request('HGET', full, field);
    this.#store.count(full, reply.type === 'bulk');
    return reply.type === 'bulk' ? this.#entries.decodeBytes(Buffer.from(reply.value)) : undefined;
  }

  /** @returns the values, in the order of the keys; undefined where there is none. */
  async mget<Read extends Value = Value>(keys: readonly string[]): Promise<(Read | undefined)[]> {
    if (!Array.isArray(keys)) throw refusal('keys', 'an array of texts', keys);
    return Promise.all(keys.map((key: string) => this.get<Read>(key)));
  }

  /** Whether a key is there, whatever type it holds. */
  has(key: string): boolean {
    this.#store.needMemory('has()');
    const full = now(this.#entries.keyToRead(key));
    return full !== null && now(this.#store.peek(full, false)) !== null;
  }

  /**
   * @returns ms that a key has to live, whatever type it holds; Infinity: it does not expire;
   * undefined: there is none.
   */
  ttl(key: string): number | undefined {
    this.#store.needMemory('ttl()');
    const full = now(this.#entries.keyToRead(key));
    const found = full === null ? null : now(this.#store.peek(full, false));
    return found === null ? undefined : Math.max(0, found.expireAt() - Date.now());
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────

  /**
   * Store a value; resolves when the master has it.
   *
   * @param options - a ttl (ms, '5m'; Infinity: it stays), or `{ ttl }`; default: the cache's.
   * @throws RingleaderError CONFIG_INVALID: the codec cannot store such a value, or it is no ttl.
   * @throws RingleaderError NO_MASTER: it was not stored. TIMEOUT, CONNECTION_LOST: it may have
   * been.
   */
  async set(key: string, value: Value, options: Ttl | { readonly ttl?: Ttl } = {}): Promise<void> {
    const bytes = this.#entries.encode(value);
    const lifeMs = this.#entries.lifeMs(ttlIn(options));
    await this.#store.set(await this.#entries.keyToWrite(key), bytes, lifeMs);
  }

  /**
   * Store a field of a hash, which is made if there is none; resolves when the master has it. How
   * long the key lives does not change: a new one stays.
   *
   * @throws ReplyError: the key holds no hash.
   * @throws RingleaderError as set().
   */
  async setField(key: string, field: string, value: Value): Promise<void> {
    this.#entries.checkField(field);
    const bytes = this.#entries.encode(value);
    await this.#store.setField(await this.#entries.keyToWrite(key), field, bytes);
  }

  /**
   * @param keys - each a key, or an array of keys, of any length.
   * @returns how many of them there were.
   */
  async delete(...keys: readonly (string | readonly string[])[]): Promise<number> {
    return this.#entries.delete(keys.flat());
  }

  /** Forget all keys of the namespace, at once; without one, everything that the cluster holds. */
  async clear(): Promise<void> {
    await (this.#entries.namespace?.clear() ?? this.#store.request('FLUSHDB', 'ASYNC'));
    if (cacheChannels.clear.hasSubscribers) {
      cacheChannels.clear.publish({ namespace: this.#entries.settings.namespace });
    }
  }

  /**
   * The value at a key; where there is none, what `compute` makes, stored for `ttl` (without one,
   * for the cache's). Of all threads that want it at the same time, one computes. Undefined is not
   * stored.
   *
   * @example
   * const user = await cache.wrap(`user:${id}`, '5m', () => db.user(id), { stale: '1m' });
   *
   * @throws what `compute` throws. A cluster that cannot be reached is no error: then it is
   * computed.
   * @throws RingleaderError CONFIG_INVALID: what was computed cannot be stored, or an argument is
   * wrong.
   */
  wrap<Computed extends Value>(
    key: string,
    ttl: Ttl,
    compute: Compute<Computed>,
    options?: WrapOptions,
  ): Promise<Wrapped<Value, Computed>>;
  wrap<Computed extends Value>(
    key: string,
    compute: Compute<Computed>,
    options?: WrapOptions,
  ): Promise<Wrapped<Value, Computed>>;
  async wrap<Computed extends Value>(
    key: string,
    first: Ttl | Compute<Computed>,
    second?: Compute<Computed> | WrapOptions,
    third?: WrapOptions,
  ): Promise<Wrapped<Value, Computed>> {
    const value = await (typeof first === 'function'
      ? this.#wrapping.wrap(key, null, first, second)
      : this.#wrapping.wrap(key, first, second, third));
    // Of whoever stored it, here or in another thread, the cache's type is the word.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return value as Wrapped<Value, Computed>;
  }

  /**
   * The same cluster, other keys: apart from all other namespaces, and cleared by themselves.
   *
   * @param options - codec, ttl and jitter, where they are other than the cache's.
   * @throws RingleaderError CONFIG_INVALID
   */
  namespace<Inner extends Value = Value>(name: string, options?: StoringOptions): Cache<Inner>;
  namespace<Inner extends string = string>(
    name: string,
    options: StoringOptions & CodecOption<'string'>,
  ): Cache<Inner>;
  namespace<Inner extends Buffer = Buffer>(
    name: string,
    options: StoringOptions & CodecOption<'buffer'>,
  ): Cache<Inner>;
  namespace<Inner = unknown>(
    name: string,
    options: StoringOptions & CodecOption<PlainCodecName>,
  ): Cache<Inner>;
  namespace<Inner>(name: string, options: StoringOptions & CodecOption<Codec<Inner>>): Cache<Inner>;
  namespace(name: string, options: StoringOptions = {}): Cache<unknown> {
    const settings = namespaceSettings(this.#entries.settings, name, options);
    return cacheWith(this.#store, settings);
  }

  /** The keys there are, as SCAN meets them: each at least once. Not those of its namespaces. */
  keys(): AsyncGenerator<string> {
    return this.#entries.keys();
  }

  // ── Counts and staleness ──────────────────────────────────────────────────────────────────────

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
}

/** A class that names itself is called otherwise once it is bundled. */
const cacheWith = (store: CacheStore, settings: CacheSettings): Cache<unknown> =>
  new Cache(store, settings);

limitArguments(Cache, {
  get: 1,
  getFieldSync: 2,
  getField: 2,
  setField: 3,
  mget: 1,
  has: 1,
  ttl: 1,
  set: 3,
  clear: 0,
  wrap: 4,
  namespace: 2,
  keys: 0,
});

function ttlIn(options: Ttl | { readonly ttl?: Ttl }): Ttl | undefined {
  if (typeof options === 'number' || typeof options === 'string') return options;
  checkOptions('set()', options, ['ttl']);
  return options.ttl;
}
