/** `ZUNIONSTORE`: store the members of all of several sorted sets. */
import { core, storedResult } from '../facts.js';
import { countedKeys, keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZUNIONSTORE destination numkeys key... [WEIGHTS weight...] [AGGREGATE (SUM | MIN | MAX)]` —
 * executed by the core.
 */
export const zunionstore = {
  name: 'zunionstore',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Store the members of all of several sorted sets',
  complexity: 'O(N)+O(M*log(M)), N being the size of all sets and M that of the result',
  arity: -4,
  flags: ['write', 'denyoom'],
  acl: ['sortedset'],
  keys: [keyAt(1, 'OW', 'update'), countedKeys(2, 'RO', 'access')],
  syntax:
    'destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE (aggregate: SUM | MIN | MAX)]',
  events: storedResult('z', 'zunionstore'),
  run: core('sorted-unions', 'zunionstore'),
} as const satisfies CommandSpec;
