/**
 * Read the first command of a stream that holds whole commands and perhaps the beginning of
 * another: where each is looked at on its own before it runs.
 */
import { ASTERISK, CR, DIGIT_ZERO, DOLLAR, LF } from './wire.js';

export interface FirstCommand {
  /** Copies. */
  readonly args: readonly Buffer[];
  /** Bytes that it takes in the stream. */
  readonly length: number;
}

/** @returns null: it is not whole, or no array of bulk strings. */
export function firstCommand(bytes: Uint8Array): FirstCommand | null {
  const reader = { bytes, at: 0 };
  const count = readHeader(reader, ASTERISK);
  if (count === null) return null;
  const args: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const length = readHeader(reader, DOLLAR);
    if (length === null || reader.at + length + 2 > bytes.length) return null;
    args.push(Buffer.from(bytes.subarray(reader.at, reader.at + length)));
    reader.at += length + 2;
  }
  return { args, length: reader.at };
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** A type byte, a number, CR and LF. */
function readHeader(reader: Reader, type: number): number | null {
  const { bytes } = reader;
  if (bytes[reader.at] !== type) return null;
  let at = reader.at + 1;
  let number = 0;
  for (; at < bytes.length && bytes[at] !== CR; at++) {
    const digit = bytes[at]! - DIGIT_ZERO;
    if (digit < 0 || digit > 9) return null;
    number = number * 10 + digit;
  }
  if (at === reader.at + 1 || bytes[at + 1] !== LF) return null;
  reader.at = at + 2;
  return number;
}
