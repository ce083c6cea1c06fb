/** `HINCRBYFLOAT`: add a decimal number to a field of a hash. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import { changed, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import {
  addLongDoubles,
  formatLongDouble,
  type LongDouble,
  parseLongDouble,
} from '../string/long-double.js';

/**
 * `HINCRBYFLOAT key field increment` — add a decimal number to the one in a field; a missing one is
 * 0. Replicas get the result, not the sum to do.
 */
export const hincrbyfloat = {
  name: 'hincrbyfloat',
  group: 'hash',
  since: '2.6.0',
  summary: 'Add a decimal number to a field of a hash',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key field increment:double',
  events: changed('h', 'hincrbyfloat'),
  run({ db, propagate }, [, key = NONE, field = NONE, increment = NONE]) {
    const by = number(increment, 'ERR value is not a valid float');
    if (by.type !== 'finite') throw new ReplyError('ERR value is NaN or Infinity');
    const held = db.values.field(key, field);
    const value = held === null ? ZERO : number(held, 'ERR hash value is not a float');
    const sum = addLongDoubles(value, by);
    if (sum === null || sum.type === 'infinite') {
      throw new ReplyError('ERR increment would produce NaN or Infinity');
    }
    const text = formatLongDouble(sum);
    db.values.setField(key, field, Buffer.from(text));
    propagate('HSET', key, field, text);
    return reply.bulk(text);
  },
} as const satisfies CommandSpec;

const ZERO: LongDouble = { type: 'finite', mantissa: 0n, exponent: 0 };
const NONE = Buffer.alloc(0);

/** @throws ReplyError with `refusal`. */
function number(text: Uint8Array, refusal: string): LongDouble {
  const value = parseLongDouble(latin1(text));
  if (value === null) throw new ReplyError(refusal);
  return value;
}
