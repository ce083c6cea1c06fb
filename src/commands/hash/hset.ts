/** `HSET`: set fields of a hash. */
import { changed, core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HSET key field value [field value ...]` — executed by the core. */
export const hset = {
  name: 'hset',
  group: 'hash',
  since: '2.0.0',
  history: [['4.0.0', 'Accepts multiple `field` and `value` arguments.']],
  summary: 'Set fields of a hash',
  complexity: 'O(1) for a field, so O(N) for N of them',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'update'),
  syntax: 'key (field_value: field value)...',
  events: changed('h', 'hset'),
  memberAt: 2,
  run: core('hashes', 'hset'),
} as const satisfies CommandSpec;
