/**
 * A ring's writer in plain TypeScript, for tests: the writer's half of the protocol in
 * src/backlog/ring-reader.ts, spelled out independently of the core's.
 */
import type { SharedMemory } from '../../src/base/shared-memory.js';
import {
  HEAD,
  HISTORY,
  HIST_START,
  MAGIC,
  MAGIC_VALUE,
  RESERVED,
  RING_BASE,
  RING_GENERATION,
  RING_SIZE,
} from '../../src/core/assembly/layout.js';

/** A shared memory that can grow, as a node's is. */
export interface GrowableMemory extends SharedMemory {
  grow(pages: number): number;
}

declare const WebAssembly: {
  readonly Memory: new (descriptor: {
    initial: number;
    maximum: number;
    shared: true;
  }) => GrowableMemory;
};

export const createMemory = (pages = 32): GrowableMemory =>
  new WebAssembly.Memory({ initial: pages, maximum: 1024, shared: true });

/** The byte that every test stream holds at an offset: neighbours and wraps differ. */
export const byteAt = (offset: number): number => (Math.imul(offset, 0x9e3779b1) >>> 23) & 0xff;

export class RingWriter {
  readonly memory: GrowableMemory;
  head: number;
  size: number;
  #base: number;

  constructor(memory: GrowableMemory, base: number, size: number, head = 0) {
    this.memory = memory;
    this.head = head;
    this.size = size;
    this.#base = base;
    this.store32(RING_BASE, base);
    this.store32(RING_SIZE, size);
    this.store64(HIST_START, head);
    this.store64(RESERVED, head);
    this.store64(HEAD, head);
    this.store32(MAGIC, MAGIC_VALUE);
  }

  /** Append the test stream's next bytes. */
  publish(length: number): void {
    this.reserve(length);
    const bytes = new Uint8Array(this.memory.buffer);
    for (let i = 0; i < length; i++) {
      bytes[this.#base + ((this.head + i) % this.size)] = byteAt(this.head + i + 1);
    }
    this.head += length;
    this.store64(HEAD, this.head);
  }

  /** Announce bytes without writing them: what a reader sees of a writer at work. */
  reserve(length: number): void {
    this.store64(RESERVED, this.head + length);
  }

  /** Move the ring, keeping what fits. */
  move(base: number, size: number): void {
    this.bumpGeneration();
    const bytes = new Uint8Array(this.memory.buffer);
    const start = Number(Atomics.load(this.longs, HIST_START >> 3));
    const keep = Math.min(this.size, size, this.head - start);
    for (let offset = this.head - keep; offset < this.head; offset++) {
      bytes[base + (offset % size)] = byteAt(offset + 1);
    }
    this.#base = base;
    this.size = size;
    this.store32(RING_BASE, base);
    this.store32(RING_SIZE, size);
    this.store64(HIST_START, this.head - keep);
    this.bumpGeneration();
  }

  bumpGeneration(): void {
    Atomics.add(this.words, RING_GENERATION >> 2, 1);
  }

  bumpHistory(): void {
    Atomics.add(this.words, HISTORY >> 2, 1);
  }

  get words(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  get longs(): BigInt64Array {
    return new BigInt64Array(this.memory.buffer);
  }

  store32(at: number, value: number): void {
    Atomics.store(this.words, at >> 2, value);
  }

  store64(at: number, value: number): void {
    Atomics.store(this.longs, at >> 3, BigInt(value));
  }
}
