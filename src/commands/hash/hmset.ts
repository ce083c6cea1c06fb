/** `HMSET`: set fields of a hash. */
import { changed, core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HMSET key field value [field value ...]` — executed by the core. */
export const hmset = {
  name: 'hmset',
  group: 'hash',
  since: '2.0.0',
  summary: 'Set fields of a hash',
  complexity: 'O(N), N being the number of fields that are set',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['hash'],
  keys: oneKey('RW', 'update'),
  syntax: 'key (field_value: field value)...',
  deprecated: { since: '4.0.0', replacedBy: '`HSET` with multiple field-value pairs' },
  events: changed('h', 'hset'),
  memberAt: 2,
  run: core('hashes', 'hmset'),
} as const satisfies CommandSpec;
