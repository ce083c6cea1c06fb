/** `LPUSH`: prepend elements to a list, which is made if it is missing. */
import { core, oneKey, changed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `LPUSH key element [element …]` — executed by the core. */
export const lpush = {
  name: 'lpush',
  group: 'list',
  since: '1.0.0',
  history: [['2.4.0', 'Accepts multiple `element` arguments.']],
  summary: 'Prepend elements to a list, which is made if it is missing',
  complexity: 'O(1) for each element',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['list'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key element...',
  events: changed('l', 'lpush'),
  run: core('lists', 'lpush'),
} as const satisfies CommandSpec;
