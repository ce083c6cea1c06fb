/** `ZREM`: remove members of a sorted set. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZREM key member...` — executed by the core. */
export const zrem = {
  name: 'zrem',
  group: 'sorted-set',
  since: '1.2.0',
  history: [['2.4.0', 'Accepts multiple elements.']],
  summary: 'Remove members of a sorted set',
  complexity: 'O(M*log(N)), N being the size of the sorted set and M the number of members removed',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  syntax: 'key member...',
  events: removed('z', 'zrem'),
  memberAt: 2,
  run: core('sorted-sets', 'zrem'),
} as const satisfies CommandSpec;
