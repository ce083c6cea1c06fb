/** `LSET`: replace the element at an index. */
import { core, oneKey, changed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LSET key index element` — executed by the core. */
export const lset = {
  name: 'lset',
  group: 'list',
  since: '1.0.0',
  summary: 'Replace the element at an index',
  complexity: 'O(N) where N is the length of the list; O(1) at its ends',
  arity: 4,
  flags: ['write', 'denyoom'],
  acl: ['list'],
  keys: oneKey('RW', 'update'),
  syntax: 'key index:integer element',
  events: changed('l', 'lset'),
  run: core('list-changes', 'lset'),
} as const satisfies CommandSpec;
