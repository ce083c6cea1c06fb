/** A node of the cluster as an attached thread sees it: its memory, and what stands there of it. */
import type { SharedMemory } from '../base/shared-memory.js';
import { replicationOffset } from '../cluster/client/offset.js';
import { FENCED_BY, HEAD, MAGIC, MAGIC_VALUE, READ_UNREADABLE } from '../core/assembly/layout.js';
import { SharedReader } from '../keyspace/shared-reader.js';
import type { ClusterHandle } from './handle.js';

/** One node's memory, in one of its lives. */
export class Member {
  readonly id: string;
  readonly index: number;
  readonly memory: SharedMemory;
  readonly #words: Int32Array;
  readonly #handle: ClusterHandle;
  readonly #slot: number;
  #reader: SharedReader | null = null;

  constructor(
    id: string,
    index: number,
    memory: SharedMemory,
    handle: ClusterHandle,
    slot: number,
  ) {
    this.id = id;
    this.index = index;
    this.memory = memory;
    this.#handle = handle;
    this.#slot = slot;
    // The first words never move, however the memory grows.
    this.#words = new Int32Array(memory.buffer, 0, 64);
  }

  /** Made when the memory is a node's. */
  get reader(): SharedReader | null {
    if (this.#reader === null && Atomics.load(this.#words, MAGIC >>> 2) === MAGIC_VALUE) {
      this.#reader = new SharedReader(this.#handle.reader, this.memory, this.#slot);
    }
    return this.#reader;
  }

  read(key: string | Uint8Array, wantsValue: boolean): number {
    return this.reader?.read(key, 0, wantsValue, Date.now) ?? READ_UNREADABLE;
  }

  readField(key: string, field: string): number {
    return this.reader?.readField(key, field, 0, Date.now) ?? READ_UNREADABLE;
  }

  get isReadable(): boolean {
    return this.reader !== null && SharedReader.isReadable(this.#words);
  }

  get isFenced(): boolean {
    return this.#words[(HEAD >>> 2) + 1]! < 0;
  }

  /** The index of who set the fence; -1: none is set. */
  get fencedBy(): number {
    return Atomics.load(this.#words, FENCED_BY >>> 2) - 1;
  }

  get head(): number {
    return replicationOffset(this.memory);
  }
}
