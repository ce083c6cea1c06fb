/**
 * The core's snapshots: the keyspace of one moment, made slice by slice while commands go on.
 *
 * @see src/core/assembly/snapshot
 */
import {
  SNAPSHOT_DONE,
  SNAPSHOT_FAILED,
  SNAPSHOT_KEYS,
  SNAPSHOT_LEN,
  SNAPSHOT_PTR,
} from './assembly/layout.js';
import type { CoreExports } from './exports.js';
import type { MemoryView } from './memory-view.js';
import { outOfMemory } from './out-of-memory.js';

/** Where a slice of a snapshot lies. */
export interface SnapshotSlice {
  readonly at: number;
  /** Bytes; may be 0. */
  readonly length: number;
  readonly isLast: boolean;
}

/** One snapshot at a time. */
export interface SnapshotMaker {
  /** Begin a snapshot of this moment. @param compresses - long strings, for a file. */
  begin(compresses?: boolean): void;
  /**
   * The snapshot's next bytes: RDB without header and footer. They lie at `at` in the memory, and
   * stay there until give().
   *
   * @param maxBytes - about how many; a key is never cut.
   * @throws RingleaderError OUT_OF_MEMORY: an entry about to change could not be put out; the
   * snapshot is void.
   */
  step(maxBytes: number): SnapshotSlice;
  /** Free a slice's memory, before or after the snapshot's end. @param at - as step() said. */
  give(at: number): void;
  /** Finish, or give up: once per begin(). */
  end(): void;
  /** Keys put out so far, those that were about to change included; modulo 2^32. */
  readonly keys: number;
}

type SnapshotCore = MemoryView & { readonly exports: CoreExports; readonly databases: number };

export class CoreSnapshots implements SnapshotMaker {
  readonly #core: SnapshotCore;
  /** Of the snapshot under way: its keys, and how many had ever been put out before it. */
  #underWay: { readonly totalKeys: number; readonly keysBefore: number } | null = null;

  constructor(core: SnapshotCore) {
    this.#core = core;
  }

  begin(compresses = false): void {
    const { databases, exports } = this.#core;
    let totalKeys = 0;
    for (let db = 0; db < databases; db++) totalKeys += exports.keyCount(db) >>> 0;
    this.#underWay = { totalKeys, keysBefore: this.keys };
    exports.beginSnapshot(compresses);
  }

  step(maxBytes: number): SnapshotSlice {
    const core = this.#core;
    const status = core.exports.stepSnapshot(maxBytes);
    const length = core.readU32(SNAPSHOT_LEN);
    if (status === SNAPSHOT_FAILED) throw outOfMemory(length);
    const at = core.readU32(SNAPSHOT_PTR);
    core.exports.takeOutput();
    return { at, length, isLast: status === SNAPSHOT_DONE };
  }

  give(at: number): void {
    this.#core.exports.giveOutput(at);
  }

  get keys(): number {
    return this.#core.readU32(SNAPSHOT_KEYS);
  }

  /** Keys of the snapshot under way, and those of them that are out; null: there is none. */
  progress(): { readonly totalKeys: number; readonly doneKeys: number } | null {
    if (this.#underWay === null) return null;
    const { totalKeys, keysBefore } = this.#underWay;
    return { totalKeys, doneKeys: (this.keys - keysBefore) >>> 0 };
  }

  end(): void {
    this.#underWay = null;
    this.#core.exports.endSnapshot();
  }
}
