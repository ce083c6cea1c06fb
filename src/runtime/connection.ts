/**
 * An in-process connection: a stream of RESP bytes between two threads, over a MessagePort.
 *
 * It is what a TCP connection is to a peer elsewhere, and behaves as one in a partition: bytes are
 * not lost (a stream with a hole is garbage) but held back at the sender and delivered after the
 * heal, as TCP retransmits them; or never, if an end gives up before.
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
}

export class Connection implements BytePort {
  readonly #port: MessagePort;
  readonly #isCut: () => boolean;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #closing = false;

  /**
   * @param port - this side's end.
   * @param ownIndex - this thread's index in the matrix; `peerIndex` likewise.
   */
  constructor(port: MessagePort, partition: PartitionMatrix, ownIndex: number, peerIndex: number) {
    this.#port = port;
    this.#isCut = () => partition.isCut(ownIndex, peerIndex);
  }

  /** Bytes that wait for a partition to heal. */
  get bufferedBytes(): number {
    return this.#heldBytes;
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
    this.#port.on(event, listener);
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
