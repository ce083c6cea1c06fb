/**
 * Reading RDB as it arrives: from a file, a socket or another thread, in chunks of any size.
 *
 * The decoder owns the frame (magic, auxiliary fields, end, checksum) and hands entries to a sink.
 * A sink with `loadRun` gets whole runs of entries as bytes, which is how the data core decodes
 * millions of them without an object each; what it does not take is decoded here. Nothing is
 * guessed: a type that is not supported, a bad length, a wrong checksum end the load with an error
 * that names what was found, and the caller decides what becomes of the keys loaded before it.
 *
 * @see redis/redis 7.0 src/rdb.c, rdbLoadRioWithLoadingCtx()
 */
import { RingleaderError } from '../base/errors.js';
import type { LoadedRun } from '../core/loader.js';
import { Crc64 } from './crc64.js';
import { Incomplete, RdbCursor, corrupt } from './cursor.js';
import { readLibrary } from './library-entry.js';
import { isKnownType, skipValue } from './skip-value.js';
import {
  MAGIC,
  MODULE_DOUBLE,
  MODULE_EOF,
  MODULE_FLOAT,
  MODULE_SIGNED,
  MODULE_STRING,
  MODULE_UNSIGNED,
  NEWEST_READ_VERSION,
  OPCODE_AUX,
  OPCODE_EOF,
  OPCODE_EXPIRETIME,
  OPCODE_EXPIRETIME_MS,
  OPCODE_FREQ,
  OPCODE_FUNCTION2,
  OPCODE_FUNCTION_PRE_GA,
  OPCODE_IDLE,
  OPCODE_MODULE_AUX,
  OPCODE_RESIZEDB,
  OPCODE_SELECTDB,
  OPCODE_SLOT_IMPORT,
  OPCODE_SLOT_INFO,
  TYPE_NAMES,
  TYPE_STRING,
  VALKEY_MAGIC,
  VALKEY_VERSION,
} from './opcodes.js';

/** One key as stored. Byte views are valid during the call only. */
export interface RdbEntry {
  readonly db: number;
  readonly key: Buffer;
  /** The string; null: it is a collection. */
  readonly value: Buffer | null;
  /** The type and the value's bytes as they came: DUMP's payload without its footer. */
  readonly dump: Buffer;
  /** Unix ms; null: never. A moment already past is passed on: the caller knows its role. */
  readonly expireAtMs: number | null;
  /** LRU idle seconds or LFU frequency, if the file was written under such a policy. */
  readonly idleSeconds: number | null;
  readonly frequency: number | null;
}

/** Where the decoder puts what it reads. */
export interface RdbSink {
  /** An auxiliary field; unknown ones are to be ignored. */
  aux?(name: string, value: string): void;
  /**
   * Decode as many whole entries (with SELECTDB, RESIZEDB, expiry prefixes) as `bytes` starts with.
   *
   * @returns `consumed`: bytes taken. `neededBytes`: how many must follow those for the entry they
   * stop at; 0: they stop at something that is not an entry this sink takes.
   * @throws PROTOCOL_ERROR if the bytes are no RDB.
   */
  loadRun?(bytes: Uint8Array): LoadedRun;
  /** Called for each entry when there is no `loadRun`. */
  entry?(entry: RdbEntry): void;
  /** Something was passed over that this server has no use for; `what` is for people. */
  skipped?(what: string): void;
  /** The code of a library of functions; a view, valid during the call. */
  library?(code: Buffer): void;
}

/**
 * Pass over what a module keeps beside the keys: its id, when it was saved, values with their
 * kinds.
 *
 * @returns its name.
 * @see redis/redis 7.0.15 src/rdb.c, rdbLoadCheckModuleValue(), moduleTypeNameByID()
 */
function skipModuleData(cursor: RdbCursor): string {
  const name = nameOf(cursor.integer());
  cursor.length();
  cursor.length();
  for (;;) {
    const kind = cursor.length();
    if (kind === MODULE_EOF) return name;
    if (kind === MODULE_SIGNED || kind === MODULE_UNSIGNED) cursor.integer();
    else if (kind === MODULE_FLOAT) cursor.take(4);
    else if (kind === MODULE_DOUBLE) cursor.take(8);
    else if (kind === MODULE_STRING) cursor.skipString();
    else throw corrupt(`a value of the module ${name} has the unknown kind ${kind}`);
  }
}

