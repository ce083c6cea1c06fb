/** `HRANDFIELD`: draw fields of a hash at random. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `HRANDFIELD key [count [WITHVALUES]]` — executed by the core. */
export const hrandfield = {
  name: 'hrandfield',
  group: 'hash',
  since: '6.2.0',
  summary: 'Draw fields of a hash at random',
  complexity: 'O(N), N being the number of fields that are replied',
  arity: -2,
  flags: ['readonly'],
  acl: ['hash'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key [options: count:integer [WITHVALUES]]',
  run: core('hash-reads', 'hrandfield'),
} as const satisfies CommandSpec;
