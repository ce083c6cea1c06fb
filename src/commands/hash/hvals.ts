/** `HVALS`: list the values of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HVALS key` — executed by the core. */
export const hvals = {
  name: 'hvals',
  group: 'hash',
  since: '2.0.0',
  summary: 'List the values of a hash',
  complexity: 'O(N), N being the size of the hash',
  arity: 2,
  flags: ['readonly'],
  acl: ['hash'],
  tips: ['nondeterministic_output_order'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('hash-reads', 'hvals'),
} as const satisfies CommandSpec;