const NAME_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A module's id: nine characters of six bits each, and a version in the low ten bits. */
function nameOf(id: bigint): string {
  const letters = Array.from({ length: 9 }, (_, i) => {
    const index = Number((id >> BigInt(10 + 6 * i)) & 63n);
    return NAME_LETTERS[index] ?? '';
  });
  return letters.toReversed().join('');
}

/** Sums the bytes that are read; Crc64 in JavaScript, or what a core computes. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** @returns eight bytes, little-endian. */
  digest(): Uint8Array;
}

const HEADER_BYTES = 9;
const CHECKSUM_BYTES = 8;
/** Pieces of several sockets' reads; what is longer is a long value, and rare. */
const KEPT_ROOM_BYTES = 1024 * 1024;

export class RdbDecoder {
  readonly #sink: RdbSink;
  readonly #crc: Checksum | null;
  /** Bytes received and not parsed. */
  #chunks: Uint8Array[] = [];
  #heldBytes = 0;
  /** Where they are joined. */
  #room: Buffer = Buffer.alloc(0);
  /** It makes no sense to parse before so many bytes are held. */
  #neededBytes = HEADER_BYTES;
  #phase: 'header' | 'items' | 'checksum' | 'done' = 'header';
  #version = 0;
  #db = 0;
  #offset = 0;

  /**
   * @param options - `checksum`: false skips the sum, for bytes that never left memory; true sums
   * them here; or what sums them.
   */
  constructor(sink: RdbSink, options: { readonly checksum: boolean | Checksum }) {
    this.#sink = sink;
    const { checksum } = options;
    if (typeof checksum === 'boolean') this.#crc = checksum ? new Crc64() : null;
    else this.#crc = checksum;
  }

  /** True once the end and its checksum have been read; what follows is not RDB. */
  get done(): boolean {
    return this.#phase === 'done';
  }

