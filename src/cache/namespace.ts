/**
 * A part of the keys that can be cleared by itself, at once, however many there are.
 *
 * Its keys carry a generation: a token that stands under a key of the namespace's. Clearing puts
 * another token there, and no old key is asked for any more; they are swept up behind it, or
 * evicted. A token is never used twice, so when the token itself is evicted the namespace is empty,
 * not old.
 */
import { randomBytes } from 'node:crypto';

import { generationKey, generationPrefix, patternOf } from './keys.js';
import type { CacheStore, Found, Soon } from './store.js';

/** Keys of the present generation begin with it. */
export class Namespace {
  readonly name: string;
  readonly #store: CacheStore;
  readonly #generationKey: string;

  /** @param name - as `namespaceWithin` returned it. */
  constructor(store: CacheStore, name: string) {
    this.#store = store;
    this.name = name;
    this.#generationKey = generationKey(name);
  }

  /** @returns what keys begin with; null: there is no generation, so there are no keys. */
  prefix(): Soon<string | null> {
    const found = this.#store.peek(this.#generationKey);
    const prefixOf = (token: Found | null): string | null =>
      token === null ? null : generationPrefix(this.name, token.text());
    return found instanceof Promise ? found.then(prefixOf) : prefixOf(found);
  }

  /** The same for a write, which makes a generation if there is none. */
  async prefixToWrite(): Promise<string> {
    for (;;) {
      const prefix = (await this.prefix()) ?? (await this.ask());
      if (prefix !== null) return prefix;
      await this.#store.request('SET', this.#generationKey, newToken(), 'NX');
    }
  }

  /** Begin another generation, and sweep up the old one's keys behind it. */
  async clear(): Promise<void> {
    const before = await this.ask();
    await this.#store.request('SET', this.#generationKey, newToken());
    if (before !== null) this.#sweep(before).catch(() => {}); // What is left expires or is evicted.
  }

  /** As prefix(), of the master: a replica that is read may not have heard of it yet. */
  async ask(): Promise<string | null> {
    const token = await this.#store.text(this.#generationKey);
    return token === null ? null : generationPrefix(this.name, token);
  }

  async #sweep(prefix: string): Promise<void> {
    for await (const keys of this.#store.scan(patternOf(prefix))) await this.#store.delete(keys);
  }
}

function newToken(): string {
  return randomBytes(9).toString('base64url');
}
