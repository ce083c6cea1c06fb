/** `DEBUG POPULATE`: fill a database for a test. */
import { type Reply, ReplyError, reply } from '../../resp/reply.js';
import { integerArg, latin1 } from '../arguments.js';
import type { CommandContext } from '../context.js';

/** `DEBUG POPULATE count [prefix] [size]`: keys that replicas do not get. */
export function populate(
  { db }: CommandContext,
  [, , countArg, prefix, sizeArg]: readonly Buffer[],
): Reply {
  const count = integerArg(countArg);
  const size = sizeArg === undefined ? 0 : integerArg(sizeArg);
  if (count < 0 || size < 0) throw new ReplyError('ERR value is out of range, must be positive');
  for (let i = 0; i < count; i++) {
    const key = Buffer.from(`${prefix === undefined ? 'key' : latin1(prefix)}:${i}`, 'latin1');
    if (db.exists(key)) continue;
    const text = Buffer.from(`value:${i}`);
    const value = size === 0 ? text : Buffer.alloc(size);
    if (size > 0) text.copy(value);
    db.setString(key, value);
  }
  return reply.ok;
}
