/** `LRANGE`: the elements of a range. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LRANGE key start stop` — executed by the core. */
export const lrange = {
  name: 'lrange',
  group: 'list',
  since: '1.0.0',
  summary: 'The elements of a range',
  complexity: 'O(S+N) where S is the distance of the range from the nearer end, and N its length',
  arity: 4,
  flags: ['readonly'],
  acl: ['list'],
  keys: oneKey('RO', 'access'),
  syntax: 'key start:integer stop:integer',
  run: core('lists', 'lrange'),
} as const satisfies CommandSpec;
