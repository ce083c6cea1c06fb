/**
 * `EX | PX | EXAT | PXAT n`, as SET and GETEX take it.
 *
 * @see redis/redis 7.0.15 src/t_string.c, getExpireMillisecondsOrReply()
 */
import { parsed, parseSigned } from '../bytes';
import { arg, argIs, argLength } from '../protocol/arguments';
import { now } from '../state';
import { invalidExpireTime, notAnInteger } from './errors';

export const NONE: u32 = 0;
export const EX: u32 = 1;
export const PX: u32 = 2;
export const EXAT: u32 = 3;
export const PXAT: u32 = 4;

/** @returns which of the four words an argument is; NONE. */
export function expiryOption(index: u32): u32 {
  if (argIs(index, 'ex')) return EX;
  if (argIs(index, 'px')) return PX;
  if (argIs(index, 'exat')) return EXAT;
  if (argIs(index, 'pxat')) return PXAT;
  return NONE;
}

/** What readExpiry() read: Unix ms. */
export let expiry: i64 = 0;

/** @returns false: it is no time that can be; the error reply is written. */
export function readExpiry(index: u32, unit: u32, command: string): bool {
  if (!parseSigned(arg(index), argLength(index))) {
    notAnInteger();
    return false;
  }
  let at = parsed;
  const isSeconds = unit === EX || unit === EXAT;
  if (at <= 0 || (isSeconds && at > i64.MAX_VALUE / 1000)) {
    invalidExpireTime(command);
    return false;
  }
  if (isSeconds) at *= 1000;
  if (unit === EX || unit === PX) at += now;
  if (at <= 0) {
    invalidExpireTime(command);
    return false;
  }
  expiry = at;
  return true;
}
