/** `HKEYS`: list the fields of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HKEYS key` — executed by the core. */
export const hkeys = {
  name: 'hkeys',
  group: 'hash',
  since: '2.0.0',
  summary: 'List the fields of a hash',
  complexity: 'O(N), N being the size of the hash',
  arity: 2,
  flags: ['readonly'],
  acl: ['hash'],
  tips: ['nondeterministic_output_order'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('hash-reads', 'hkeys'),
} as const satisfies CommandSpec;
