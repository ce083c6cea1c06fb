/**
 * The keys that clients are blocked on, as the core knows them: it notes those that something
 * became of (assembly/keyspace/awaited.ts).
 */
import * as layout from './assembly/layout.js';
import type { CoreExports } from './exports.js';
import type { CoreNotes } from './notes.js';

interface CoreParts extends CoreNotes {
  readonly exports: CoreExports;
  scratch(bytes: Uint8Array): number;
}

export class AwaitedKeys {
  readonly #core: CoreParts;

  constructor(core: CoreParts) {
    this.#core = core;
  }

  /**
   * A client is blocked on a key.
   *
   * @returns what remove() needs to know of it.
   * @throws OUT_OF_MEMORY
   */
  add(key: Uint8Array): number {
    return this.#core.exports.awaitKey(this.#core.scratch(key), key.length) >>> 0;
  }

  /** It is no more: once for each add(). */
  remove(place: number): void {
    this.#core.exports.forgetAwaited(place);
  }

  /** Whether something became of one. */
  get hasReady(): boolean {
    const core = this.#core;
    return core.readU32(layout.READY_LEN) !== 0 || core.readU32(layout.READY_ALL) !== 0;
  }

  /**
   * What became ready since the last call, in order; perhaps also keys that no client awaits.
   *
   * @returns null: there was no memory to note it; any key may be ready.
   */
  takeReady(): readonly { readonly db: number; readonly key: Buffer }[] | null {
    const core = this.#core;
    const notes = core.takeNotes(layout.READY_PTR, layout.READY_LEN);
    if (core.readU32(layout.READY_ALL) === 0) return notes;
    core.writeU32(layout.READY_ALL, 0);
    return null;
  }
}
