/**
 * A HyperLogLog as the string that it is: a header of 16 bytes, then the registers in one of two
 * forms.
 *
 * Header: `HYLL`; the form, 0 dense or 1 sparse; three bytes of no meaning; the cardinality that
 * was last counted, little-endian, whose highest bit says that it holds no more.
 *
 * @see redis/redis 7.0.15 src/hyperloglog.c
 */
import { ReplyError } from '../../resp/reply.js';
import { cardinality } from './cardinality.js';
import { DENSE_BYTES, readRegister, readRegisters, writeRegister } from './dense.js';
import { REGISTERS } from './element-pattern.js';
import { readRuns, Runs, zeros } from './sparse.js';

export const HEADER = 16;
const FORM = 4;
const CARDINALITY = 8;
const DENSE = 0;
const SPARSE = 1;
const IS_STALE = 0x80;

const DENSE_SIZE = HEADER + DENSE_BYTES;
const CORRUPT = 'INVALIDOBJ Corrupted HLL object detected';
const NOT_ONE = 'WRONGTYPE Key is not a valid HyperLogLog string value.';

export class HyperLogLog {
  #runs: Runs | null = null;
  #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** One without elements. */
  static empty(): HyperLogLog {
    return new HyperLogLog(
      Uint8Array.of(72, 89, 76, 76, SPARSE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...zeros(REGISTERS)),
    );
  }

  /**
   * @param bytes - read in place; changed in place while they are dense.
   * @throws ReplyError WRONGTYPE: they are none, by what Redis looks at first.
   */
  static of(bytes: Uint8Array): HyperLogLog {
    const isOne =
      bytes.length >= HEADER &&
      bytes[0] === 72 &&
      bytes[1] === 89 &&
      bytes[2] === 76 &&
      bytes[3] === 76 &&
      (bytes[FORM] === SPARSE || (bytes[FORM] === DENSE && bytes.length === DENSE_SIZE));
    if (!isOne) throw new ReplyError(NOT_ONE);
    return new HyperLogLog(bytes);
  }

  get isDense(): boolean {
    return this.#runs === null && this.#bytes[FORM] === DENSE;
  }

  /** The string as it now is. */
  get bytes(): Uint8Array {
    return this.#runs === null ? this.#bytes : this.#runs.bytes.subarray(0, this.#runs.length);
  }

  /** @returns null: it has to be counted. */
  cachedCardinality(): bigint | null {
    const bytes = this.bytes;
    if (((bytes[CARDINALITY + 7] ?? 0) & IS_STALE) !== 0) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
    return view.getBigUint64(CARDINALITY, true);
  }

  /** @throws ReplyError INVALIDOBJ */
  count(): bigint {
    const histogram = new Int32Array(64);
    const add = (value: number, count: number): void => {
      histogram[value] = (histogram[value] ?? 0) + count;
    };
    if (this.isDense) readRegisters(this.#bytes, HEADER, (value) => add(value, 1));
    else {
      const registers = readRuns(this.bytes, HEADER, (value, count) => {
        add(value, count);
        return true;
      });
      if (registers !== REGISTERS) throw new ReplyError(CORRUPT);
    }
    return cardinality(histogram);
  }

  /** The cached cardinality holds no more. */
  makeStale(): void {
    const bytes = this.#runs?.bytes ?? this.#bytes;
    bytes[CARDINALITY + 7] = (bytes[CARDINALITY + 7] ?? 0) | IS_STALE;
  }

  /**
   * Raise a register to a value; as few registers as sparse bytes can hold stay sparse.
   *
   * @param mostSparse - bytes that the sparse form may have.
   * @returns whether it was lower.
   * @throws ReplyError INVALIDOBJ
   */
  raise(register: number, value: number, mostSparse: number): boolean {
    if (!this.isDense) {
      this.#runs ??= new Runs(this.#bytes, HEADER);
      switch (this.#runs.raise(register, value, mostSparse)) {
        case 'raised':
          this.makeStale();
          return true;
        case 'same':
          return false;
        case 'corrupt':
          throw new ReplyError(CORRUPT);
        case 'full':
          this.toDense();
      }
    }
    if (readRegister(this.#bytes, HEADER, register) >= value) return false;
    writeRegister(this.#bytes, HEADER, register, value);
    return true;
  }

  /** @throws ReplyError INVALIDOBJ: it stays sparse. */
  toDense(): void {
    if (this.isDense) return;
    const dense = new Uint8Array(DENSE_SIZE);
    dense.set(this.bytes.subarray(0, HEADER));
    dense[FORM] = DENSE;
    this.#readSparse((register, value) => writeRegister(dense, HEADER, register, value));
    this.#bytes = dense;
    this.#runs = null;
  }

  /**
   * Raise each register of another to what it is here.
   *
   * @throws ReplyError INVALIDOBJ: some may have been raised.
   */
  mergeInto(registers: Uint8Array): void {
    const raise = (register: number, value: number): void => {
      if (value > (registers[register] ?? 0)) registers[register] = value;
    };
    if (this.isDense)
      readRegisters(this.#bytes, HEADER, (value, register) => raise(register, value));
    else this.#readSparse(raise);
  }

  /** @throws ReplyError INVALIDOBJ: at the end, some registers may have been visited. */
  #readSparse(visit: (register: number, value: number) => void): void {
    let isBeyond = false;
    const registers = readRuns(this.bytes, HEADER, (value, count, register) => {
      // Corrupt, even behind all registers: as in Redis since its repair of CVE-2025-32023.
      isBeyond = register + count > REGISTERS;
      if (isBeyond) return false;
      if (value > 0) for (let i = 0; i < count; i++) visit(register + i, value);
      return true;
    });
    if (isBeyond || registers !== REGISTERS) throw new ReplyError(CORRUPT);
  }
}

/** Note a cardinality in the header. */
export function cacheCardinality(bytes: Uint8Array, count: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  view.setBigUint64(CARDINALITY, count, true);
}

/** The cardinality of registers of one byte each. */
export function countRegisters(registers: Uint8Array): bigint {
  const histogram = new Int32Array(64);
  for (const value of registers) histogram[value] = (histogram[value] ?? 0) + 1;
  return cardinality(histogram);
}
