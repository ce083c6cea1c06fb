/**
 * The bytes of an RDB file, slice by slice: the keyspace of the moment at which it was begun.
 *
 * The body stays where the core has put it until it has been written, so it is never copied.
 */
import { CoreChecksum } from '../rdb/core-checksum.js';
import { encodeEnd, encodeHeader } from '../rdb/encode.js';
import { OPCODE_EOF } from '../rdb/opcodes.js';
import type { PersistenceEnvironment } from './environment.js';

export interface ImageSlice {
  readonly bytes: Uint8Array;
  /** Nothing follows. */
  readonly isLast: boolean;
  /** The bytes are not needed any more. */
  give(): void;
}

/** The turn must be the caller's, from before it is begun until it has ended. */
export class RdbImage {
  readonly #env: PersistenceEnvironment;
  readonly #crc: CoreChecksum | null;
  readonly #header: Uint8Array;
  #phase: 'header' | 'body' | 'end' | 'ended' = 'header';

  constructor(env: PersistenceEnvironment) {
    this.#env = env;
    this.#crc = env.config.checksum ? new CoreChecksum(env.core) : null;
    this.#header = encodeHeader({
      createdAtSeconds: Math.floor(env.clock.wallMs() / 1000),
      usedMemoryBytes: env.core.usedMemory(),
      replication: env.replication(),
      libraries: env.libraries?.codes() ?? [],
    });
    env.core.snapshots.begin(env.config.compresses);
  }

  /**
   * @param maxBytes - about how many.
   * @throws RingleaderError OUT_OF_MEMORY: what changed meanwhile could not be kept.
   */
  next(maxBytes: number): ImageSlice {
    switch (this.#phase) {
      case 'header':
        this.#phase = 'body';
        this.#crc?.update(this.#header);
        return { bytes: this.#header, isLast: false, give() {} };
      case 'body':
        return this.#body(maxBytes);
      default: {
        this.end();
        this.#crc?.update(Uint8Array.of(OPCODE_EOF));
        return { bytes: encodeEnd(this.#crc?.digest() ?? null), isLast: true, give() {} };
      }
    }
  }

  /** Let the core's snapshot go, whole or not. */
  end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#env.core.snapshots.end();
  }

  #body(maxBytes: number): ImageSlice {
    const { core } = this.#env;
    const { at, length, isLast } = core.snapshots.step(maxBytes);
    if (isLast) this.#phase = 'end';
    const bytes = core.u8.subarray(at, at + length);
    this.#crc?.update(bytes);
    return { bytes, isLast: false, give: () => core.snapshots.give(at) };
  }
}