  /** Bytes of the RDB up to the item that is being read, or could not be. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Take the next bytes, of any number. Those it cannot use yet the decoder copies: the caller's
   * may be shared memory that is about to hold something else.
   *
   * @throws PROTOCOL_ERROR if they are not RDB, or hold what is not supported; the decoder is of
   * no use after that.
   */
  push(bytes: Uint8Array): void {
    if (this.done || bytes.length === 0) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < this.#neededBytes) {
      this.#chunks.push(Buffer.from(bytes));
      return;
    }
    const held = this.#joined(bytes);
    const cursor = new RdbCursor(held);
    let itemStart = 0;
    this.#neededBytes = 1;
    try {
      while (!this.done && !cursor.atEnd) {
        this.#item(cursor);
        itemStart = cursor.position;
      }
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      this.#neededBytes = error.neededBytes - itemStart;
    }
    const rest = held.subarray(itemStart);
    this.#chunks = rest.length === 0 ? [] : [Buffer.from(rest)];
    this.#heldBytes = rest.length;
  }

  /**
   * What is held and what has come, in one piece. Nearly every piece ends within a key, so that
   * they are joined in the same place over and over: a new one each time would be as much garbage
   * as there is RDB.
   */
  #joined(bytes: Uint8Array): Uint8Array {
    if (this.#chunks.length === 0) return bytes;
    const length = this.#heldBytes;
    if (length > KEPT_ROOM_BYTES) return Buffer.concat([...this.#chunks, bytes]);
    if (this.#room.length < length) this.#room = Buffer.allocUnsafeSlow(KEPT_ROOM_BYTES);
    let at = 0;
    for (const chunk of [...this.#chunks, bytes]) {
      this.#room.set(chunk, at);
      at += chunk.length;
    }
    return this.#room.subarray(0, length);
  }

  /**
   * Declare that no more bytes come.
   *
   * @throws PROTOCOL_ERROR if the RDB is not complete.
   */
  end(): void {
    if (!this.done) throw corrupt('it ends before its end marker');
  }

  /** Parse one item and account for its bytes; on Incomplete nothing has changed. */
  #item(cursor: RdbCursor): void {
    const start = cursor.position;
    const rest = cursor.rest();
    switch (this.#phase) {
      case 'header':
        this.#header(cursor);
        this.#phase = 'items';
        break;
      case 'items':
        this.#content(cursor);
        break;
      case 'checksum':
        this.#checksum(cursor.take(CHECKSUM_BYTES));
        this.#phase = 'done';
        this.#offset += CHECKSUM_BYTES;
        return;
      case 'done':
        return;
    }
    this.#offset += cursor.position - start;
    this.#crc?.update(rest.subarray(0, cursor.position - start));
  }

  #header(cursor: RdbCursor): void {
    const head = cursor.take(HEADER_BYTES).toString('latin1');
    const magic = [MAGIC, VALKEY_MAGIC].find((each) => head.startsWith(each));
    if (magic === undefined) throw corrupt('wrong signature, expected "REDIS" and a version');
    const digits = head.slice(magic.length);
    const version = /^\d+$/.test(digits) ? Number(digits) : 0;
    const isKnown = (version >= 1 && version <= NEWEST_READ_VERSION) || version === VALKEY_VERSION;
    if (!isKnown) {
      throw new RingleaderError(
        'PROTOCOL_ERROR',
        `Can't handle RDB format version ${digits}, the newest known is ${NEWEST_READ_VERSION}, and ${VALKEY_VERSION} of Valkey`,
      );
    }
    this.#version = version;
  }

  #content(cursor: RdbCursor): void {
    if (this.#sink.loadRun !== undefined) {
      const run = this.#sink.loadRun(cursor.rest());
      if (run.consumed > 0) {
        cursor.take(run.consumed);
        return;
      }
      if (run.neededBytes > 0) throw new Incomplete(cursor.position + run.neededBytes);
    }
    const opcode = cursor.peek();
    switch (opcode) {
      case OPCODE_EOF:
        cursor.byte();
        // Version 4 and older end without a checksum.
        this.#phase = this.#version < 5 ? 'done' : 'checksum';
        return;
      case OPCODE_AUX: {
        cursor.byte();
        const name = cursor.string().toString();
        const value = cursor.string().toString();
        this.#sink.aux?.(name, value);
        return;
      }
      case OPCODE_FUNCTION2:
      case OPCODE_FUNCTION_PRE_GA: {
        cursor.byte();
        const code = readLibrary(cursor, opcode); // Read, whether it is wanted or not.
        this.#sink.library?.(code);
        return;
      }
      case OPCODE_MODULE_AUX: {
        cursor.byte();
        const name = skipModuleData(cursor);
        this.#sink.skipped?.(`data of the module ${name}`);
        return;
      }
      case OPCODE_SLOT_INFO:
        cursor.byte();
        for (let i = 0; i < 3; i++) cursor.length();
        return;
      case OPCODE_SLOT_IMPORT:
        throw corrupt('it is of a cluster that migrates slots');
      case OPCODE_SELECTDB: {
        cursor.byte();
        this.#db = cursor.length();
        return;
      }
      case OPCODE_RESIZEDB:
        cursor.byte();
        cursor.length();
        cursor.length();
        return;
      default:
        this.#entry(cursor);
    }
  }

  /** Expiry and eviction prefixes, then a type, a key and a value. */
  #entry(cursor: RdbCursor): void {
    let expireAtMs: number | null = null;
    let idleSeconds: number | null = null;
    let frequency: number | null = null;
    let type = cursor.byte();
    while (type >= OPCODE_IDLE) {
      if (type === OPCODE_EXPIRETIME_MS) expireAtMs = Number(cursor.take(8).readBigInt64LE());
      else if (type === OPCODE_EXPIRETIME) expireAtMs = cursor.take(4).readInt32LE() * 1000;
      else if (type === OPCODE_IDLE) idleSeconds = cursor.length();
      else if (type === OPCODE_FREQ) frequency = cursor.byte();
      else throw corrupt(`opcode ${type} between an expiry and its key`);
      type = cursor.byte();
    }
    if (this.#sink.entry === undefined || !isKnownType(type)) {
      const name = TYPE_NAMES[type];
      throw corrupt(
        name === undefined ? `unknown type ${type}` : `type ${type}, ${name}, is not supported`,
      );
    }
    const key = cursor.string();
    const start = cursor.position;
    const value = type === TYPE_STRING ? cursor.string() : null;
    if (value === null) skipValue(cursor, type);
    const encoded = cursor.from(start);
    const dump = Buffer.concat([Buffer.of(type), encoded]);
    this.#sink.entry({ db: this.#db, key, value, dump, expireAtMs, idleSeconds, frequency });
  }

  #checksum(stored: Buffer): void {
    if (this.#crc === null || stored.every((byte) => byte === 0)) return;
    if (!stored.equals(this.#crc.digest()))
      throw corrupt('CRC error, the checksum at its end is not that of its bytes');
  }
}
