/**
 * `EX | PX | EXAT | PXAT n`, as SET and GETEX take it.
 *
 * @see redis/redis 7.0.15 src/t_string.c, getExpireMillisecondsOrReply()
 */
import { parsed, parseSigned } from '../bytes';
import { arg, argLength } from '../protocol/arguments';
import { now } from '../state';
import { invalidExpireTime, notAnInteger } from './errors';
import { EX, EXAT, PX, PXAT } from './words';

/** No option; the units themselves are words: EX, PX, EXAT, PXAT. */
export const NONE: u64 = 0;

export function isUnit(option: u64): bool {
  return option === EX || option === PX || option === EXAT || option === PXAT;
}

/** What readExpiry() read: Unix ms. */
export let expiry: i64 = 0;

/** @returns false: it is no time that can be; the error reply is written. */
export function readExpiry(index: u32, unit: u64, command: string): bool {
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
