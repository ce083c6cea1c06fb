/**
 * Replies of a strict node: each leaves once a majority holds what it tells, in their order.
 *
 * A connection's replies are held in pieces, one for each write that would have been, so that a
 * client that goes on asking is answered piece by piece and not only once it stops.
 */
import type { Majority } from '../flow.js';

interface Piece {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

export class HeldReplies {
  readonly #majority: Majority;
  readonly #send: (parts: readonly Uint8Array[]) => void;
  readonly #onLost: () => void;
  #pieces: Piece[] = [];
  #bytes = 0;
  #whenEmpty: (() => void)[] = [];

  /**
   * @param owner - `send`: told of a majority's, in order; `lost`: whether a majority holds what is
   * told will never be known.
   */
  constructor(
    majority: Majority,
    owner: { send(parts: readonly Uint8Array[]): void; lost(): void },
  ) {
    this.#majority = majority;
    this.#send = (parts) => owner.send(parts);
    this.#onLost = () => owner.lost();
  }

  /** Held at present. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param offset - of the last byte of the stream that they may tell of. */
  hold(parts: readonly Uint8Array[], offset: number): void {
    if (this.#bytes === 0 && this.#majority.holds(offset)) return this.#send(parts);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const piece = { parts, bytes };
    this.#pieces.push(piece);
    this.#bytes += bytes;
    this.#majority.wait(offset, (isHeld) => {
      if (this.#pieces[0] !== piece) return; // The connection has ended.
      if (!isHeld) return this.#onLost();
      this.#pieces.shift();
      this.#bytes -= bytes;
      this.#send(parts);
      if (this.#bytes === 0) this.#tellEmpty();
    });
  }

  /** Call once when there are none. */
  whenEmpty(task: () => void): void {
    this.#whenEmpty.push(task);
  }

  /** They are not to be sent. */
  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#whenEmpty = [];
  }

  #tellEmpty(): void {
    for (const task of this.#whenEmpty.splice(0)) task();
  }
}
