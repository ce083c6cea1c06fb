/**
 * DUMP's payload: a value's type and its RDB bytes, then a footer of the format's version (two
 * bytes, little-endian) and the CRC-64 of all before it.
 *
 * @see redis/redis 7.0.15 src/cluster.c, createDumpPayload(), verifyDumpPayload()
 */
import { RingleaderError } from '../base/errors.js';
import { Crc64 } from './crc64.js';
import { Incomplete, RdbCursor } from './cursor.js';
import { encodeString } from './encode.js';
import { RDB_VERSION, TYPE_STRING, TYPES_OF_ONE_STRING } from './opcodes.js';

const FOOTER_BYTES = 10;
const CHECKSUM_BYTES = 8;

/** @returns the payload of a string. */
export function dumpString(value: Uint8Array): Buffer {
  return withFooter(Buffer.concat([Buffer.of(TYPE_STRING), encodeString(value)]));
}

/**
 * @param value - a value's type and its bytes, nothing compressed, as the core gives them.
 * @returns the payload, what is one string in it in its shortest form, as Redis has it.
 */
export function dumpPayload(value: Buffer): Buffer {
  return withFooter(shortest(value));
}

/** @returns the bytes with version and checksum behind them. */
export function withFooter(value: Uint8Array): Buffer {
  const body = Buffer.concat([value, Buffer.of(RDB_VERSION & 0xff, RDB_VERSION >> 8)]);
  return Buffer.concat([body, checksum(body)]);
}

/** A value's type and bytes, as they are in a payload. */
export function shortest(value: Buffer): Buffer {
  const [type = TYPE_STRING] = value;
  if (!TYPES_OF_ONE_STRING.has(type)) return value;
  const cursor = new RdbCursor(value, 1);
  return Buffer.concat([Buffer.of(type), encodeString(cursor.string())]);
}

/** @returns whether a payload, which may be anything, says that it is of a collection. */
export function isOfCollection(payload: Uint8Array): boolean {
  return payload[0] !== TYPE_STRING;
}

/** @returns whether the payload is whole, and of a version that can be read. */
export function isDumpIntact(payload: Uint8Array): boolean {
  if (payload.length < FOOTER_BYTES) return false;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const end = bytes.length - CHECKSUM_BYTES;
  if (bytes.readUInt16LE(end - 2) > RDB_VERSION) return false;
  return bytes.subarray(end).equals(checksum(bytes.subarray(0, end)));
}

/**
 * Read the value of a payload that is intact.
 *
 * What follows the value is not looked at, and a value may run into the footer: as in Redis.
 *
 * @returns a string; null: the bytes are no value of a type that can be read.
 */
export function readDump(payload: Uint8Array): Buffer | null {
  try {
    const cursor = new RdbCursor(payload);
    return cursor.byte() === TYPE_STRING ? cursor.string() : null;
  } catch (error) {
    if (error instanceof Incomplete || error instanceof RingleaderError) return null;
    throw error;
  }
}

function checksum(bytes: Uint8Array): Uint8Array {
  const crc = new Crc64();
  crc.update(bytes);
  return crc.digest();
}
