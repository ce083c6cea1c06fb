/**
 * Following: copy the next slice of the master's ring into the core's input and execute it there.
 *
 * There is no cursor to keep. A replica's own head *is* what it has applied, because the core
 * appends to its own ring, verbatim, exactly the commands it has executed. A slice may end inside a
 * command; what the core did not consume is simply read again with the next slice, and a command
 * longer than a slice makes the next one as long as the core says it needs. The core also follows
 * the stream's SELECTs.
 *
 * No JavaScript runs per command, but for those the core hands over.
 */
import type { RingReader } from '../backlog/ring-reader.js';
import { assert } from '../base/assert.js';
import {
  FLAG_APPLY,
  FLAG_REPLICA,
  STATUS_COMMAND,
  STATUS_DONE,
  STATUS_FENCED,
  STATUS_OUT_OF_MEMORY,
} from '../core/assembly/layout.js';
import type { ReplicationEnvironment } from './environment.js';

/** Bytes of a slice: applied in a fraction of a millisecond, then others get their turn. */
export const SLICE_BYTES = 64 * 1024;

export type ApplyResult =
  /** Something was applied; there may be more. */
  | 'applied'
  /** Everything published is applied. */
  | 'empty'
  /** The ring was moved, or its head, while it was looked at; try again. */
  | 'moved'
  /** What follows is gone, or never was in this history: handshake again. */
  | 'lapped'
  | 'other-history'
  /** What follows is no sequence of commands, or did not fit into memory. */
  | 'corrupt'
  | 'out-of-memory'
  /** This node itself is forbidden to publish. */
  | 'fenced';

export class Applier {
  readonly #env: ReplicationEnvironment;
  /** The command at the head needs at least so many bytes. */
  #neededBytes = 0;

  constructor(env: ReplicationEnvironment) {
    this.#env = env;
  }

  /**
   * Apply the next slice.
   *
   * @param history - the ring's HISTORY number, from the handshake.
   */
  slice(reader: RingReader, history: number): ApplyResult {
    const { core, clock } = this.#env;
    const cursor = core.head();
    const available = reader.head() - cursor;
    const length = Math.max(0, Math.min(available, Math.max(SLICE_BYTES, this.#neededBytes)));
    // Nothing to copy, but an empty read still tells a changed history.
    const pointer = length === 0 ? 0 : core.input(length, reader.phaseAt(cursor));
    if (length > 0 && pointer === 0) return 'out-of-memory';
    const read = reader.read(cursor, history, core.u8.subarray(pointer, pointer + length));
    if (read.state !== 'copied') return read.state;
    // The master published between the two looks at its head.
    if (read.bytes === 0) return 'moved';

    core.setNow(clock.wallMs());
    const startedAt = clock.monotonicMs();
    const result = this.#execute(pointer, read.bytes);
    this.#env.onApplied?.(clock.monotonicMs() - startedAt);
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

  #execute(pointer: number, length: number): ApplyResult {
    const { core } = this.#env;
    const start = core.head();
    let at = 0;
    while (at < length) {
      const status = core.execute(pointer + at, length - at, FLAG_APPLY | FLAG_REPLICA, 0);
      if (status === STATUS_FENCED) return 'fenced';
      if (status === STATUS_OUT_OF_MEMORY) return 'out-of-memory';
      if (status !== STATUS_DONE && status !== STATUS_COMMAND) return 'corrupt';
      at += core.consumed;
      if (status === STATUS_DONE) break;
      this.#applyHandedOver();
      assert(core.head() === start + at, 'a replica publishes exactly what it applied');
    }
    return 'applied';
  }

  /** Run the command in the argument table, in the database that the stream has selected. */
  #applyHandedOver(): void {
    const { core } = this.#env;
    const args = core.args();
    this.#env.applyCommand(args, Math.max(0, core.streamDb));
  }
}
