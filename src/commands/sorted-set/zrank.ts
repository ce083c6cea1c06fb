/** `ZRANK`: tell the rank of a member of a sorted set, from the least score on. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZRANK key member` — executed by the core. */
export const zrank = {
  name: 'zrank',
  group: 'sorted-set',
  since: '2.0.0',
  summary: 'Tell the rank of a member of a sorted set, from the least score on',
  complexity: 'O(log(N)), N being the size of the sorted set',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member',
  memberAt: 2,
  run: core('sorted-sets', 'zrank'),
} as const satisfies CommandSpec;
