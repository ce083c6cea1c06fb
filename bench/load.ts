/** Encoded batches of SET commands, as a client would send them: made once, sent over and over. */
import { Prng } from '../src/base/prng.js';
import { encodeCommand } from '../src/resp/encode.js';

export interface Batch {
  readonly bytes: Uint8Array;
  readonly commands: number;
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
    return { bytes: Buffer.concat(commands), commands: commands.length };
  });
}
