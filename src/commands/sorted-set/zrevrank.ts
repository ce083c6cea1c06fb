/** `ZREVRANK`: tell the rank of a member of a sorted set, from the greatest score on. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREVRANK key member` — executed by the core. */
export const zrevrank = {
  name: 'zrevrank',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Tell the rank of a member of a sorted set, from the greatest score on',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member',
  memberAt: 2,
  run: core('sorted-sets', 'zrevrank'),
} as const satisfies CommandSpec;
