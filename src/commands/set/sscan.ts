/** `SSCAN`: walk over the members of a set step by step. */
import { oneKey } from '../facts.js';
import { scanElements } from '../scan-elements.js';
import type { CommandSpec } from '../spec.js';

/** `SSCAN key cursor [MATCH pattern] [COUNT count]` — members. Errors: WRONGTYPE. */
export const sscan = {
  name: 'sscan',
  group: 'set',
  since: '2.8.0',
  summary: 'Walk over the members of a set step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of members',
  arity: -3,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]',
  run: (context, args) => scanElements(context, args, 'set'),
} as const satisfies CommandSpec;
