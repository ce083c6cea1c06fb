/**
 * What random commands are made of: few keys, so that commands meet; values and numbers at the
 * limits where implementations differ; times so far away or so long past that no clock matters.
 *
 * Words are latin1 strings: one character, one byte.
 */
import { Prng } from '../../../src/base/prng.js';
import type { Dumped } from './dumps.js';

const KEYS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'key:{6}',
  '',
  '\x00\xff\r\n',
  'k'.repeat(70),
  'hll',
  'hash1',
  'set1',
  'stream',
];

const NUMBERS = [
  ...'0 1 -1 2 7 8 10 -10 100 4294967296 9223372036854775806 9223372036854775807'.split(' '),
  ...'-9223372036854775807 -9223372036854775808'.split(' '),
];

/** Nothing between: it would be over sooner on one server than on the other. */
const OVER_OR_NEVER = [
  ...'0 -1 -5 -9223372036854775808 9223372036854775807 9223372036854775'.split(' '),
  ...'9223372036854774 -9223372036854775'.split(' '),
];

const NO_NUMBERS = [
  ...'abc 1.5 +1 01 -0 0x10 --1 - 9223372036854775808'.split(' '),
  ...'-9223372036854775809 99999999999999999999'.split(' '),
  '',
  ' 1',
  '1 ',
  '1\x00',
];

const FLOATS =
  '0 1 -1 0.1 3.0 -2.5 1e3 1.5e-3 5.0e3 .5 5. 1e15 0.1e1 123456789.125 -0 1e-9 17179869184'.split(
    ' ',
  );

const NO_FLOATS = [...'abc 1.5x inf -inf +inf nan 1e5000 1e'.split(' '), '', ' 1', '1 ', '1\x00'];

const STRINGS = [
  ...'x foo bar ohmytext mynewtext 00 -00 12345678901234567890'.split(' '),
  '',
  'hello world',
  'a\r\nb',
  '\x00',
  '\xff\x00\x80',
  // The lengths at which Redis begins to compress (20), and changes its encoding (44).
  'y'.repeat(20),
  'y'.repeat(21),
  'z'.repeat(44),
  'z'.repeat(45),
  'ab'.repeat(60),
  // As integers, stored in 1, 2 or 4 bytes, or as text.
  ...'127 128 -128 -129 32767 32768 2147483647 2147483648 1234567890123456789'.split(' '),
];

export interface Maker {
  /** 1 if missing. */
  readonly weight?: number;
  /** @returns the arguments without the command's name. */
  args(words: Words): readonly string[];
}

export class Words {
  readonly random: Prng;
  readonly #dumps: readonly Dumped[];

  constructor(seed: number, dumps: readonly Dumped[] = []) {
    this.random = new Prng(seed);
    this.#dumps = dumps;
  }

  below(bound: number): number {
    return this.random.below(bound);
  }

  chance(probability: number): boolean {
    return this.random.chance(probability);
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** @returns the made words, `min` to `max` times. */
  some(min: number, max: number, make: () => readonly string[]): string[] {
    const count = min + this.below(max - min + 1);
    return Array.from({ length: count }, make).flat();
  }

  /** @returns the words, with a probability. */
  maybe(probability: number, ...words: readonly string[]): string[] {
    return this.chance(probability) ? [...words] : [];
  }

  /** A word of a command's syntax, in one of the cases that people write. */
  word(...choices: readonly string[]): string {
    const word = this.pick(choices);
    if (this.chance(0.7)) return word;
    return this.chance(0.5) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);
  }

  /** @returns null: there is nothing to restore but what is made here. */
  dumped(): Dumped | null {
    return this.#dumps.length > 0 && this.chance(0.5) ? this.pick(this.#dumps) : null;
  }

  key(): string {
    return this.chance(0.8) ? KEYS[this.below(6)]! : this.pick(KEYS);
  }

  /** Mostly one of two that hold that type, if they hold anything. */
  keyOf(type: string): string {
    return this.chance(0.9) ? `${type}${1 + this.below(2)}` : this.key();
  }

  /** A field or member: few, so that commands meet. */
  member(): string {
    if (this.chance(0.5)) return String(this.below(this.chance(0.1) ? 5000 : 12) - 3);
    return this.chance(0.6) ? `f${this.below(8)}` : this.value();
  }

