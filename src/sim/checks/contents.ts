/**
 * What nodes hold, as texts that are compared at every sample. A long value is not told in them:
 * each that a run has seen is kept once, and its number stands for it.
 */
import type { SimNode } from '../sim-node.js';

/** Longer values are told by a number, bytes. */
const LONG_BYTES = 64;
const SCANNED_AT_ONCE = 1000;

export class Contents {
  /** Long values by their keys, each once. */
  readonly #long = new Map<string, Buffer[]>();

  /** @returns all keys with their values, in one order: equal texts are equal data. */
  of({ actor }: SimNode): string {
    if (actor === null) return '';
    const database = actor.keyspace.db(0);
    const found = new Set<string>();
    let cursor = 0n;
    do {
      cursor = database.keys.scan(cursor, SCANNED_AT_ONCE, (bytes) => {
        const key = bytes.toString('latin1');
        found.add(`${key}=${this.#text(key, database.peekView(bytes))}`);
      });
    } while (cursor !== 0n);
    return [...found].toSorted().join(' ');
  }

  #text(key: string, view: Uint8Array | null): string {
    if (view === null) return 'null';
    const value = Buffer.from(view.buffer, view.byteOffset, view.length);
    if (value.length <= LONG_BYTES) return value.toString('latin1');
    const known = this.#long.get(key) ?? [];
    if (known.length === 0) this.#long.set(key, known);
    let index = known.findIndex((other) => other.equals(value));
    if (index < 0) index = known.push(Buffer.from(value)) - 1;
    return `#${index} of ${value.length} bytes`;
  }
}
