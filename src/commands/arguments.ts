/** Read arguments: numbers and words, with Redis' refusals. */
import { exactInt64 } from '../base/int64.js';
import { ReplyError } from '../resp/reply.js';
import { parseLongDouble } from './string/long-double.js';

const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
export const SYNTAX_ERROR = 'ERR syntax error';

/**
 * Read a signed 64-bit integer, as strictly as Redis: no blanks, no plus, no leading zeros.
 *
 * Digits beyond 2^53 are rounded; use it for numbers that are limits, counts and times.
 *
 * @throws ReplyError with `refusal`.
 */
export function integerArg(arg: Uint8Array | undefined, refusal = NOT_AN_INTEGER): number {
  return Number(bigintArg(arg, refusal));
}

/** integerArg(), to the last digit. @throws ReplyError with `refusal`. */
export function bigintArg(arg: Uint8Array | undefined, refusal = NOT_AN_INTEGER): bigint {
  const exact = exactInt64(latin1(arg));
  if (exact === null) throw new ReplyError(refusal);
  return exact;
}

/**
 * Read a C int.
 *
 * @param refusal - what to say of anything else, in place of Redis' usual words.
 * @throws ReplyError: no integer, or too large for an int.
 */
export function intArg(arg: Uint8Array | undefined, refusal?: string): number {
  const value = integerArg(arg, refusal);
  if (value >= -(2 ** 31) && value < 2 ** 31) return value;
  throw new ReplyError(
    refusal ?? 'ERR value is out of range, value must between -2147483648 and 2147483647',
  );
}

/**
 * Read the number of a database.
 *
 * @param count - how many databases there are.
 * @throws ReplyError: there is no such database.
 */
export function databaseArg(arg: Uint8Array | undefined, count: number): number {
  const index = intArg(arg);
  if (index < 0 || index >= count) throw new ReplyError('ERR DB index is out of range');
  return index;
}

/** Read a time-out in ms. @throws ReplyError when it is no integer, or negative. */
export function timeoutArg(arg: Uint8Array | undefined): number {
  const ms = integerArg(arg, 'ERR timeout is not an integer or out of range');
  if (ms < 0) throw new ReplyError('ERR timeout is negative');
  return ms;
}

/**
 * Read a time-out in seconds, with a fraction, as BLPOP takes it.
 *
 * @returns ms, rounded up; 0: no limit.
 * @throws ReplyError
 * @see redis/redis 7.0.15 src/timeout.c, getTimeoutFromObjectOrReply()
 */
export function secondsTimeoutArg(arg: Uint8Array | undefined): number {
  const parsed = parseLongDouble(latin1(arg));
  if (parsed === null) throw new ReplyError('ERR timeout is not a float or out of range');
  // What no 64-bit integer holds becomes the least of them, as on x86.
  if (parsed.type === 'infinite') throw new ReplyError(NEGATIVE);
  const { mantissa, exponent } = parsed;
  const ms = Math.ceil(Number(mantissa) * 2 ** exponent * 1000);
  if (ms < 0) throw new ReplyError(NEGATIVE);
  if (ms >= 2 ** 63 && !fitsSigned64(mantissa * 1000n, exponent)) throw new ReplyError(NEGATIVE);
  return ms;
}

/** Whether mantissa × 2^exponent does. */
function fitsSigned64(mantissa: bigint, exponent: number): boolean {
  if (exponent > 64) return false;
  const value = exponent < 0 ? mantissa >> BigInt(-exponent) : mantissa << BigInt(exponent);
  return value < 2n ** 63n;
}

/**
 * Read a double, as scores are read.
 *
 * @param refusal - what to say of anything else, without its code.
 * @throws ReplyError: no number, or too large or too small for a double.
 * @see redis/redis 7.0.15 src/util.c, string2d()
 */
export function doubleArg(
  arg: Uint8Array | undefined,
  refusal = 'value is not a valid float',
): number {
  const text = latin1(arg);
  const parsed = parseLongDouble(text);
  if (parsed === null) throw new ReplyError(`ERR ${refusal}`);
  if (parsed.type === 'infinite') return text.startsWith('-') ? -Infinity : Infinity;
  const { mantissa, exponent } = parsed;
  const value = /x/i.test(text) ? Number(mantissa) * 2 ** exponent : Number(text);
  if (Number.isFinite(value) && (value !== 0 || mantissa === 0n)) return value;
  throw new ReplyError(`ERR ${refusal}`);
}

const NEGATIVE = 'ERR timeout is negative';

/** @returns the argument in lower case, to compare with option names. */
export function wordArg(arg: Uint8Array | undefined): string {
  return latin1(arg).toLowerCase();
}

/** What a container's subcommand says of too many arguments, where its arity does not bar them. */
export function wrongUse(container: string, args: readonly Buffer[]): ReplyError {
  const subcommand = quotable(args[1], 128);
  return new ReplyError(
    `ERR unknown subcommand or wrong number of arguments for '${subcommand}'. Try ${container} HELP.`,
  );
}

/** @returns the bytes, one character each: for names, and for errors that quote an argument. */
export function latin1(arg: Uint8Array | undefined): string {
  if (arg === undefined) return '';
  const bytes = Buffer.isBuffer(arg)
    ? arg
    : Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength);
  return bytes.toString('latin1');
}

/** @returns at most so many bytes for an error to quote; like a string in C, it ends at a NUL. */
export function quotable(arg: Uint8Array | undefined, limit: number): string {
  const [text = ''] = latin1(arg).split('\0', 1);
  return text.slice(0, limit);
}
