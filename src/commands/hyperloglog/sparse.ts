/**
 * The registers as runs, for sets that have few of them: `00zzzzzz` is up to 64 zeros, `01zzzzzz
 * zzzzzzzz` up to 16,384, `1vvvvvrr` a value of 1 to 32 in up to four registers.
 *
 * Bytes must come out as Redis makes them, so the steps are its: only the run that has the register
 * is split, and up to five runs from the one before it on are joined where they can be. A string
 * that clients have damaged is met as it meets it: what it finds, what it only reads over.
 *
 * @see redis/redis 7.0.15 src/hyperloglog.c, hllSparseSet()
 */

const HIGHEST_VALUE = 32;
const LONGEST_VALUES = 4;
const LONGEST_SHORT = 64;
/** What one change adds at the most. */
const ROOM = 3;

/** The runs of a string, to be changed: its bytes up to `length`, with room behind them. */
export class Runs {
  bytes: Uint8Array;
  length: number;
  /** Where the first one is. */
  readonly #start: number;

  /** @param held - all of the string; it is copied. */
  constructor(held: Uint8Array, start: number) {
    this.bytes = new Uint8Array(held.length + 64);
    this.bytes.set(held);
    this.length = held.length;
    this.#start = start;
  }

  /**
   * Raise a register to a value.
   *
   * @param mostBytes - that the string may have.
   * @returns `full`: only the other form can hold it; nothing has changed.
   */
  raise(
    register: number,
    value: number,
    mostBytes: number,
  ): 'raised' | 'same' | 'full' | 'corrupt' {
    if (value > HIGHEST_VALUE) return 'full';
    this.#enlarge();
    const { bytes } = this;
    let at = this.#start;
    let previous = at;
    let first = 0;
    let span = 0;
    // Where a PFADD of many elements spends its time: hence without calls.
    while (at < this.length) {
      const byte = bytes[at] ?? 0;
      let size = 1;
      if ((byte & 0x80) !== 0) span = (byte & 3) + 1;
      else if ((byte & 0x40) === 0) span = byte + 1;
      else {
        span = (((byte & 0x3f) << 8) | (bytes[at + 1] ?? 0)) + 1;
        size = 2;
      }
      if (register < first + span) break;
      previous = at;
      at += size;
      first += span;
    }
    if (span === 0 || at >= this.length) return 'corrupt';
    const held = runValue(bytes, at);
    if (held >= value) return 'same';
    if (span === 1 && runBytes(bytes, at) === 1) bytes[at] = values(value, 1);
    else {
      const split = [
        ...runOf(held, register - first),
        values(value, 1),
        ...runOf(held, first + span - 1 - register),
      ];
      if (!this.#replace(at, split, mostBytes)) return 'full';
    }
    this.#join(previous);
    return 'raised';
  }

  /** Put other bytes in place of a run. @returns false: it would be too long. */
  #replace(at: number, split: readonly number[], mostBytes: number): boolean {
    const before = runBytes(this.bytes, at);
    const grown = split.length - before;
    if (grown > 0 && this.length + grown > mostBytes) return false;
    if (at + before < this.length) {
      this.bytes.copyWithin(at + split.length, at + before, this.length);
    }
    this.length += grown;
    this.bytes[this.length] = 0;
    this.bytes.set(split, at);
    return true;
  }

  #join(from: number): void {
    const { bytes } = this;
    let at = from;
    for (let looks = 0; at < this.length && looks < 5; looks++) {
      const value = runValue(bytes, at);
      const next = at + 1;
      if (value > 0 && next < this.length && runValue(bytes, next) === value) {
        const joined = runLength(bytes, at) + runLength(bytes, next);
        if (joined <= LONGEST_VALUES) {
          bytes[next] = values(value, joined);
          bytes.copyWithin(at, next, this.length);
          bytes[--this.length] = 0;
          continue;
        }
      }
      at += runBytes(bytes, at);
    }
  }

  #enlarge(): void {
    if (this.length + ROOM <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/**
 * Go through the runs of a string.
 *
 * @param visit - gets a value, 0 for zeros, and in how many registers it is. It returns false to
 * stop.
 * @returns how many registers the runs have that were visited, all being well the number there is.
 */
export function readRuns(
  bytes: Uint8Array,
  start: number,
  visit: (value: number, count: number, register: number) => boolean,
): number {
  let register = 0;
  for (let at = start; at < bytes.length; at += runBytes(bytes, at)) {
    const count = runLength(bytes, at);
    if (!visit(runValue(bytes, at), count, register)) break;
    register += count;
  }
  return register;
}

/** The first bytes of runs. @returns `z:64`, `Z:1000` and `v:3,2`, as PFDEBUG DECODE shows them. */
export function showRuns(bytes: Uint8Array, start: number): string {
  const shown: string[] = [];
  for (let at = start; at < bytes.length; at += runBytes(bytes, at)) {
    const value = runValue(bytes, at);
    const count = runLength(bytes, at);
    const letter = runBytes(bytes, at) === 2 ? 'Z' : 'z';
    shown.push(value > 0 ? `v:${value},${count}` : `${letter}:${count}`);
  }
  return shown.join(' ');
}

/** The bytes of a run of one value, or none if it is of no length. */
function runOf(value: number, count: number): number[] {
  if (count === 0) return [];
  if (value > 0) return [values(value, count)];
  return zeros(count);
}

/** The bytes of so many zeros. */
export function zeros(count: number): number[] {
  const rest = count - 1;
  return count > LONGEST_SHORT ? [0x40 | (rest >> 8), rest & 0xff] : [rest];
}

function values(value: number, count: number): number {
  return 0x80 | ((value - 1) << 2) | (count - 1);
}

function runLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  if ((byte & 0x80) !== 0) return (byte & 3) + 1;
  // Like a string in C, one that ends within a run has a NUL there.
  return (byte & 0x40) !== 0 ? (((byte & 0x3f) << 8) | (bytes[at + 1] ?? 0)) + 1 : byte + 1;
}

function runBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) & 0xc0) === 0x40 ? 2 : 1;
}

/** @returns 0: they are zeros. */
function runValue(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return (byte & 0x80) !== 0 ? ((byte >> 2) & 0x1f) + 1 : 0;
}
