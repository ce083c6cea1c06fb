/** `SUNION`: list what is in any of several sets. */
import { allKeys, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SUNION key...` — executed by the core. */
export const sunion = {
  name: 'sunion',
  group: 'set',
  since: '1.0.0',
  summary: 'List what is in any of several sets',
  complexity: 'O(N), N being the members of all sets together',
  arity: -2,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output_order'],
  keys: allKeys(1, 'RO', 'access'),
  syntax: 'key...',
  run: core('set-combinations', 'sunion'),
} as const satisfies CommandSpec;
