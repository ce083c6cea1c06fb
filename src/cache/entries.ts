/**
 * One cache's keys and values as they lie in the cluster: names made full, values encoded.
 *
 * What a user calls a key is checked here, whichever way it comes.
 */
import { refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import { isOwnKey, lockKey, patternOf } from './keys.js';
import { Namespace } from './namespace.js';
import type { CacheSettings } from './options.js';
import type { CacheStore, Found, Soon } from './store.js';
import { jittered, parseTtl } from './ttl.js';

export class Entries<Value> {
  readonly store: CacheStore;
  readonly settings: CacheSettings;
  readonly namespace: Namespace | null;

  constructor(store: CacheStore, settings: CacheSettings) {
    this.store = store;
    this.settings = settings;
    this.namespace = settings.namespace === null ? null : new Namespace(store, settings.namespace);
  }

  /** @returns null: there are no keys in the namespace. */
  keyToRead(key: string): Soon<string | null> {
    if (typeof key !== 'string') throw notText(key);
    if (this.namespace === null) return key;
    const prefix = this.namespace.prefix();
    const within = (known: string | null): string | null => (known === null ? null : known + key);
    return prefix instanceof Promise ? prefix.then(within) : within(prefix);
  }

  /** The same where the master is asked for the value. */
  async keyToAsk(key: string): Promise<string | null> {
    if (typeof key !== 'string') throw notText(key);
    if (this.namespace === null) return key;
    const prefix = await this.namespace.ask();
    return prefix === null ? null : prefix + key;
  }

  async keyToWrite(key: string): Promise<string> {
    this.checkKey(key);
    return this.namespace === null ? key : (await this.namespace.prefixToWrite()) + key;
  }

  /**
   * @throws RingleaderError CONFIG_INVALID: it is no text, or the name of something of the cache's
   * own.
   */
  checkKey(key: string): void {
    if (typeof key !== 'string') throw notText(key);
    if (this.namespace === null && isOwnKey(key)) {
      throw refusal('key', "what does not begin with 'ringleader:', where namespaces lie", key);
    }
  }

  /** @throws RingleaderError CONFIG_INVALID: it is no text. */
  checkField(field: string): void {
    if (typeof field !== 'string') throw refusal('field', 'a text', field);
  }

  lockKey(key: string): string {
    return lockKey(this.settings.namespace, key);
  }

  /** @returns the keys there are, as SCAN meets them: each at least once. */
  async *keys(): AsyncGenerator<string> {
    const prefix = this.namespace === null ? '' : await this.namespace.prefix();
    if (prefix === null) return;
    for await (const batch of this.store.scan(patternOf(prefix))) {
      for (const key of batch) {
        if (this.namespace !== null || !isOwnKey(key)) yield key.slice(prefix.length);
      }
    }
  }

  /** @returns how many of the keys there were. */
  async delete(keys: readonly string[]): Promise<number> {
    for (const key of keys) this.checkKey(key);
    const prefix = this.namespace === null ? '' : await this.namespace.prefix();
    return prefix === null ? 0 : this.store.delete(keys.map((key) => prefix + key));
  }

  /** @returns what to store. @throws RingleaderError CONFIG_INVALID */
  encode(value: unknown): string | Uint8Array {
    return this.settings.codec.encode(value);
  }

  /** @param found - what was just found. @throws RingleaderError UNDECODABLE */
  decode(found: Found): Value {
    const { codec } = this.settings;
    // What this codec reads it has written, or the user has said so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (codec.isText ? found.text() : codec.decode(found.takeBuffer())) as Value;
  }

  /** The same for bytes. */
  decodeBytes(bytes: Buffer): Value {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return this.settings.codec.decode(bytes) as Value;
  }

  /** How long to keep a value: of this ttl, or the cache's, less what chance takes. */
  lifeMs(ttl: unknown): Millis {
    const { ttlMs, jitter } = this.settings;
    return jittered(ttl === undefined ? ttlMs : parseTtl(ttl), jitter, Math.random());
  }
}

function notText(key: unknown): Error {
  return refusal('key', 'a text', key);
}
