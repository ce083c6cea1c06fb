/** `ZUNION`: tell the members of all of several sorted sets. */
import { core } from '../facts.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZUNION numkeys key... [WEIGHTS weight...] [AGGREGATE (SUM | MIN | MAX)] [WITHSCORES]` —
 * executed by the core.
 */
export const zunion = {
  name: 'zunion',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Tell the members of all of several sorted sets',
  complexity: 'O(N)+O(M*log(M)), N being the size of all sets and M that of the result',
  arity: -3,
  flags: ['readonly'],
  acl: ['sortedset'],
  keys: [countedKeys(1, 'RO', 'access')],
  syntax:
    'numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE (aggregate: SUM | MIN | MAX)] [WITHSCORES]',
  run: core('sorted-unions', 'zunion'),
} as const satisfies CommandSpec;
