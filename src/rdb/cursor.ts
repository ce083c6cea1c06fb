/**
 * A reading position in RDB bytes that may end anywhere.
 *
 * A stream is parsed item by item. An item cut off by the end of what has arrived is given up by a
 * throw of `Incomplete`, and parsed again from its start when more is there: one throw per chunk
 * received, against a check of every read in every caller. `Incomplete` says how many bytes it
 * takes at least, so that a 512 MB string arriving in small pieces is not parsed once per piece.
 */
import { RingleaderError } from '../base/errors.js';
import { decompress } from './lzf.js';
import {
  ENCODING_INT16,
  ENCODING_INT32,
  ENCODING_INT8,
  ENCODING_LZF,
  LENGTH_14_BIT,
  LENGTH_32_BIT,
  LENGTH_64_BIT,
  LENGTH_6_BIT,
} from './opcodes.js';

/** Redis' own bound of a string. What claims to be longer is refused before it is waited for. */
export const MAX_STRING_BYTES = 512 * 1024 * 1024;

/** Thrown when the item needs bytes that have not arrived. Never leaves this folder. */
export class Incomplete extends Error {
  /** Bytes, counted from the start of the buffer, that must be there to get further. */
  readonly neededBytes: number;

  constructor(neededBytes: number) {
    super('incomplete');
    this.neededBytes = neededBytes;
  }
}

export class RdbCursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
  }

  /** Index of the next byte. */
  get position(): number {
    return this.#at;
  }

  set position(at: number) {
    this.#at = at;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** What has not been read. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** What has been read since a position. */
  from(start: number): Buffer {
    return this.#bytes.subarray(start, this.#at);
  }

  /** The next byte, left in place. */
  peek(): number {
    this.#require(1);
    return this.#bytes[this.#at]!;
  }

  byte(): number {
    const value = this.peek();
    this.#at += 1;
    return value;
  }

  /** The next bytes; a view, valid as long as the buffer is. */
  take(length: number): Buffer {
    this.#require(length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Read over a number that is written as lengths are: of 64 bits it may be any. */
  skipNumber(): void {
    this.#require(1);
    if (this.#bytes[this.#at] === LENGTH_64_BIT) this.take(9);
    else this.length();
  }

  /** A plain length. @throws PROTOCOL_ERROR where a specially encoded string stands instead. */
  length(): number {
    const { value, encoded } = this.#lengthOrEncoding();
    if (encoded) throw corrupt('a length was expected, an encoded string found');
    return value;
  }

  /** A length that is none: any number of 64 bits. */
  integer(): bigint {
    if (this.peek() !== LENGTH_64_BIT) return BigInt(this.length());
    this.byte();
    return this.take(8).readBigUInt64BE();
  }

  /** A string in any of its forms. @returns bytes that are valid as long as the buffer is. */
  string(): Buffer {
    const { value, encoded } = this.#lengthOrEncoding();
    if (!encoded) return this.take(checkStringLength(value));
    switch (value) {
      case ENCODING_INT8:
        return Buffer.from(String(this.take(1).readInt8()));
      case ENCODING_INT16:
        return Buffer.from(String(this.take(2).readInt16LE()));
      case ENCODING_INT32:
        return Buffer.from(String(this.take(4).readInt32LE()));
      case ENCODING_LZF: {
        const packedLength = checkStringLength(this.length());
        const length = checkStringLength(this.length());
        const plain = decompress(this.take(packedLength), length);
        return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
      }
      default:
        throw corrupt(`unknown string encoding ${value}`);
    }
  }

  /** Pass over a string without making it. */
  skipString(): void {
    const { value, encoded } = this.#lengthOrEncoding();
    if (!encoded) this.take(checkStringLength(value));
    else if (value === ENCODING_INT8) this.take(1);
    else if (value === ENCODING_INT16) this.take(2);
    else if (value === ENCODING_INT32) this.take(4);
    else if (value === ENCODING_LZF) {
      const packedLength = checkStringLength(this.length());
      checkStringLength(this.length());
      this.take(packedLength);
    } else throw corrupt(`unknown string encoding ${value}`);
  }

  #lengthOrEncoding(): { value: number; encoded: boolean } {
    const first = this.byte();
    const form = first >> 6;
    if (form === LENGTH_6_BIT) return { value: first & 0x3f, encoded: false };
    if (form === LENGTH_14_BIT) {
      return { value: ((first & 0x3f) << 8) | this.byte(), encoded: false };
    }
    if (first === LENGTH_32_BIT) return { value: this.take(4).readUInt32BE(), encoded: false };
    if (first === LENGTH_64_BIT) {
      const value = Number(this.take(8).readBigUInt64BE());
      if (!Number.isSafeInteger(value)) throw corrupt('a length is out of range');
      return { value, encoded: false };
    }
    if (form === LENGTH_14_BIT + 1) throw corrupt(`unknown length form ${first}`);
    return { value: first & 0x3f, encoded: true };
  }

  #require(length: number): void {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Incomplete(end);
  }
}

function checkStringLength(length: number): number {
  if (length > MAX_STRING_BYTES) {
    throw corrupt(`a string announces ${length} bytes, the limit is ${MAX_STRING_BYTES}`);
  }
  return length;
}

/** The error every malformed RDB ends in. */
export function corrupt(what: string): RingleaderError {
  return new RingleaderError('PROTOCOL_ERROR', `Corrupt RDB: ${what}`);
}
