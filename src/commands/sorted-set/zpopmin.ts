/** `ZPOPMIN`: take the members with the least scores off a sorted set. */
import { core, removed } from '../facts.js';
import { oneKey } from '../key-specs.js';
import type { CommandSpec } from '../spec.js';

/** `ZPOPMIN key [count]` — executed by the core. */
export const zpopmin = {
  name: 'zpopmin',
  group: 'sorted-set',
  since: '5.0.0',
  summary: 'Take the members with the least scores off a sorted set',
  complexity: 'O(log(N)*M), N being the size of the sorted set and M the number of members taken',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['sortedset'],
  keys: oneKey('RW', 'access', 'delete'),
  syntax: 'key [count:integer]',
  events: removed('z', 'zpopmin'),
  run: core('sorted-pops', 'zpopmin'),
} as const satisfies CommandSpec;
