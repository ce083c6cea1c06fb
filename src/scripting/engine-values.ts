/**
 * Values between the node and the Lua engine: a reply's RESP to the engine's own form, and the
 * value that a piece of Lua has returned back from it.
 *
 * The engine's form is a byte that says what it is, a length or count of 32 bits (little end
 * first), and what that counts.
 *
 * @see https://github.com/fatal10110/lua-redis-wasm docs/abi.md
 */
import { assert } from '../base/assert.js';
import { ERROR_MARK } from './prelude-api.js';

const NULL = 0;
const INTEGER = 1;
const BULK = 2;
const ARRAY = 3;
const STATUS = 4;
const ERROR = 5;
const SCRIPT_ERROR = 6;
const BOOLEAN = 7;
const DOUBLE = 8;
const MAP = 9;
const SET = 10;
const BIG_NUMBER = 11;
const VERBATIM = 12;

const HEADER_BYTES = 5;
const CR = 0x0d;

export type LuaValue =
  | null
  | number
  | Buffer
  | readonly LuaValue[]
  /** What the engine itself, or code outside of a script, has failed with. */
  | { readonly error: string };

/** What is left to read of a reply, and where to write it. */
class Transcoder {
  readonly #from: Buffer;
  #at = 0;
  #out: Buffer;
  #length = 0;

  constructor(bytes: Uint8Array) {
    this.#from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#out = Buffer.allocUnsafe(bytes.length + 64);
  }

  take(): Buffer {
    return this.#out.subarray(0, this.#length);
  }

  value(): void {
    const mark = String.fromCharCode(this.#from[this.#at]!);
    const line = this.#line();
    const count = Number(line);
    switch (mark) {
      case '+':
        return this.#bytes(STATUS, Buffer.from(line, 'latin1'));
      case '-':
        return this.#bytes(ERROR, Buffer.from(line, 'latin1'));
      case ':':
        this.#header(INTEGER, 8);
        this.#length = this.#out.writeBigInt64LE(BigInt(line), this.#length);
        return;
      case '$':
        return count < 0 ? this.#header(NULL, 0) : this.#bytes(BULK, this.#body(count));
      case '*':
      case '>':
        return count < 0 ? this.#header(NULL, 0) : this.#items(ARRAY, count, count);
      case '~':
        return this.#items(SET, count, count);
      case '%':
        return this.#items(MAP, count, 2 * count);
      case '_':
        return this.#header(NULL, 0);
      case '#':
        this.#header(BOOLEAN, 1);
        this.#length = this.#out.writeUInt8(line === 't' ? 1 : 0, this.#length);
        return;
      case ',':
        this.#header(DOUBLE, 8);
        this.#length = this.#out.writeDoubleLE(toDouble(line), this.#length);
        return;
      case '(':
        return this.#bytes(BIG_NUMBER, Buffer.from(line, 'latin1'));
      case '=':
        return this.#verbatim(this.#body(count));
      case '|': // Attributes, which scripts are not shown; then the reply that they are about.
        this.#skip(2 * count);
        return this.value();
      default:
        assert(false, `no reply begins with ${mark}`);
    }
  }

  /** Read so many values, and forget them. */
  #skip(values: number): void {
    const length = this.#length;
    for (let i = 0; i < values; i++) this.value();
    this.#length = length;
  }

  #line(): string {
    const end = this.#from.indexOf(CR, this.#at);
    const line = this.#from.toString('latin1', this.#at + 1, end);
    this.#at = end + 2;
    return line;
  }

  #body(length: number): Buffer {
    const body = this.#from.subarray(this.#at, this.#at + length);
    this.#at += length + 2;
    return body;
  }

  #items(type: number, count: number, values: number): void {
    this.#header(type, count);
    for (let i = 0; i < values; i++) this.value();
  }

  #verbatim(body: Buffer): void {
    this.#header(VERBATIM, 4 + body.length - 1);
    this.#room(4 + body.length);
    this.#length = this.#out.writeUInt32LE(3, this.#length);
    this.#length += body.copy(this.#out, this.#length, 0, 3);
    this.#length += body.copy(this.#out, this.#length, 4);
  }

  #header(type: number, count: number): void {
    this.#room(HEADER_BYTES + 8);
    this.#length = this.#out.writeUInt8(type, this.#length);
    this.#length = this.#out.writeUInt32LE(count, this.#length);
  }

  #bytes(type: number, bytes: Buffer): void {
    this.#header(type, bytes.length);
    this.#room(bytes.length);
    this.#length += bytes.copy(this.#out, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#out.length + bytes);
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }
}

function toDouble(line: string): number {
  if (line === 'inf') return Infinity;
  return line === '-inf' ? -Infinity : Number(line);
}

/** @param reply - one reply's RESP. @returns it as the engine takes it. */
export function writeReply(reply: Uint8Array): Buffer {
  const transcoder = new Transcoder(reply);
  transcoder.value();
  return transcoder.take();
}

/**
 * @param reply - an error's RESP.
 * @param isCounted - among the node's errors.
 * @returns it as redis.call takes it, which raises it.
 */
export function writeRaised(reply: Uint8Array, isCounted: boolean): Buffer {
  const text = Buffer.from(reply.buffer, reply.byteOffset + 1, reply.byteLength - 3);
  const mark = Buffer.from(`-${ERROR_MARK}${isCounted ? 'c' : 'n'}`);
  return writeReply(Buffer.concat([mark, text, Buffer.from('\r\n')]));
}

/** @param bytes - what the engine has answered. */
export function decodeValue(bytes: Buffer): LuaValue {
  let at = 0;
  const next = (): LuaValue => {
    const type = bytes.readUInt8(at);
    const count = bytes.readUInt32LE(at + 1);
    at += HEADER_BYTES;
    if (type === NULL) return null;
    if (type === ARRAY) return Array.from({ length: count }, next);
    const from = at;
    at += count;
    if (type === INTEGER) return Number(bytes.readBigInt64LE(from));
    if (type === BULK || type === STATUS) return Buffer.from(bytes.subarray(from, at));
    const text = type === SCRIPT_ERROR ? from + 4 : from;
    return { error: bytes.toString('latin1', text, at) };
  };
  return next();
}
