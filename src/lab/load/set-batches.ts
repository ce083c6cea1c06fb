/** Encoded batches of SET commands, as a client would send them: made once, sent over and over. */
import { Prng } from '../../base/prng.js';
import { encodeCommand } from '../../resp/encode-command.js';

export interface Batch {
  /** In shared memory: a node reads them in place, as threads of one process can have it. */
  readonly bytes: Uint8Array;
  readonly commands: number;
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

export interface BatchLoad {
  /** Distinct keys, of 16 bytes each. */
  readonly keys: number;
  /** Bytes a value. */
  readonly size: number;
  readonly commandsPerBatch: number;
  readonly batches: number;
}

/** @returns SETs of random keys, the same for the same seed. */
export function setBatches(load: BatchLoad, seed = 1): Batch[] {
  const random = new Prng(seed);
  const value = Buffer.alloc(load.size, 'x');
  return Array.from({ length: load.batches }, () => {
    const commands = Array.from({ length: load.commandsPerBatch }, () => {
      const key = `key:${`${random.below(load.keys)}`.padStart(12, '0')}`;
      return encodeCommand(['SET', key, value]);
    });
    return { bytes: shared(Buffer.concat(commands)), commands: commands.length };
  });
}
