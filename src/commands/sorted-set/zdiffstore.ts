/** `ZDIFFSTORE`: store the members of a sorted set that others do not have. */
import { core, storedResult } from '../facts.js';
import { countedKeys, keyAt } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZDIFFSTORE destination numkeys key...` — executed by the core. */
export const zdiffstore = {
  name: 'zdiffstore',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Store the members of a sorted set that others do not have',
  complexity:
    'O(L + (N-K)log(N)) at worst, L being the size of all sets, N that of the first and K that of the result',
  arity: -4,
  flags: ['write', 'denyoom'],
  acl: ['sortedset'],
  keys: [keyAt(1, 'OW', 'update'), countedKeys(2, 'RO', 'access')],
  syntax: 'destination:key numkeys:integer key...',
  events: storedResult('z', 'zdiffstore'),
  run: core('sorted-unions', 'zdiffstore'),
} as const satisfies CommandSpec;
