/** `INCRBYFLOAT`: add a decimal number to the one at a key. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import {
  addLongDoubles,
  formatLongDouble,
  type LongDouble,
  parseLongDouble,
} from './long-double.js';
import { oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `INCRBYFLOAT key increment` — add a decimal number to the one at a key; a missing one is 0.
 * Replicas get the result, not the sum to do.
 */
export const incrbyfloat = {
  name: 'incrbyfloat',
  group: 'string',
  since: '2.6.0',
  summary: 'Add a decimal number to the one at a key',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key increment:double',
  events: stored('incrbyfloat'),
  run({ db, propagate }, [, key = NONE, increment = NONE]) {
    const held = db.viewString(key);
    const sum = addLongDoubles(held === null ? ZERO : number(held), number(increment));
    if (sum === null || sum.type === 'infinite') {
      throw new ReplyError('ERR increment would produce NaN or Infinity');
    }
    const text = formatLongDouble(sum);
    db.setString(key, text, { keepTtl: true, isText: true });
    propagate('SET', key, text, 'KEEPTTL');
    return reply.bulk(text);
  },
} as const satisfies CommandSpec;

const ZERO: LongDouble = { type: 'finite', mantissa: 0n, exponent: 0 };
const NONE = Buffer.alloc(0);

function number(text: Uint8Array): LongDouble {
  const value = parseLongDouble(latin1(text));
  if (value === null) throw new ReplyError('ERR value is not a valid float');
  return value;
}
