/** `RPOP`: take elements off the end of a list. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `RPOP key [count]` — executed by the core. */
export const rpop = {
  name: 'rpop',
  group: 'list',
  since: '1.0.0',
  history: [['6.2.0', 'Added the `count` argument.']],
  summary: 'Take elements off the end of a list',
  complexity: 'O(N) where N is the number of elements taken',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['list'],
  keys: oneKey('RW', 'access', 'delete'),
  syntax: 'key [count:integer]',
  events: removed('l', 'rpop'),
  run: core('lists', 'rpop'),
} as const satisfies CommandSpec;
