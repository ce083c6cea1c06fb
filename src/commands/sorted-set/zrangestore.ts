/** `ZRANGESTORE`: store the members of a sorted set in a range. */
import { core, storedResult } from '../facts.js';
import { keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT (offset count)]` — executed by the
 * core.
 */
export const zrangestore = {
  name: 'zrangestore',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Store the members of a sorted set in a range',
  complexity: 'O(log(N)+M), N being the size of the sorted set and M the number of members stored',
  arity: -5,
  flags: ['write', 'denyoom'],
  acl: ['sortedset'],
  keys: [keyAt(1, 'OW', 'update'), keyAt(2, 'RO', 'access')],
  syntax:
    'dst:key src:key min max [sortby: BYSCORE | BYLEX] [REV] [LIMIT (offset_count: offset:integer count:integer)]',
  events: storedResult('z', 'zrangestore'),
  run: core('sorted-ranges', 'zrangestore'),
} as const satisfies CommandSpec;
