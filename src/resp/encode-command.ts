/** Commands as clients and masters send them, the core reads them and the ring carries them. */

import { ASTERISK, CR, DIGIT_ZERO, DOLLAR, LF } from './wire.js';

/** Copies shorter than this cost less here than a call. */
const TINY = 32;

type Args = readonly (Uint8Array | string)[];

/** A command as a RESP array of bulk strings. */
export function encodeCommand(args: Args): Buffer {
  return encodeCommands([args]);
}

/** Commands, one behind the other. */
export function encodeCommands(commands: readonly Args[]): Buffer {
  let size = 0;
  for (const args of commands) size += roomFor(args);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const args of commands) at = writeCommand(bytes, at, args);
  return bytes.subarray(0, at);
}

/** @returns at most how many bytes the command takes. */
export function roomFor(args: Args): number {
  let size = 16;
  for (const arg of args) size += 16 + lengthOf(arg);
  return size;
}

function lengthOf(arg: Uint8Array | string): number {
  return typeof arg === 'string' ? Buffer.byteLength(arg) : arg.length;
}

/** @returns where the command ends. */
function writeCommand(bytes: Buffer, start: number, args: Args): number {
  let at = header(bytes, start, ASTERISK, args.length);
  for (const arg of args) {
    const length = lengthOf(arg);
    at = header(bytes, at, DOLLAR, length);
    if (typeof arg === 'string') bytes.write(arg, at);
    else if (length < TINY) for (let i = 0; i < length; i++) bytes[at + i] = arg[i]!;
    else bytes.set(arg, at);
    at = lineEnd(bytes, at + length);
  }
  return at;
}

/** Write a type byte and a length. @returns where the line ends. */
function header(bytes: Buffer, start: number, type: number, length: number): number {
  bytes[start] = type;
  let digits = 1;
  for (let least = 10; least <= length; least *= 10) digits++;
  let rest = length;
  for (let at = start + digits; at > start; at--) {
    bytes[at] = DIGIT_ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return lineEnd(bytes, start + 1 + digits);
}

function lineEnd(bytes: Buffer, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}
