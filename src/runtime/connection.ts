/**
 * An in-process connection: a stream of RESP bytes between two threads, over a MessagePort.
 *
 * It is what a TCP connection is to a peer elsewhere, and behaves as one in a partition: bytes are
 * not lost (a stream with a hole is garbage) but held back at the sender and delivered after the
 * heal, as TCP retransmits them; or never, if an end gives up before.
 *
 * A sender can tell how much the other side has still to take, as a socket can: each side counts
 * what it has taken in a word of shared memory, so no message is needed for it.
 *
 *   shared counters, one SharedArrayBuffer a connection: 2 × u32, atomic
 *     +0  bytes that side 0 has taken, modulo 2^32     +4  that side 1 has
 */
import type { MessagePort } from 'node:worker_threads';

import { assert } from '../base/assert.js';
import type { PartitionMatrix } from './partition.js';

/** What a byte stream in this process offers: a MessagePort does, and so does a Connection. */
export interface BytePort {
  /** Send bytes. The caller keeps them, or, with `[bytes.buffer]`, gives them away uncopied. */
  postMessage(bytes: Uint8Array, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (bytes: Uint8Array) => void): unknown;
  /** The other end is gone or has closed; called once. */
  on(event: 'close', listener: () => void): unknown;
  close(): void;
  /** Bytes sent that the other side has not taken yet, where that is known. */
  readonly bufferedBytes?: number;
}

/** The counters of one connection, shared by its two ends. */
export interface ConnectionCounters {
  readonly shared: SharedArrayBuffer;
  /** 0 or 1: which end this is. */
  readonly side: number;
}

export function createConnectionCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

export class Connection implements BytePort {
  readonly #port: MessagePort;
  readonly #isCut: () => boolean;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #closing = false;
  /** Null: the other side counts nothing. */
  readonly #taken: Uint32Array | null;
  readonly #side: number;
  /** Bytes given to the port, modulo 2^32. */
  #posted = 0;

  /**
   * @param port - this side's end.
   * @param ownIndex - this thread's index in the matrix; `peerIndex` likewise.
   * @param counters - without them, what was sent counts as taken.
   */
  constructor(
    port: MessagePort,
    partition: PartitionMatrix,
    ownIndex: number,
    peerIndex: number,
    counters: ConnectionCounters | null = null,
  ) {
    this.#port = port;
    this.#taken = counters === null ? null : new Uint32Array(counters.shared);
    this.#side = counters?.side ?? 0;
    this.#isCut = () => partition.isCut(ownIndex, peerIndex);
  }

  /** Bytes that the other side has still to take, or that wait for a partition to heal. */
  get bufferedBytes(): number {
    if (this.#taken === null) return this.#heldBytes;
    return this.#heldBytes + ((this.#posted - Atomics.load(this.#taken, 1 - this.#side)) >>> 0);
  }

  postMessage(bytes: Uint8Array, transfer?: readonly ArrayBuffer[]): void {
    if (this.#closing) return;
    // A view is copied first: posting it would clone all of the buffer behind it, share it if it is
    // shared memory, and the caller may reuse it while it is held.
    this.#send(transfer !== undefined && isWhole(bytes) ? bytes : new Uint8Array(bytes));
  }

  /** Send bytes of a SharedArrayBuffer: not copied, read in place by the other side. */
  share(bytes: Uint8Array): void {
    assert(bytes.buffer instanceof SharedArrayBuffer, 'only shared memory can be shared');
    if (!this.#closing) this.#send(bytes);
  }

  #send(own: Uint8Array): void {
    if (this.#held.length > 0 || this.#isCut()) {
      this.#held.push(own);
      this.#heldBytes += own.length;
    } else {
      this.#post(own);
    }
  }

  on(event: 'message', listener: (bytes: Uint8Array) => void): this;
  on(event: 'close', listener: () => void): this;
  on(event: 'message' | 'close', listener: (bytes: Uint8Array) => void): this {
    const taken = this.#taken;
    if (event === 'close' || taken === null) this.#port.on(event, listener);
    else {
      this.#port.on('message', (bytes: Uint8Array) => {
        Atomics.add(taken, this.#side, bytes.length);
        listener(bytes);
      });
    }
    return this;
  }

  /** The matrix has changed: send what was held, if the way is free again. */
  flush(): void {
    if (this.#held.length === 0 || this.#isCut()) return;
    for (const bytes of this.#held) this.#post(bytes);
    this.#held = [];
    this.#heldBytes = 0;
  }

  #post(bytes: Uint8Array): void {
    const { buffer } = bytes;
    this.#posted = (this.#posted + bytes.length) >>> 0;
    this.#port.postMessage(bytes, buffer instanceof ArrayBuffer ? [buffer] : []);
  }

  /** Close both ends. The far end first gets what was sent. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#held = [];
    this.#heldBytes = 0;
    this.#port.close();
  }
}

/** Whether these bytes are all of a buffer that can be moved to another thread. */
function isWhole(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;
}
