/**
 * What an entry of the core's memory says, by its address (layout.ts has the byte map).
 *
 * An address is good until the keyspace changes.
 */
import {
  ENTRY_EXPIRE_AT,
  ENTRY_EXPIRY_SIZE,
  ENTRY_HAS_EXPIRY,
  ENTRY_HEADER,
  ENTRY_IS_RAW,
  ENTRY_IS_TEXT,
  ENTRY_KEY_LEN,
  ENTRY_TYPE_MASK,
  ENTRY_VALUE_LEN,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_STREAM,
  TYPE_STRING,
  TYPE_ZSET,
} from '../core/assembly/layout.js';
import type { Core } from '../core/core.js';
import { wrongType } from './errors.js';

/** What TYPE answers. */
export type TypeName = 'none' | 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream';

const typeNames = new Map<number, TypeName>([
  [TYPE_STRING, 'string'],
  [TYPE_LIST, 'list'],
  [TYPE_SET, 'set'],
  [TYPE_ZSET, 'zset'],
  [TYPE_HASH, 'hash'],
  [TYPE_STREAM, 'stream'],
]);

/** How Redis would hold a string: OBJECT ENCODING's words. */
export type StringEncoding = 'int' | 'embstr' | 'raw';

/** The longest string that Redis embeds in its object, bytes. */
const EMBSTR_MAX = 44;
/** The longest decimal of a 64-bit integer, bytes. */
const INTEGER_MAX = 20;

export class EntryReader {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  type(entry: number): number {
    return this.#core.readU32(entry) & ENTRY_TYPE_MASK;
  }

  typeName(entry: number): TypeName {
    return typeNames.get(this.type(entry)) ?? 'none';
  }

  /**
   * @returns the encoding that Redis would use; null: it holds no string. See Database.encodingOf.
   */
  encoding(entry: number): StringEncoding | null {
    if (this.type(entry) !== TYPE_STRING) return null;
    const header = this.#core.readU32(entry);
    if ((header & ENTRY_IS_RAW) !== 0) return 'raw';
    const length = this.#core.readU32(entry + ENTRY_VALUE_LEN);
    if (length <= INTEGER_MAX && (header & ENTRY_IS_TEXT) === 0) {
      const text = this.#core.copyOut(this.#value(entry), length).toString('latin1');
      if (isInteger(text)) return 'int';
    }
    return length <= EMBSTR_MAX ? 'embstr' : 'raw';
  }

  isVolatile(entry: number): boolean {
    return (this.#core.readU32(entry) & ENTRY_HAS_EXPIRY) !== 0;
  }

  /** @returns Unix ms; only of an entry that is volatile. */
  expireAt(entry: number): number {
    return this.#core.readI64(entry + ENTRY_EXPIRE_AT);
  }

  /** The 24 bits that note the last access. */
  accessClock(entry: number): number {
    return this.#core.readU32(entry) >>> 8;
  }

  setAccessClock(entry: number, clock: number): void {
    this.#core.write(entry + 1, Uint8Array.of(clock, clock >>> 8, clock >>> 16));
  }

  /** @returns a copy. */
  key(entry: number): Buffer {
    return this.#core.copyOut(this.#keyPointer(entry), this.#core.readU32(entry + ENTRY_KEY_LEN));
  }

  /** @returns the string in place. @throws ReplyError WRONGTYPE */
  view(entry: number): Uint8Array {
    if (this.type(entry) !== TYPE_STRING) {
      throw wrongType();
    }
    const at = this.#value(entry);
    return this.#core.u8.subarray(at, at + this.#core.readU32(entry + ENTRY_VALUE_LEN));
  }

  /** @returns what the root of a stream leads to. @throws ReplyError WRONGTYPE */
  stream(entry: number): number {
    if (this.type(entry) !== TYPE_STREAM) {
      throw wrongType();
    }
    return this.#core.exports.streamAt(entry) >>> 0;
  }

  #keyPointer(entry: number): number {
    return entry + ENTRY_HEADER + (this.isVolatile(entry) ? ENTRY_EXPIRY_SIZE : 0);
  }

  #value(entry: number): number {
    return this.#keyPointer(entry) + this.#core.readU32(entry + ENTRY_KEY_LEN);
  }
}

/** Whether a text is the one decimal of a signed 64-bit integer. */
function isInteger(text: string): boolean {
  return /^(?:0|-?[1-9]\d*)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}
