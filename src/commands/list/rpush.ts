/** `RPUSH`: append elements to a list, which is made if it is missing. */
import { core, oneKey, changed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `RPUSH key element [element …]` — executed by the core. */
export const rpush = {
  name: 'rpush',
  group: 'list',
  since: '1.0.0',
  history: [['2.4.0', 'Accepts multiple `element` arguments.']],
  summary: 'Append elements to a list, which is made if it is missing',
  complexity: 'O(1) for each element',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['list'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key element...',
  events: changed('l', 'rpush'),
  run: core('lists', 'rpush'),
} as const satisfies CommandSpec;
