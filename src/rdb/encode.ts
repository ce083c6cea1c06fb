/**
 * Writing RDB: the frame (magic, auxiliary fields, end, checksum) around a body, and the string
 * and length encodings that its parts share.
 *
 * The body, one run of entries per database, comes from the data core, which can write it at a
 * point in time while commands go on. The frame is the same on disk, over TCP and between threads;
 * between threads the checksum is left out (zero, which every reader takes for "none"), because
 * there is no medium that could corrupt it and it would cost more than the copy.
 *
 * @see redis/redis 7.0 src/rdb.c, rdbSaveRio(), rdbSaveInfoAuxFields(), rdbSaveRawString()
 */
import { REDIS_VERSION } from '../base/redis-version.js';
import { Crc64 } from './crc64.js';
import { compress } from './lzf.js';
import {
  ENCODING_INT16,
  ENCODING_INT32,
  ENCODING_INT8,
  ENCODING_LZF,
  LENGTH_32_BIT,
  LENGTH_64_BIT,
  OPCODE_AUX,
  OPCODE_EOF,
  OPCODE_FUNCTION2,
  RDB_VERSION,
} from './opcodes.js';

/** What a snapshot says about itself. */
export interface RdbInfo {
  /** Unix seconds. */
  readonly createdAtSeconds: number;
  readonly usedMemoryBytes: number;
  /** Where the data stands in a replication history; null: in none. */
  readonly replication: {
    readonly replid: string;
    readonly offset: number;
    /** The database that the stream after `offset` starts in. */
    readonly streamDb: number;
    /** The history that this one continues, and the first offset that it does not name. */
    readonly previous?: { readonly replid: string; readonly before: number };
  } | null;
  /** Code of the node's libraries of functions. */
  readonly libraries?: readonly Uint8Array[];
  /** It is the base of an append-only file. */
  readonly isAofBase?: boolean;
}

/** An aux field of our own, which other servers pass over: @see RdbInfo, `previous`. */
export const PREVIOUS_AUX = 'ringleader-previous';

/**
 * A whole RDB, chunk by chunk.
 *
 * @param body - chunks of entries, from the core's snapshot.
 * @param checksum - false writes eight zero bytes instead.
 */
export function* encodeRdb(
  info: RdbInfo,
  body: Iterable<Uint8Array>,
  checksum: boolean,
): Generator<Uint8Array, void> {
  const crc = new Crc64();
  const header = encodeHeader(info);
  if (checksum) crc.update(header);
  yield header;
  for (const chunk of body) {
    if (checksum) crc.update(chunk);
    yield chunk;
  }
  if (checksum) crc.update(Uint8Array.of(OPCODE_EOF));
  yield encodeEnd(checksum ? crc.digest() : null);
}

/** What follows the last entry. @param digest - CRC-64 of all before; null: there is none. */
export function encodeEnd(digest: Uint8Array | null): Buffer {
  return Buffer.concat([Uint8Array.of(OPCODE_EOF), digest ?? new Uint8Array(8)]);
}

/** Magic, version and auxiliary fields: what precedes the first entry. */
export function encodeHeader(info: RdbInfo): Buffer {
  const fields: [string, string][] = [
    ['redis-ver', REDIS_VERSION],
    ['redis-bits', '64'],
    ['ctime', String(info.createdAtSeconds)],
    ['used-mem', String(info.usedMemoryBytes)],
  ];
  if (info.replication !== null) {
    fields.push(
      ['repl-stream-db', String(info.replication.streamDb)],
      ['repl-id', info.replication.replid],
      ['repl-offset', String(info.replication.offset)],
    );
    const { previous } = info.replication;
    if (previous !== undefined) {
      fields.push([PREVIOUS_AUX, `${previous.replid} ${previous.before}`]);
    }
  }
  fields.push(['aof-base', info.isAofBase === true ? '1' : '0']);
  const parts: Uint8Array[] = [Buffer.from(`REDIS${String(RDB_VERSION).padStart(4, '0')}`)];
  for (const [name, value] of fields) {
    parts.push(
      Uint8Array.of(OPCODE_AUX),
      encodeString(Buffer.from(name)),
      encodeString(Buffer.from(value)),
    );
  }
  parts.push(encodeLibraries(info.libraries ?? []));
  return Buffer.concat(parts);
}

/** @returns libraries of functions: an opcode and the code of each. */
export function encodeLibraries(codes: readonly Uint8Array[]): Buffer {
  const opcode = Buffer.of(OPCODE_FUNCTION2);
  return Buffer.concat(codes.flatMap((code) => [opcode, encodeString(code)]));
}

/**
 * A length: 1, 2, 5 or 9 bytes, big-endian.
 *
 * @param length - bytes or elements, 0 to 2^53-1.
 */
export function encodeLength(length: number): Buffer {
  if (length < 1 << 6) return Buffer.of(length);
  if (length < 1 << 14) return Buffer.of((1 << 6) | (length >> 8), length & 0xff);
  if (length <= 0xffffffff) {
    const bytes = Buffer.alloc(5);
    bytes[0] = LENGTH_32_BIT;
    bytes.writeUInt32BE(length, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = LENGTH_64_BIT;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** A string in its shortest form: as a small integer, compressed, or as it is. */
export function encodeString(value: Uint8Array): Buffer {
  const integer = encodeInteger(value);
  if (integer !== null) return integer;
  // Redis' threshold: what is this short does not shrink.
  if (value.length > 20) {
    const packed = compress(value);
    if (packed !== null) {
      return Buffer.concat([
        Buffer.of(0xc0 | ENCODING_LZF),
        encodeLength(packed.length),
        encodeLength(value.length),
        packed,
      ]);
    }
  }
  return Buffer.concat([encodeLength(value.length), value]);
}

/** The integer form, if the bytes are a 32-bit integer in canonical decimal; else null. */
function encodeInteger(value: Uint8Array): Buffer | null {
  if (value.length === 0 || value.length > 11) return null;
  const text = Buffer.from(value).toString('latin1');
  const number = Number(text);
  if (!Number.isInteger(number) || String(number) !== text) return null;
  if (number >= -(2 ** 7) && number < 2 ** 7) return Buffer.of(0xc0 | ENCODING_INT8, number & 0xff);
  const bytes = Buffer.alloc(5);
  if (number >= -(2 ** 15) && number < 2 ** 15) {
    bytes[0] = 0xc0 | ENCODING_INT16;
    bytes.writeInt16LE(number, 1);
    return bytes.subarray(0, 3);
  }
  if (number < -(2 ** 31) || number >= 2 ** 31) return null;
  bytes[0] = 0xc0 | ENCODING_INT32;
  bytes.writeInt32LE(number, 1);
  return bytes;
}
