/** `RPUSHX`: append elements to a list that exists. */
import { core, oneKey, changed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `RPUSHX key element [element …]` — executed by the core. */
export const rpushx = {
  name: 'rpushx',
  group: 'list',
  since: '2.2.0',
  history: [['4.0.0', 'Accepts multiple `element` arguments.']],
  summary: 'Append elements to a list that exists',
  complexity: 'O(1) for each element',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['list'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key element...',
  events: changed('l', 'rpush'),
  run: core('lists', 'rpushx'),
} as const satisfies CommandSpec;
