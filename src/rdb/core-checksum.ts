/** An RDB's checksum, computed by the core. */
import type { Checksum } from './decode.js';

export class CoreChecksum implements Checksum {
  readonly #core: { crc64(sum: bigint, bytes: Uint8Array): bigint };
  #sum = 0n;

  constructor(core: { crc64(sum: bigint, bytes: Uint8Array): bigint }) {
    this.#core = core;
  }

  update(bytes: Uint8Array): void {
    this.#sum = this.#core.crc64(this.#sum, bytes);
  }

  digest(): Uint8Array {
    return digestOf(this.#sum);
  }

  /** @returns the digest there would be after these bytes too. */
  digestWith(bytes: Uint8Array): Uint8Array {
    return digestOf(this.#core.crc64(this.#sum, bytes));
  }
}

function digestOf(sum: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(sum);
  return bytes;
}
