/** `ZRANDMEMBER`: draw members of a sorted set at random. */
import { core } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZRANDMEMBER key [count [WITHSCORES]]` — executed by the core. */
export const zrandmember = {
  name: 'zrandmember',
  group: 'sorted-set',
  since: '6.2.0',
  summary: 'Draw members of a sorted set at random',
  complexity: 'O(N), N being the number of members drawn',
  arity: -2,
  flags: ['readonly'],
  acl: ['sortedset'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key [options: count:integer [WITHSCORES]]',
  run: core('sorted-pops', 'zrandmember'),
} as const satisfies CommandSpec;
