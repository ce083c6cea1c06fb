/** `SWAPDB`: exchange two databases. */
import { reply } from '../../resp/reply.js';
import { databaseArg, intArg } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SWAPDB index1 index2` — exchange the contents of two databases, in no time.
 *
 * Clients stay in the database they have selected, and find the other's keys there.
 */
export const swapdb = {
  name: 'swapdb',
  group: 'server',
  since: '4.0.0',
  summary: 'Exchange two databases',
  complexity: 'O(N) where N is the number of keys that clients watch in the two databases',
  arity: 3,
  flags: ['write', 'fast'],
  acl: ['keyspace', 'dangerous'],
  syntax: 'index1:integer index2:integer',
  run({ keyspace, watches, blocked, propagateVerbatim }, [, first, second]) {
    // Which of the two is no number is said before which is out of range.
    intArg(first, 'ERR invalid first DB index');
    intArg(second, 'ERR invalid second DB index');
    const one = databaseArg(first, keyspace.databases);
    const other = databaseArg(second, keyspace.databases);
    if (one !== other) {
      watches.touchSwapped(one, other, (index) => keyspace.db(index));
      keyspace.swap(one, other);
      blocked.recheck(one);
      blocked.recheck(other);
    }
    propagateVerbatim(); // Also when the two are one, as Redis does.
    return reply.ok;
  },
} as const satisfies CommandSpec;
