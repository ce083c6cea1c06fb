/**
 * The kinds of values that directives take, with Redis' limits and error texts.
 *
 * @see redis/redis 7.0 src/config.c, the …ConfigSet() functions
 */
import { exactInt64, parseInt64 } from '../base/int64.js';
import { formatSize, SIZE_UNITS } from '../base/quantity.js';
import { quote } from '../resp/split-args.js';
import { type Kind, SettingError } from './setting.js';

/** `yes` or `no`. */
export const yesNo: Kind<boolean> = {
  many: false,
  parse([word = '']) {
    const lower = word.toLowerCase();
    if (lower !== 'yes' && lower !== 'no') throw new SettingError("argument must be 'yes' or 'no'");
    return lower === 'yes';
  },
  format: (value) => (value ? 'yes' : 'no'),
};

/** An integer within limits, both inclusive. */
export function integer(min: number, max: number): Kind<number> {
  return {
    many: false,
    parse([word = '']) {
      const value = exactInt64(word);
      if (value === null) throw new SettingError("argument couldn't be parsed into an integer");
      return within(value, min, max);
    },
    format: digits,
  };
}

/** File permissions, in octal. */
export const octal: Kind<number> = {
  many: false,
  parse([word = '']) {
    if (!/^[0-7]+$/.test(word)) {
      throw new SettingError("argument couldn't be parsed as an octal number");
    }
    const value = Number.parseInt(word, 8);
    if (value > 0o777) throw new SettingError('argument must be between 0 and 777 inclusive');
    return value;
  },
  format: (value) => value.toString(8),
};

/** A number of bytes: `100`, `1k` (1000), `1kb` (1024), … `1gb`. */
export function memory(min: number, max: number): Kind<number> {
  return {
    many: false,
    parse([word = '']) {
      const value = exactMemory(word);
      if (value === null) throw new SettingError('argument must be a memory value');
      return within(value, min, max);
    },
    format: digits,
    fileLines: (value) => [sizeText(value)],
  };
}

/** A number of bytes, or a percentage, which is kept as a negative number: `10%` is -10. */
export const memoryOrPercent: Kind<number> = {
  many: false,
  parse([word = '']) {
    const bytes = exactMemory(word);
    if (bytes !== null) return within(bytes, -100, 2 ** 63);
    const percent = word.endsWith('%') ? parseInt64(word.slice(0, -1)) : null;
    if (percent === null || percent < 0) {
      throw new SettingError('argument must be a memory or percent value');
    }
    if (percent > 100) throw new SettingError('percentage argument must be less or equal to 100');
    return -percent;
  },
  format: (value) => (value < 0 ? `${-value}%` : digits(value)),
  fileLines: (value) => [value < 0 ? `${-value}%` : sizeText(value)],
};

/** One of a list of words. */
export function choice<T extends string>(...words: readonly T[]): Kind<T> {
  return {
    many: false,
    parse([given = '']) {
      const found = words.find((word) => word === given.toLowerCase());
      if (found === undefined) throw notOneOf(words);
      return found;
    },
    format: (value) => value,
  };
}

/** Any of a list of words, several at once. */
export function choices(...words: readonly string[]): Kind<readonly string[]> {
  return {
    many: true,
    parse(given) {
      const lower = given.map((word) => word.toLowerCase());
      const isWrong = lower.length === 0 || lower.some((word) => !words.includes(word));
      if (isWrong) throw notOneOf(words);
      return lower;
    },
    format: (value) => value.join(' '),
  };
}

/** Any text; none is what there is without a line. */
export const text: Kind<string> = {
  many: false,
  parse: ([word = '']) => word,
  format: (value) => value,
  fileLines: (value) => (value === '' ? [] : [quote(value)]),
};

/** Any text, and none is said as well. */
export const anyText: Kind<string> = { ...text, fileLines: (value) => [quote(value)] };

/** The name of a file in the working directory. `refusal`: Redis' text, it differs by directive. */
export function fileName(refusal: string): Kind<string> {
  return {
    many: false,
    parse([word = '']) {
      if (word === '' || word.includes('/')) throw new SettingError(refusal);
      return word;
    },
    format: (value) => value,
    fileLines: (value) => [quote(value)],
  };
}

/** A list of words, kept as they are; one empty word is an empty list. */
export function list(max: number, tooMany: string): Kind<readonly string[]> {
  return {
    many: true,
    parse(words) {
      if (words.length > max) throw new SettingError(tooMany);
      return words.length === 1 && words[0] === '' ? [] : [...words];
    },
    format: (value) => value.join(' '),
  };
}

/** So many integers, each within limits. */
export function integers(
  count: number,
  min: number,
  max: number,
  refusal: string,
): Kind<readonly number[]> {
  return {
    many: true,
    parse(words) {
      if (words.length !== count) throw new SettingError('wrong number of arguments');
      return words.map((word) => {
        const value = parseInt64(word);
        if (value === null || value < min || value > max) throw new SettingError(refusal);
        return value;
      });
    },
    format: (value) => value.join(' '),
  };
}

/** @returns bytes as a file has them: in the largest unit that is exact. */
export function sizeText(bytes: number): string {
  return bytes >= 2 ** 63 ? digits(bytes) : formatSize(bytes);
}

/** Redis has no units above gb. */
const UNITS = new Map([...SIZE_UNITS].filter(([unit]) => !unit.startsWith('t')));

const MAX_UINT64 = 2n ** 64n - 1n;

/** @returns bytes, or null when the word is no amount of memory. */
export function parseMemory(word: string): number | null {
  const exact = exactMemory(word);
  return exact === null ? null : Number(exact);
}

/** As Redis reads it: no digits are none, more than 64 bits are their largest number. */
function exactMemory(word: string): bigint | null {
  const parts = /^(\d{0,127})([a-z]*)$/i.exec(word);
  const unit = UNITS.get((parts?.[2] ?? 'none').toLowerCase());
  if (parts === null || unit === undefined) return null;
  const count = BigInt(parts[1] ?? '');
  return count > MAX_UINT64 ? MAX_UINT64 : BigInt.asUintN(64, count * BigInt(unit));
}

function within(value: bigint, min: number, max: number): number {
  if (value < BigInt(min) || value > largest(max)) {
    throw new SettingError(
      `argument must be between ${limitText(min)} and ${limitText(max)} inclusive`,
    );
  }
  return Number(value);
}

/** 2^63-1 and 2^64-1 cannot be held exactly: the numbers one above stand for them. */
function largest(limit: number): bigint {
  return limit >= 2 ** 63 ? BigInt(limit) - 1n : BigInt(limit);
}

function limitText(limit: number): string {
  return String(largest(limit));
}

/** @returns all digits; of numbers beyond 2^53 the last few may be others than those given. */
function digits(value: number): string {
  return value === 2 ** 63 || value === 2 ** 64 ? limitText(value) : String(BigInt(value));
}

function notOneOf(words: readonly string[]): SettingError {
  return new SettingError(`argument(s) must be one of the following: ${words.join(', ')}`);
}
