/** `ZMSCORE`: tell the scores of members of a sorted set. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZMSCORE key member...` — executed by the core. */
export const zmscore = {
  name: 'zmscore',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Tell the scores of members of a sorted set',
  complexity: 'O(N), N being the number of members asked for',
  arity: -3,
  flags: ['readonly', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RO', 'access'),
  syntax: 'key member...',
  memberAt: 2,
  run: core('sorted-sets', 'zmscore'),
} as const satisfies CommandSpec;
