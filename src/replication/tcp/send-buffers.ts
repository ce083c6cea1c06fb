/**
 * Buffers for what is written to sockets out of the core's memory, used over and over.
 *
 * A socket cannot write shared memory, so it is given a copy. Copies of megabytes made anew are
 * garbage that is collected while clients wait; these are taken again once the sockets that were
 * given them have passed everything on.
 */
import { alignmentOf } from '../../base/alignment.js';

/** Who is given a copy, and passes it on before what it is given afterwards. */
export interface SendBufferUser {
  /** Bytes that it has been given so far. */
  readonly givenBytes: number;
  /** Those of them that have left: they need not be left alone any more. */
  readonly leftBytes: number;
}

interface Lent {
  readonly buffer: Buffer;
  readonly uses: { readonly user: SendBufferUser; readonly untilByte: number }[];
}

/** More than these are not kept: copies that a socket holds back for long are made for it alone. */
const MOST = 8;
/** Room to begin at any place within a word. */
const ALIGNMENT_ROOM = 8;

export class SendBuffers {
  readonly #bytes: number;
  #lent: Lent[] = [];
  #last: Lent | null = null;

  /** @param bytes - what nearly all copies have room in. */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /**
   * @param alignment - where within a word it is to begin. @see base/alignment.ts
   * @param users - who will be given it, now.
   * @returns so many bytes, to be written to.
   */
  take(length: number, alignment: number, users: readonly SendBufferUser[]): Buffer {
    const lent = this.#free(length + ALIGNMENT_ROOM);
    for (const user of users) use(lent, user, length);
    this.#last = lent;
    return lent.buffer.subarray(alignment, alignment + length);
  }

  /** @returns a copy for these. */
  copyOf(bytes: Uint8Array, users: readonly SendBufferUser[]): Buffer {
    const copy = this.take(bytes.length, alignmentOf(bytes), users);
    copy.set(bytes);
    return copy;
  }

  /** What was taken last is given to another as well, now. @param length - as it was. */
  share(length: number, user: SendBufferUser): void {
    if (this.#last !== null) use(this.#last, user, length);
  }

  /** Keep none. */
  clear(): void {
    this.#lent = [];
    this.#last = null;
  }

  #free(room: number): Lent {
    const free = this.#lent.find(({ buffer, uses }) => buffer.length >= room && uses.every(isOver));
    if (free !== undefined) {
      free.uses.length = 0;
      return free;
    }
    if (room > this.#bytes + ALIGNMENT_ROOM || this.#lent.length === MOST) {
      return { buffer: Buffer.allocUnsafeSlow(room), uses: [] };
    }
    const lent: Lent = { buffer: Buffer.allocUnsafeSlow(this.#bytes + ALIGNMENT_ROOM), uses: [] };
    this.#lent.push(lent);
    return lent;
  }
}

function use({ uses }: Lent, user: SendBufferUser, length: number): void {
  uses.push({ user, untilByte: user.givenBytes + length });
}

function isOver({ user, untilByte }: Lent['uses'][number]): boolean {
  return user.leftBytes >= untilByte;
}
