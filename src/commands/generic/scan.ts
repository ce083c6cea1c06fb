/** `SCAN`: walk over the keys step by step. */
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]` — walk over the keys in small steps.
 *
 * A key that is there from the first call to the last is found, at least once. The core's.
 */
export const scan = {
  name: 'scan',
  group: 'generic',
  since: '2.8.0',
  history: [['6.0.0', 'Added the `TYPE` subcommand.']],
  summary: 'Walk over the keys step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of keys',
  arity: -2,
  flags: ['readonly', 'touches_arbitrary_keys'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output', 'request_policy:special'],
  syntax: 'cursor:integer [MATCH pattern:pattern] [COUNT count:integer] [TYPE type]',
  run: core('key-walks', 'scan'),
} as const satisfies CommandSpec;
