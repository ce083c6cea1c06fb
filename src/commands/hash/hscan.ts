/** `HSCAN`: walk over the fields of a hash step by step. */
import { oneKey } from '../facts.js';
import { scanElements } from '../scan-elements.js';
import type { CommandSpec } from '../spec.js';

/**
 * `HSCAN key cursor [MATCH pattern] [COUNT count]` — fields with their values. Errors: WRONGTYPE.
 */
export const hscan = {
  name: 'hscan',
  group: 'hash',
  since: '2.8.0',
  summary: 'Walk over the fields of a hash step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of fields',
  arity: -3,
  flags: ['readonly'],
  acl: ['hash'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]',
  run: (context, args) => scanElements(context, args, 'hash'),
} as const satisfies CommandSpec;
