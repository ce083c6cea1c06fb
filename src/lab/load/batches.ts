/**
 * A load as encoded batches, made once and sent over and over: a generator that encodes while it
 * measures would measure its own encoder.
 */
import { Prng } from '../../base/prng.js';
import { encodeCommand } from '../../resp/encode-command.js';
import { type LoadCommand, type LoadSpec, MSET_KEYS } from './spec.js';
import { Zipf } from './zipf.js';

/** All batches one after the other in shared memory, so that every thread has them uncopied. */
export interface Batches {
  readonly bytes: Uint8Array;
  /** Where batch i begins; one more than there are batches. */
  readonly starts: readonly number[];
  /** Commands in each. */
  readonly commands: number;
}

/** Commands that differ, if they fit: then what comes round again is no longer in any cache. */
const DISTINCT = 100_000;
const MOST_BYTES = 32 << 20;
const FEWEST_BATCHES = 4;

/**
 * @param pipeline - commands in a batch.
 * @param seed - the same gives the same batches.
 */
export function makeBatches(load: LoadSpec, pipeline: number, seed: number): Batches {
  const next = commandMaker(load, new Prng(seed));
  const parts: Buffer[] = [];
  const starts = [0];
  let bytes = 0;
  const isEnough = (): boolean => {
    const count = starts.length - 1;
    return count >= FEWEST_BATCHES && (count * pipeline >= DISTINCT || bytes >= MOST_BYTES);
  };
  while (!isEnough()) {
    for (let i = 0; i < pipeline; i += 1) {
      const command = encodeCommand(next());
      parts.push(command);
      bytes += command.length;
    }
    starts.push(bytes);
  }
  const shared = new Uint8Array(new SharedArrayBuffer(bytes));
  let at = 0;
  for (const part of parts) {
    shared.set(part, at);
    at += part.length;
  }
  return { bytes: shared, starts, commands: pipeline };
}

/** @returns a function that gives the next command's arguments. */
export function commandMaker(load: LoadSpec, random: Prng): () => (string | Uint8Array)[] {
  const { mix, size, distribution, keys, prefix } = load;
  const uniform = (): number => (random.uint32() + 0.5) / 2 ** 32;
  const zipf = distribution.type === 'zipf' ? new Zipf(keys, distribution.theta) : null;
  const key = (): string => {
    const i = zipf === null ? random.below(keys) : zipf.next(uniform);
    return `${prefix}${String(i).padStart(12, '0')}`;
  };
  const longest = Buffer.alloc(size.max, 'x');
  const value = (): Uint8Array =>
    longest.subarray(0, size.min + random.below(size.max - size.min + 1));
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  const pick = (): LoadCommand => {
    let left = uniform() * total;
    for (const { command, weight } of mix) {
      left -= weight;
      if (left < 0) return command;
    }
    return mix.at(-1)!.command;
  };
  const make: Record<LoadCommand, () => (string | Uint8Array)[]> = {
    set: () => ['SET', key(), value()],
    get: () => ['GET', key()],
    // Numbers have keys of their own: a SET's value is none.
    incr: () => ['INCR', `${key()}:n`],
    mset: () => ['MSET', ...Array.from({ length: MSET_KEYS }, () => [key(), value()]).flat()],
  };
  return () => make[pick()]();
}
