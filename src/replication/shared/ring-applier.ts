/**
 * The next slice of a master's ring, copied into the core's input and applied there.
 *
 * A slice may end inside a command, which is simply read again with the next slice; a command
 * longer than a slice makes the next one as long as the core says it needs. A transaction that a
 * slice ends within is left to the next one, whole: clients see all of it or nothing. What ends at
 * the master's head ends in no transaction, since those are published at once.
 */
import type { RingReader } from '../../backlog/ring-reader.js';
import type { Applier } from '../apply.js';
import type { ReplicationEnvironment } from '../environment.js';
import type { StreamEnd } from '../master-session.js';
import { TransactionEdge } from '../transaction-edge.js';

/** Bytes of a slice: applied in a fraction of a millisecond, then others get their turn. */
export const SLICE_BYTES = 64 * 1024;

export type ApplyResult =
  /** Something was applied; there may be more. */
  | 'applied'
  /** Everything published is applied. */
  | 'empty'
  /** The ring was moved, or its head, while it was looked at; try again. */
  | 'moved'
  | StreamEnd;

export class RingApplier {
  readonly #env: ReplicationEnvironment;
  readonly #applier: Applier;
  /** The command at the head needs at least so many bytes. */
  #neededBytes = 0;

  constructor(env: ReplicationEnvironment, applier: Applier) {
    this.#env = env;
    this.#applier = applier;
  }

  /**
   * Apply the next slice.
   *
   * @param history - the ring's HISTORY number, from the handshake.
   */
  slice(reader: RingReader, history: number): ApplyResult {
    const { core } = this.#env;
    const cursor = core.head();
    const available = reader.head() - cursor;
    const wanted = Math.max(0, Math.min(available, Math.max(SLICE_BYTES, this.#neededBytes)));
    // Nothing to copy, but an empty read still tells a changed history.
    const pointer = wanted === 0 ? 0 : core.input(wanted, reader.alignmentAt(cursor));
    if (wanted > 0 && pointer === 0) return 'out-of-memory';
    const read = reader.read(cursor, history, core.u8.subarray(pointer, pointer + wanted));
    if (read.state !== 'copied') return read.state;
    // The master published between the two looks at its head.
    if (read.bytes === 0) return 'moved';

    const length = read.bytes === available ? available : this.#applicable(pointer, read.bytes);
    if (length === 0) {
      this.#neededBytes = 2 * read.bytes;
      return 'applied';
    }
    const result = this.#applier.run(pointer, length);
    if (result !== 'applied') return result;
    if (core.head() > cursor) {
      this.#neededBytes = 0;
      return 'applied';
    }
    // A master publishes whole commands: what was read to the end must have held one.
    if (read.bytes === available) return 'corrupt';
    this.#neededBytes = Math.max(core.need, 2 * read.bytes);
    return 'applied';
  }
  /** Of a slice that more follows. */
  #applicable(pointer: number, bytes: number): number {
    const { u8 } = this.#env.core;
    const slice = Buffer.from(u8.buffer, u8.byteOffset + pointer, bytes);
    return new TransactionEdge().applicable(slice);
  }
}
