/**
 * The chunks of a snapshot that a master shares with replicas of its process: a frame says where in
 * the master's memory one lies, and each replica reads it there.
 *
 *   master                                   replica
 *     stamps a slot, sends the place ───────▶
 *                                              reads the bytes, then looks at the slot again
 *     ◀─────────────────────────────── credit
 *     clears the slot, frees the bytes
 *
 * A master that has given a replica up frees what it shared without being asked. It clears the slot
 * first, so a replica that still was at it finds its stamp gone: what it has read is void. The
 * stamp is looked at after an atomic exchange, which no read of plain bytes is carried out behind
 * (@see src/backlog/ring-reader.ts).
 */
import type { SharedMemory } from '../../base/shared-memory.js';
import { assert } from '../../base/assert.js';
import { SNAPSHOT_SLOTS, SNAPSHOT_STAMPS } from '../../core/assembly/layout.js';

/** Where a chunk lies in its master's memory, and what its slot holds while it does. */
export interface ChunkPlace {
  readonly at: number;
  /** Bytes. */
  readonly length: number;
  readonly slot: number;
  readonly stamp: number;
}

interface SharedChunk<Reader> {
  readonly chunk: number;
  readonly at: number;
  readonly readers: Set<Reader>;
}

/** The master's side. Of each reader's chunks no more than SNAPSHOT_SLOTS in a row are out. */
export class SharedChunks<Reader> {
  readonly #stamps: Int32Array;
  readonly #free: (at: number) => void;
  /** Oldest first. */
  #chunks: SharedChunk<Reader>[] = [];
  #lastStamp = 0;

  /** @param free - called with the address of each chunk that no replica reads any more. */
  constructor(memory: SharedMemory, free: (at: number) => void) {
    this.#stamps = new Int32Array(memory.buffer, SNAPSHOT_STAMPS, SNAPSHOT_SLOTS);
    this.#free = free;
  }

  /** Nothing is shared now. */
  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** @param chunk - its number in the snapshot. */
  share(chunk: number, at: number, length: number, readers: Iterable<Reader>): ChunkPlace {
    const slot = chunk % SNAPSHOT_SLOTS;
    assert(this.#stamps[slot] === 0, 'no more is shared than there are slots');
    this.#lastStamp = (this.#lastStamp % 0x7fff_ffff) + 1;
    Atomics.store(this.#stamps, slot, this.#lastStamp);
    this.#chunks.push({ chunk, at, readers: new Set(readers) });
    return { at, length, slot, stamp: this.#lastStamp };
  }

  /** A reader has read a chunk, shared or copied, and all before it, for it takes them in order. */
  onReturned(reader: Reader, chunk: number): void {
    for (const shared of this.#chunks) if (shared.chunk <= chunk) shared.readers.delete(reader);
    this.#settle();
  }

  /** A reader is not waited for any more. */
  forget(reader: Reader): void {
    for (const shared of this.#chunks) shared.readers.delete(reader);
    this.#settle();
  }

  #settle(): void {
    this.#chunks = this.#chunks.filter(({ chunk, at, readers }) => {
      if (readers.size > 0) return true;
      Atomics.store(this.#stamps, chunk % SNAPSHOT_SLOTS, 0);
      this.#free(at);
      return false;
    });
  }
}

/** The replica's side: the chunks in one master's memory. */
export class ChunkReader {
  readonly #memory: SharedMemory;
  readonly #stamps: Int32Array;
  readonly #barrier = new Int32Array(new SharedArrayBuffer(4));

  constructor(memory: SharedMemory) {
    this.#memory = memory;
    this.#stamps = new Int32Array(memory.buffer, SNAPSHOT_STAMPS, SNAPSHOT_SLOTS);
  }

  /** @returns the bytes in place, for use before isShared() only; null: there is no such place. */
  view({ at, length, slot }: ChunkPlace): Uint8Array | null {
    const { buffer } = this.#memory;
    if (slot >= SNAPSHOT_SLOTS || at + length > buffer.byteLength) return null;
    return new Uint8Array(buffer, at, length);
  }

  /** To be asked after the bytes were read. @returns false: they may have been anything. */
  isShared({ slot, stamp }: ChunkPlace): boolean {
    Atomics.exchange(this.#barrier, 0, 1);
    return Atomics.load(this.#stamps, slot) === stamp;
  }
}