  memberOrValue(): string {
    return this.chance(0.5) ? this.member() : this.value();
  }

  /** Mostly one that holds a HyperLogLog, if it holds anything. */
  hyperloglog(): string {
    return this.chance(0.85) ? this.pick(['hll', 'hll2']) : this.key();
  }

  /** Mostly one that holds a list, if it holds anything. */
  list(): string {
    return this.chance(0.9) ? this.pick(['list', 'list2', 'list2', 'a']) : this.key();
  }

  /** Few different ones, so that they are found again; some are long, so that nodes are full. */
  listElement(): string {
    if (this.chance(0.6)) return String(this.below(12) - 2);
    if (this.chance(0.15)) return this.pick(['x', 'y']).repeat(2500 + this.below(3000));
    return this.value();
  }

  /** Mostly one that holds a stream, if it holds anything. */
  stream(): string {
    return this.chance(0.9) ? this.pick(['stream', 'stream2']) : this.key();
  }

  element(): string {
    return this.chance(0.9) ? String(this.below(5000)) : this.value();
  }

  value(): string {
    if (this.chance(0.45)) return this.pick(NUMBERS);
    if (this.chance(0.1)) return this.pick(NO_NUMBERS);
    if (this.chance(0.2)) return this.pick(FLOATS);
    if (this.chance(0.6)) return this.pick(STRINGS);
    return this.bytes(this.chance(0.03) ? 3000 : 40);
  }

  /** So many random bytes, at most. */
  bytes(limit: number): string {
    const length = this.below(limit + 1);
    const alphabet = this.pick([2, 26, 256]);
    let text = '';
    for (let i = 0; i < length; i++) {
      const byte = this.below(alphabet);
      text += String.fromCharCode(alphabet === 256 ? byte : 97 + byte);
    }
    return text;
  }

  /** An argument that must be an integer, and mostly is. */
  integer(): string {
    if (this.chance(0.08)) return this.pick(NO_NUMBERS);
    return this.chance(0.5) ? this.pick(NUMBERS) : String(this.below(41) - 20);
  }

  float(): string {
    if (this.chance(0.1)) return this.pick(NO_FLOATS);
    return this.chance(0.7) ? this.pick(FLOATS) : this.value();
  }

  /** A place in a string: near it, or beyond all limits; never one that takes a lot of memory. */
  offset(): string {
    if (this.chance(0.06)) return this.pick(NO_NUMBERS);
    if (this.chance(0.06)) return this.pick(['536870912', '9223372036854775807', '4294967296']);
    if (this.chance(0.2)) return String(-1 - this.below(50));
    return String(this.below(this.chance(0.1) ? 600 : 40));
  }

  bitOffset(): string {
    if (this.chance(0.05)) return this.pick(NO_NUMBERS);
    if (this.chance(0.05)) return this.pick(['4294967296', '9223372036854775807', '-1']);
    return String(this.below(this.chance(0.1) ? 2000 : 100));
  }

  database(): string {
    return this.chance(0.07)
      ? this.pick(['16', '-1', 'x', '', '01', '999'])
      : String(this.below(3));
  }

  /** Seconds from now: far beyond the test's end, and never the same twice, or over at once. */
  seconds(): string {
    if (this.chance(0.1)) return this.pick(NO_NUMBERS);
    if (this.chance(0.15)) return this.pick(OVER_OR_NEVER);
    return String(10_000 + this.below(1_000_000_000));
  }

  milliseconds(): string {
    if (this.chance(0.1)) return this.pick(NO_NUMBERS);
    if (this.chance(0.15)) return this.pick(OVER_OR_NEVER);
    return String(10_000_000 + this.below(1_000_000_000) * 1000 + this.below(1000));
  }

  /** Unix seconds: later than any relative expiry, or long past. */
  unixSeconds(): string {
    if (this.chance(0.1)) return this.pick(NO_NUMBERS);
    if (this.chance(0.2)) return this.pick(['0', '1', '-1', '1000000000', '9223372036854775807']);
    return String(4_000_000_000 + this.below(3));
  }

  unixMilliseconds(): string {
    if (this.chance(0.1)) return this.pick(NO_NUMBERS);
    if (this.chance(0.2))
      return this.pick(['0', '1', '-1', '1000000000000', '9223372036854775807']);
    return String(4_000_000_000_000 + this.below(3) * 1000 + this.below(2));
  }
}
