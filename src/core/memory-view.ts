/**
 * The owner's view of a node's memory: bytes and words by address, renewed when the memory grows.
 *
 * No caller keeps a view over a call of the core, which may grow the memory.
 */
import { allocateAligned } from '../base/alignment.js';
import { MEMORY_PAGES } from './assembly/layout.js';

const TWO_32 = 2 ** 32;
/** Copies shorter than this are quick either way. */
const SMALL = 128;
/** Copies shorter than this cost less than the view that they would be made from. */
const TINY = 32;

/** A node's memory: a shared WebAssembly.Memory. */
export interface NodeMemory {
  readonly buffer: SharedArrayBuffer;
}

export class MemoryView {
  readonly memory: NodeMemory;
  #u8: Uint8Array;
  #u32: Uint32Array;
  #pages = 0;

  constructor(memory: NodeMemory) {
    this.memory = memory;
    this.#u8 = new Uint8Array(memory.buffer);
    this.#u32 = new Uint32Array(memory.buffer);
  }

  /** All of the memory, shared. Valid until the next call of the core. */
  get u8(): Uint8Array {
    if (this.#u32[MEMORY_PAGES >>> 2] !== this.#pages) this.#renew();
    return this.#u8;
  }

  /** The same as 32-bit words. */
  protected get words(): Uint32Array {
    if (this.#u32[MEMORY_PAGES >>> 2] !== this.#pages) this.#renew();
    return this.#u32;
  }

  // Asking the memory for its buffer costs more than all else here, so the core says when it grew.
  #renew(): void {
    this.#u8 = new Uint8Array(this.memory.buffer);
    this.#u32 = new Uint32Array(this.memory.buffer);
    this.#pages = this.#u32[MEMORY_PAGES >>> 2]!;
  }

  /** A u32 of the memory, at an address that is a multiple of 4. */
  readU32(address: number): number {
    return this.words[address >>> 2]!;
  }

  /** An i64 as a number: exact up to 2^53 either way. */
  readI64(address: number): number {
    const words = this.words;
    return (words[(address >>> 2) + 1]! | 0) * TWO_32 + words[address >>> 2]!;
  }

  writeU32(address: number, value: number): void {
    this.words[address >>> 2] = value;
  }

  /** Store an i64 given as a number; not atomic. */
  writeI64(address: number, value: number): void {
    const words = this.words;
    words[address >>> 2] = value % TWO_32;
    words[(address >>> 2) + 1] = Math.floor(value / TWO_32);
  }

  /** Bytes of the memory, copied out of it (sockets cannot write shared memory). */
  copyOut(at: number, length: number): Buffer {
    const bytes = length < SMALL ? Buffer.allocUnsafe(length) : allocateAligned(length, at & 7);
    if (length < TINY) {
      const from = this.u8;
      for (let i = 0; i < length; i++) bytes[i] = from[at + i]!;
    } else {
      bytes.set(this.u8.subarray(at, at + length));
    }
    return bytes;
  }

  /** Put bytes into the memory. */
  write(at: number, bytes: Uint8Array): void {
    this.u8.set(bytes, at);
  }
}
