/** `SINTER`: list what sets have in common. */
import { allKeys, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SINTER key...` — executed by the core. */
export const sinter = {
  name: 'sinter',
  group: 'set',
  since: '1.0.0',
  summary: 'List what sets have in common',
  complexity: 'O(N*M) at worst, N being the size of the smallest set and M the number of sets',
  arity: -2,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output_order'],
  keys: allKeys(1, 'RO', 'access'),
  syntax: 'key...',
  run: core('set-combinations', 'sinter'),
} as const satisfies CommandSpec;
