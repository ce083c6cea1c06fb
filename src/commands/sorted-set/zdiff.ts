/** `ZDIFF`: tell which members of a sorted set others do not have. */
import { core } from '../facts.js';
import { countedKeys } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZDIFF numkeys key... [WITHSCORES]` — executed by the core. */
export const zdiff = {
  name: 'zdiff',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Tell which members of a sorted set others do not have',
  complexity:
    'O(L + (N-K)log(N)) at worst, L being the size of all sets, N that of the first and K that of the result',
  arity: -3,
  flags: ['readonly'],
  acl: ['sortedset'],
  keys: [countedKeys(1, 'RO', 'access')],
  syntax: 'numkeys:integer key... [WITHSCORES]',
  run: core('sorted-unions', 'zdiff'),
} as const satisfies CommandSpec;
