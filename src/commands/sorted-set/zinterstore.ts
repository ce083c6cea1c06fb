/** `ZINTERSTORE`: store the members that sorted sets have in common. */
import { core, storedResult } from '../facts.js';
import { countedKeys, keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZINTERSTORE destination numkeys key... [WEIGHTS weight...] [AGGREGATE (SUM | MIN | MAX)]` —
 * executed by the core.
 */
export const zinterstore = {
  name: 'zinterstore',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Store the members that sorted sets have in common',
  complexity:
    'O(N*K)+O(M*log(M)) at worst, N being the size of the smallest set, K the number of sets and M the size of the result',
  arity: -4,
  flags: ['write', 'denyoom'],
  acl: ['sortedset'],
  keys: [keyAt(1, 'OW', 'update'), countedKeys(2, 'RO', 'access')],
  syntax:
    'destination:key numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE (aggregate: SUM | MIN | MAX)]',
  events: storedResult('z', 'zinterstore'),
  run: core('sorted-unions', 'zinterstore'),
} as const satisfies CommandSpec;
