/**
 * `ringleader/keyv`: a storage adapter for Keyv, and so for cache-manager and NestJS, which take
 * Keyv's.
 *
 * The shape is Keyv 5's (a ttl in ms from now); without `capabilities`, Keyv 6 takes it as such.
 * Keyv puts its namespace in front of each key and serialises values itself; what this adapter
 * stores lies in the cluster's namespace `keyv`, unless it is given a cache.
 */
import { EventEmitter } from 'node:events';

import type { Cache } from '../cache/cache.js';
import type { AttachOptions } from '../cache/options.js';
import { checkOptions } from '../base/refuse.js';
import { attach } from '../cache/attach.js';
import type { ClusterHandle } from '../cache/handle.js';

/** A cluster of this thread, the handle of one elsewhere, or a cache that is there already. */
export type KeyvSource = { handle(): ClusterHandle } | ClusterHandle | Cache<unknown>;

export interface KeyvRingleaderOptions extends Pick<
  AttachOptions,
  'read' | 'maxStalenessMs' | 'retryForMs'
> {}

/**
 * @example
 * const keyv = new Keyv({ store: new KeyvRingleader(cluster) });
 * await keyv.set('user:1', { name: 'Ada' }, 60_000);
 *
 * const cache = createCache({ stores: [keyv] }); // cache-manager 7
 */
export class KeyvRingleader extends EventEmitter {
  /** Keyv iterates over adapters that name a dialect it knows. */
  readonly opts: { readonly dialect: string };
  /** Set by Keyv: the prefix of its keys, up to a colon. */
  namespace?: string | undefined;
  readonly #cache: Promise<Cache<unknown>>;
  readonly #isOwn: boolean;

  constructor(source: KeyvSource, options: KeyvRingleaderOptions = {}) {
    super();
    checkOptions('KeyvRingleader', options, ['read', 'maxStalenessMs', 'retryForMs']);
    this.opts = { dialect: 'redis', ...options };
    this.#isOwn = !('getSync' in source);
    this.#cache = 'getSync' in source ? Promise.resolve(source) : open(source, options);
    this.#cache.catch((error: unknown) => {
      // Every call rejects with it; this tells those who listen before the first one.
      if (this.listenerCount('error') > 0) this.emit('error', error);
    });
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    // Keyv stores what it serialised, and asks for it as such.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await (await this.#cache).get(key)) as Value | undefined;
  }

  async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await (await this.#cache).mget(keys)) as (Value | undefined)[];
  }

  /** @param ttl - ms from now; absent or 0: it stays. */
  async set(key: string, value: unknown, ttl?: number): Promise<void> {
    if (value === undefined) return;
    await (await this.#cache).set(key, value, ttl === undefined || ttl === 0 ? {} : { ttl });
  }

  async setMany(
    entries: readonly { readonly key: string; readonly value: unknown; readonly ttl?: number }[],
  ): Promise<void> {
    await Promise.all(entries.map(({ key, value, ttl }) => this.set(key, value, ttl)));
  }

  async delete(key: string): Promise<boolean> {
    return (await (await this.#cache).delete(key)) > 0;
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    return (await (await this.#cache).delete(keys)) > 0;
  }

  async has(key: string): Promise<boolean> {
    return (await this.#cache).has(key);
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    const cache = await this.#cache;
    return keys.map((key) => cache.has(key));
  }

  /** Forget the keys of Keyv's namespace; without one, all that this adapter stores. */
  async clear(): Promise<void> {
    const cache = await this.#cache;
    if (this.namespace === undefined) return cache.clear();
    const found: string[] = [];
    for await (const key of cache.keys()) {
      if (key.startsWith(`${this.namespace}:`)) found.push(key);
    }
    await cache.delete(found);
  }

  async *iterator<Value>(
    namespace?: string,
  ): AsyncGenerator<(string | Awaited<Value> | undefined)[], void> {
    const cache = await this.#cache;
    const prefix = namespace === undefined ? '' : `${namespace}:`;
    for await (const key of cache.keys()) {
      if (!key.startsWith(prefix)) continue;
      const value = await this.get<Awaited<Value>>(key);
      if (value !== undefined) yield [key, value];
    }
  }

  /** Leave the cluster, if this adapter attached to it. */
  async disconnect(): Promise<void> {
    if (this.#isOwn) (await this.#cache).close();
  }
}

async function open(
  source: { handle(): ClusterHandle } | ClusterHandle,
  options: KeyvRingleaderOptions,
): Promise<Cache<unknown>> {
  const handle = 'handle' in source ? source.handle() : source;
  // Keyv's own serialisation makes strings; who turns it off must give a cache with a codec.
  return attach(handle, { ...options, codec: 'string', namespace: 'keyv' });
}
