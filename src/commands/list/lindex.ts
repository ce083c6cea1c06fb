/** `LINDEX`: the element at an index. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LINDEX key index` — executed by the core. */
export const lindex = {
  name: 'lindex',
  group: 'list',
  since: '1.0.0',
  summary: 'The element at an index',
  complexity:
    'O(N) where N is the number of elements from the nearer end to the index; O(1) at the ends',
  arity: 3,
  flags: ['readonly'],
  acl: ['list'],
  keys: oneKey('RO', 'access'),
  syntax: 'key index:integer',
  run: core('lists', 'lindex'),
} as const satisfies CommandSpec;
