/**
 * `cache.wrap`: the value at a key, or what is computed and stored there.
 *
 * An entry that the codec cannot read is none: it is computed anew, and replaced.
 */
import { RingleaderError } from '../base/errors.js';
import { checkFunction, checkOptions, refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import type { Entries } from './entries.js';
import { tellWrap } from './events.js';
import { checkJitter } from './options.js';
import { singleflight, type SingleflightPlan } from './singleflight.js';
import { type Found, now, type Soon } from './store.js';
import { jittered, parseTtl, type Ttl } from './ttl.js';

export interface WrapOptions {
  /**
   * After its ttl a value is still served for so long, while one thread computes the next: whoever
   * comes then does not wait. Default: none.
   */
  readonly stale?: Ttl;
  /** Share of the ttl that chance may take off; default: the cache's. */
  readonly jitter?: number;
}

export type Compute<Value> = () => Value | Promise<Value>;

interface Present<Value> {
  readonly value: Value;
  readonly isStale: boolean;
}

export class Wrapping<Value> {
  readonly #entries: Entries<Value>;
  /** What is being computed or waited for in this thread, by key. */
  readonly #running = new Map<string, Promise<Value>>();

  constructor(entries: Entries<Value>) {
    this.#entries = entries;
  }

  /**
   * @param ttl - null: the cache's.
   * @see Cache.wrap
   */
  async wrap(
    key: string,
    ttl: Ttl | null,
    compute: Compute<Value> | WrapOptions | undefined,
    options: Compute<Value> | WrapOptions = {},
  ): Promise<Value> {
    this.#entries.checkKey(key);
    checkFunction('compute', compute);
    checkOptions('wrap()', options, ['stale', 'jitter']);
    const lifeMs = ttl === null ? this.#entries.settings.ttlMs : parseTtl(ttl);
    const staleMs = options.stale === undefined ? 0 : parseStale(options.stale, lifeMs);
    const jitter = checkJitter(options.jitter ?? this.#entries.settings.jitter);
    const looked = this.#look(key, staleMs);
    const present = looked instanceof Promise ? await looked : looked;
    const { store } = this.#entries;
    store.count(key, present !== null);
    if (present !== null && !present.isStale) {
      tellWrap(key, 'hit');
      return present.value;
    }
    const running =
      this.#running.get(key) ??
      this.#run(key, {
        lockKey: this.#entries.lockKey(key),
        compute: async () => compute(),
        look: async () => {
          const found = await this.#look(key, staleMs);
          return found === null || found.isStale ? null : found;
        },
        encode: (value) =>
          this.#storing(key, value, jittered(lifeMs, jitter, Math.random()) + staleMs),
      });
    if (present === null) return running;
    store.counts.servedStale += 1;
    tellWrap(key, 'stale');
    running.catch(() => {}); // Told by 'failed'; the stale value serves until its end.
    return present.value;
  }

  /** Undefined is no value: it is not stored. */
  #storing(key: string, value: Value, ttlMs: Millis): () => Promise<void> {
    if (value === undefined) return () => Promise.resolve();
    const bytes = this.#entries.encode(value);
    return async () => this.#entries.store.set(await this.#entries.keyToWrite(key), bytes, ttlMs);
  }

  async #run(key: string, plan: SingleflightPlan<Value>): Promise<Value> {
    const running = this.#runOnce(key, plan);
    this.#running.set(key, running);
    try {
      return await running;
    } catch (error) {
      tellWrap(key, 'failed', error);
      throw error;
    } finally {
      this.#running.delete(key);
    }
  }

  async #runOnce(key: string, plan: SingleflightPlan<Value>): Promise<Value> {
    const { store } = this.#entries;
    const result = await singleflight(store, plan);
    if (result.state === 'waited') store.counts.waited += 1;
    else store.counts.computed += 1;
    tellWrap(key, result.state, result.state === 'alone' ? result.error : undefined);
    return result.value;
  }

  /** @returns null: there is no value, or none that can be read: then it is computed. */
  #look(key: string, staleMs: Millis): Soon<Present<Value> | null> {
    const { store } = this.#entries;
    const take = (found: Found | null): Present<Value> | null => {
      if (found === null) return null;
      const isStale = staleMs > 0 && found.expireAt() - Date.now() <= staleMs;
      return { value: this.#entries.decode(found), isStale };
    };
    if (!store.hasMemory) return this.#ask(key, take);
    try {
      const full = now(this.#entries.keyToRead(key));
      return full === null ? null : take(now(store.peek(full)));
    } catch (error) {
      if (isUnreadable(error)) return null;
      throw error;
    }
  }

  /** The same of the master; one that cannot be reached has none. */
  async #ask(
    key: string,
    take: (found: Found | null) => Present<Value> | null,
  ): Promise<Present<Value> | null> {
    try {
      const full = await this.#entries.keyToAsk(key);
      return full === null ? null : take(await this.#entries.store.peek(full));
    } catch (error) {
      if (error instanceof RingleaderError) return null;
      throw error;
    }
  }
}

/** From when on a value is stale is told by its expiry, so it must have one. */
function parseStale(stale: Ttl, lifeMs: Millis): Millis {
  const ms = parseTtl(stale);
  if (lifeMs === Infinity) throw refusal('stale', 'only with a ttl, which it follows', stale);
  if (ms === Infinity) throw refusal('stale', 'a hundred years at most', stale);
  return ms;
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof RingleaderError &&
    (error.code === 'UNREADABLE' || error.code === 'UNDECODABLE')
  );
}
