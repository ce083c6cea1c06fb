/** `ZINTERCARD`: count the members that sorted sets have in common. */
import { core } from '../facts.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZINTERCARD numkeys key... [LIMIT limit]` — executed by the core. */
export const zintercard = {
  name: 'zintercard',
  group: 'sorted-set',
  since: '7.0.0',
  summary: 'Count the members that sorted sets have in common',
  complexity: 'O(N*K) at worst, N being the size of the smallest set and K the number of sets',
  arity: -3,
  flags: ['readonly'],
  acl: ['sortedset'],
  keys: [countedKeys(1, 'RO', 'access')],
  syntax: 'numkeys:integer key... [LIMIT limit:integer]',
  run: core('sorted-unions', 'zintercard'),
} as const satisfies CommandSpec;
