/** `LINSERT`: insert an element beside another. */
import { core, oneKey, changed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LINSERT key BEFORE | AFTER pivot element` — executed by the core. */
export const linsert = {
  name: 'linsert',
  group: 'list',
  since: '2.2.0',
  summary: 'Insert an element beside another',
  complexity: 'O(N) where N is the number of elements up to the pivot',
  arity: 5,
  flags: ['write', 'denyoom'],
  acl: ['list'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key (where: BEFORE | AFTER) pivot element',
  events: changed('l', 'linsert'),
  run: core('list-changes', 'linsert'),
} as const satisfies CommandSpec;
