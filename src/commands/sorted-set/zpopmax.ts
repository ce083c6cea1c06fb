/** `ZPOPMAX`: take the members with the greatest scores off a sorted set. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZPOPMAX key [count]` — executed by the core. */
export const zpopmax = {
  name: 'zpopmax',
  group: 'sorted-set',
  since: '5.0.0',
  summary: 'Take the members with the greatest scores off a sorted set',
  complexity: 'O(log(N)*M), N being the size of the sorted set and M the number of members taken',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'access', 'delete'),
  syntax: 'key [count:integer]',
  events: removed('z', 'zpopmax'),
  run: core('sorted-pops', 'zpopmax'),
} as const satisfies CommandSpec;
