/**
 * What DUMP would have given and RESTORE is to take: strings as RDB has them, and broken ones.
 *
 * @see redis/redis 7.0.15 src/cluster.c, createDumpPayload() and verifyDumpPayload()
 */
import { Crc64 } from '../../../src/rdb/crc64.js';
import type { Words } from './words.js';

const RDB_TYPE_STRING = 0;
const RDB_VERSION = 10;

/** @returns value, version and checksum; one in ten is damaged. */
export function payload(words: Words): string {
  const bytes = seal(encoded(words), words.chance(0.03) ? 65_535 : RDB_VERSION);
  if (!words.chance(0.1)) return bytes.toString('latin1');
  const at = words.below(bytes.length);
  if (words.chance(0.5)) return bytes.toString('latin1', 0, at);
  bytes[at] = bytes[at]! ^ 1;
  return bytes.toString('latin1');
}

/** A string in one of the forms that RDB has for it. */
function encoded(words: Words): Buffer {
  const form = words.below(4);
  const type = Buffer.of(RDB_TYPE_STRING);
  if (form === 0) return Buffer.concat([type, Buffer.of(0xc0, words.below(256))]);
  if (form === 1) return Buffer.concat([type, Buffer.of(0xc1, words.below(256), words.below(256))]);
  const value = Buffer.from(words.value(), 'latin1');
  const length =
    value.length < 64
      ? Buffer.of(value.length)
      : Buffer.of(0x40 | (value.length >>> 8), value.length & 0xff);
  return Buffer.concat([type, length, value]);
}

export function seal(body: Buffer, version: number): Buffer {
  const sum = new Crc64();
  const versioned = Buffer.concat([body, Buffer.of(version & 0xff, version >>> 8)]);
  sum.update(versioned);
  return Buffer.concat([versioned, sum.digest()]);
}
