/** `HSETNX`: set a field of a hash unless it is there. */
import { changed, core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HSETNX key field value` — executed by the core. */
export const hsetnx = {
  name: 'hsetnx',
  group: 'hash',
  since: '2.0.0',
  summary: 'Set a field of a hash unless it is there',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key field value',
  events: changed('h', 'hset'),
  memberAt: 2,
  run: core('hashes', 'hsetnx'),
} as const satisfies CommandSpec;
