/**
 * LZF, the compression of strings inside RDB.
 *
 * The format is a sequence of two kinds of items. A control byte below 32 announces that many plus
 * one literal bytes. Any other starts a back reference: its top three bits are the length minus
 * two (7: another byte holds what is to be added), its low five bits and the next byte are the
 * distance minus one. A reference may reach into the bytes it is itself producing, which is how
 * runs are written.
 *
 * Both directions check every bound: the input of `decompress` comes from files and peers.
 */
import { RingleaderError } from '../base/errors.js';

const HASH_BITS = 14;
const MAX_LITERALS = 32;
const MAX_DISTANCE = 1 << 13;
const MAX_MATCH = 7 + 255 + 2;

/**
 * Compress.
 *
 * @returns the bytes, or null if they would not be shorter than the input by at least 4 (Redis'
 * threshold: below it the original is stored).
 */
export function compress(input: Uint8Array): Uint8Array | null {
  const limit = input.length - 4;
  if (limit <= 0) return null;
  const output = new Uint8Array(limit);
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  let out = 0;
  let literalStart = 0;
  let at = 0;

  /** Writes input[literalStart, end) as literal items; false when the output is full. */
  const flushLiterals = (end: number): boolean => {
    while (literalStart < end) {
      const count = Math.min(MAX_LITERALS, end - literalStart);
      if (out + 1 + count > limit) return false;
      output[out++] = count - 1;
      output.set(input.subarray(literalStart, literalStart + count), out);
      out += count;
      literalStart += count;
    }
    return true;
  };

  while (at + 2 < input.length) {
    const key = (input[at]! << 16) | (input[at + 1]! << 8) | input[at + 2]!;
    const slot = Math.imul(key, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot]!;
    table[slot] = at;
    const distance = at - candidate - 1;
    const matches =
      candidate >= 0 &&
      distance < MAX_DISTANCE &&
      input[candidate] === input[at] &&
      input[candidate + 1] === input[at + 1] &&
      input[candidate + 2] === input[at + 2];
    if (!matches) {
      at += 1;
      continue;
    }
    const longest = Math.min(MAX_MATCH, input.length - at);
    let length = 3;
    while (length < longest && input[candidate + length] === input[at + length]) length += 1;

    if (!flushLiterals(at)) return null;
    const code = length - 2;
    if (out + 3 > limit) return null;
    if (code < 7) {
      output[out++] = (code << 5) | (distance >> 8);
    } else {
      output[out++] = (7 << 5) | (distance >> 8);
      output[out++] = code - 7;
    }
    output[out++] = distance & 0xff;
    at += length;
    literalStart = at;
  }
  return flushLiterals(input.length) ? output.subarray(0, out) : null;
}

/**
 * Decompress.
 *
 * @param length - bytes the result must have, as stored beside the compressed ones.
 * @throws PROTOCOL_ERROR if the input is cut short, refers before its start, or makes more or
 * fewer bytes than `length`.
 */
export function decompress(input: Uint8Array, length: number): Uint8Array {
  // An item of 3 bytes makes at most 264: a length beyond that is a lie, refused before it is
  // allocated.
  if (length > input.length * 88) throw corrupt('announces more bytes than it can hold');
  const output = new Uint8Array(length);
  let at = 0;
  let out = 0;
  while (at < input.length) {
    const control = input[at++]!;
    if (control < MAX_LITERALS) {
      const count = control + 1;
      if (at + count > input.length) throw corrupt('ends inside a literal');
      if (out + count > length) throw corrupt('is longer than announced');
      output.set(input.subarray(at, at + count), out);
      at += count;
      out += count;
      continue;
    }
    let count = control >> 5;
    if (count === 7) {
      if (at >= input.length) throw corrupt('ends inside a reference');
      count += input[at++]!;
    }
    if (at >= input.length) throw corrupt('ends inside a reference');
    let from = out - ((control & 0x1f) << 8) - input[at++]! - 1;
    count += 2;
    if (from < 0) throw corrupt('refers before its start');
    if (out + count > length) throw corrupt('is longer than announced');
    // Byte by byte: the source may overlap what is being written.
    for (; count > 0; count--) output[out++] = output[from++]!;
  }
  if (out !== length) throw corrupt('is shorter than announced');
  return output;
}

function corrupt(what: string): RingleaderError {
  return new RingleaderError('PROTOCOL_ERROR', `Corrupt RDB: an LZF string ${what}`);
}
