/** Encoded batches of commands, as a client would send them: made once, sent over and over. */
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
  const value = Buffer.alloc(load.size, 'x');
  return commandBatches(load, (number) => ['SET', `key:${number}`, value], seed);
}

/**
 * @param command - makes one out of a random number below `keys`, of twelve digits.
 */
export function commandBatches(
  { keys, commandsPerBatch, batches }: Omit<BatchLoad, 'size'>,
  command: (number: string) => readonly (string | Uint8Array)[],
  seed = 1,
): Batch[] {
  const random = new Prng(seed);
  return Array.from({ length: batches }, () => {
    const commands = Array.from({ length: commandsPerBatch }, () =>
      encodeCommand(command(`${random.below(keys)}`.padStart(12, '0'))),
    );
    return { bytes: shared(Buffer.concat(commands)), commands: commands.length };
  });
}
