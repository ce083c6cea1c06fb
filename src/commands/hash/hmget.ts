/** `HMGET`: read fields of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HMGET key field...` — executed by the core. */
export const hmget = {
  name: 'hmget',
  group: 'hash',
  since: '2.0.0',
  summary: 'Read fields of a hash',
  complexity: 'O(N), N being the number of fields asked for',
  arity: -3,
  flags: ['readonly', 'fast'],
  acl: ['hash'],
  keys: oneKey('RO', 'access'),
  syntax: 'key field...',
  memberAt: 2,
  run: core('hashes', 'hmget'),
} as const satisfies CommandSpec;
