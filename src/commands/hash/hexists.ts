/** `HEXISTS`: tell whether a hash has a field. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HEXISTS key field` — executed by the core. */
export const hexists = {
  name: 'hexists',
  group: 'hash',
  since: '2.0.0',
  summary: 'Tell whether a hash has a field',
  complexity: 'O(1)',
  arity: 3,
  flags: ['readonly', 'fast'],
  acl: ['hash'],
  keys: oneKey('RO'),
  syntax: 'key field',
  memberAt: 2,
  run: core('hashes', 'hexists'),
} as const satisfies CommandSpec;
