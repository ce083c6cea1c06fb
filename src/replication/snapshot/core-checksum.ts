/** A snapshot's checksum, computed by the core. */
import type { Checksum } from '../../rdb/decode.js';
import type { ReplicationCore } from '../environment.js';

export class CoreChecksum implements Checksum {
  readonly #core: Pick<ReplicationCore, 'crc64'>;
  #sum = 0n;

  constructor(core: Pick<ReplicationCore, 'crc64'>) {
    this.#core = core;
  }

  update(bytes: Uint8Array): void {
    this.#sum = this.#core.crc64(this.#sum, bytes);
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(this.#sum);
    return bytes;
  }
}
