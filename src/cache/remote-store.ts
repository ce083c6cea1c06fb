/**
 * The store of a cache without shared memory, over servers of other processes: every read asks the
 * master, so what is written is read by all that share it, and nothing is known at once.
 */
import type { Client } from '../cluster/client/client.js';
import { Cache } from './cache.js';
import { type CacheOptions, cacheSettings } from './options.js';
import type { NodeStaleness } from './shared-nodes.js';
import { type CacheStats, CacheStore, type Found, lacksMemory } from './store.js';

class RemoteStore extends CacheStore {
  override readonly hasMemory = false;

  override async peek(key: string): Promise<Found | null> {
    const [value, life] = await Promise.all([this.request('GET', key), this.request('PTTL', key)]);
    if (value.type !== 'bulk') return null;
    const leftMs = life.type === 'integer' ? Number(life.value) : -1;
    return new RemoteValue(Buffer.from(value.value), leftMs < 0 ? Infinity : Date.now() + leftMs);
  }

  override peekField(): never {
    throw lacksMemory('getFieldSync()');
  }

  override staleness(): NodeStaleness[] {
    throw lacksMemory('staleness()');
  }

  protected override masterCounts(): Pick<
    CacheStats,
    'evictedKeys' | 'expiredKeys' | 'usedMemoryBytes'
  > {
    return { evictedKeys: Number.NaN, expiredKeys: Number.NaN, usedMemoryBytes: Number.NaN };
  }
}

class RemoteValue implements Found {
  readonly #bytes: Buffer;
  readonly #expireAt: number;

  constructor(bytes: Buffer, expireAt: number) {
    this.#bytes = bytes;
    this.#expireAt = expireAt;
  }

  expireAt(): number {
    return this.#expireAt;
  }

  takeBuffer(): Buffer {
    return this.#bytes;
  }

  text(): string {
    return this.#bytes.toString();
  }
}

/**
 * A cache over a client.
 *
 * @param open - makes its client, which is closed with it.
 * @throws RingleaderError CONFIG_INVALID. UNSUPPORTED: an option is of shared memory.
 */
export function openRemoteCache(
  open: (options: { readonly retryForMs?: number }) => Client,
  options: CacheOptions,
): Cache<unknown> {
  const settings = cacheSettings(options);
  for (const name of ['read', 'maxStalenessMs'] as const) {
    if (options[name] !== undefined) throw lacksMemory(`option ${name}`);
  }
  const { retryForMs } = options;
  const client = open(retryForMs === undefined ? {} : { retryForMs });
  return new Cache<unknown>(new RemoteStore(client, retryForMs), settings);
}
