/** `ZINTER`: tell which members sorted sets have in common. */
import { core } from '../facts.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/**
 * `ZINTER numkeys key... [WEIGHTS weight...] [AGGREGATE (SUM | MIN | MAX)] [WITHSCORES]` —
 * executed by the core.
 */
export const zinter = {
  name: 'zinter',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Tell which members sorted sets have in common',
  complexity:
    'O(N*K)+O(M*log(M)) at worst, N being the size of the smallest set, K the number of sets and M the size of the result',
  arity: -3,
  flags: ['readonly'],
  acl: ['sortedset'],
  keys: [countedKeys(1, 'RO', 'access')],
  syntax:
    'numkeys:integer key... [WEIGHTS weight:integer...] [AGGREGATE (aggregate: SUM | MIN | MAX)] [WITHSCORES]',
  run: core('sorted-unions', 'zinter'),
} as const satisfies CommandSpec;
