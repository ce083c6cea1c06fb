/** `HGETALL`: read all fields and values of a hash. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HGETALL key` — executed by the core. */
export const hgetall = {
  name: 'hgetall',
  group: 'hash',
  since: '2.0.0',
  summary: 'Read all fields and values of a hash',
  complexity: 'O(N), N being the size of the hash',
  arity: 2,
  flags: ['readonly'],
  acl: ['hash'],
  tips: ['nondeterministic_output_order'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('hash-reads', 'hgetall'),
} as const satisfies CommandSpec;
