/**
 * This node's own ring, read out for replicas across sockets. Those that are equally far share what
 * was read.
 */
import { RingReader } from '../../backlog/ring-reader.js';
import type { ReplicationEnvironment } from '../environment.js';
import { SendBuffers, type SendBufferUser } from './send-buffers.js';

/** Bytes of a piece: long enough for few writes, short enough not to keep others waiting. */
export const PIECE_BYTES = 256 * 1024;

const NOTHING = Buffer.alloc(0);

export class StreamReader {
  readonly #env: ReplicationEnvironment;
  readonly #ring: RingReader;
  #lastCursor = -1;
  #lastHead = -1;
  #last: Buffer = NOTHING;
  readonly #buffers = new SendBuffers(PIECE_BYTES);

  constructor(env: ReplicationEnvironment) {
    this.#env = env;
    this.#ring = new RingReader(env.core.memory);
  }

  /**
   * What follows a cursor.
   *
   * @param cursor - the offset of the last byte that is not wanted.
   * @param user - who is given them, now.
   * @returns the next bytes, PIECE_BYTES at most, to be written and not changed; none: there are no
   * more; null: they are gone.
   */
  read(cursor: number, user: SendBufferUser): Buffer | null {
    const head = this.#env.core.head();
    if (cursor === this.#lastCursor && head === this.#lastHead) {
      if (this.#last.length > 0) this.#buffers.share(this.#last.length, user);
      return this.#last;
    }
    this.#lastCursor = -1; // Its place may be taken again.
    const length = Math.min(PIECE_BYTES, Math.max(0, head - cursor));
    const bytes =
      length === 0 ? NOTHING : this.#buffers.take(length, this.#ring.alignmentAt(cursor), [user]);
    if (bytes.length > 0) {
      const read = this.#ring.read(cursor, this.#ring.history(), bytes);
      // The owner reads its own ring: nothing moves or is overwritten meanwhile.
      if (read.state !== 'copied') return null;
    }
    this.#lastCursor = cursor;
    this.#lastHead = head;
    this.#last = bytes;
    return bytes;
  }
}
