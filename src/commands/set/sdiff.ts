/** `SDIFF`: list what is in the first set and in no other. */
import { allKeys, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SDIFF key...` — executed by the core. */
export const sdiff = {
  name: 'sdiff',
  group: 'set',
  since: '1.0.0',
  summary: 'List what is in the first set and in no other',
  complexity: 'O(N), N being the members of all sets together',
  arity: -2,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output_order'],
  keys: allKeys(1, 'RO', 'access'),
  syntax: 'key...',
  run: core('set-combinations', 'sdiff'),
} as const satisfies CommandSpec;
