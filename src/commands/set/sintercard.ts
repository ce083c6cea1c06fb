/** `SINTERCARD`: count what sets have in common. */
import { core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SINTERCARD numkeys key... [LIMIT limit]` — executed by the core. */
export const sintercard = {
  name: 'sintercard',
  group: 'set',
  since: '7.0.0',
  summary: 'Count what sets have in common',
  complexity: 'O(N*M) at worst, N being the size of the smallest set and M the number of sets',
  arity: -3,
  flags: ['readonly'],
  acl: ['set'],
  keys: [{ flags: ['RO', 'access'], count: 1 }],
  syntax: 'numkeys:integer key... [LIMIT limit:integer]',
  run: core('set-combinations', 'sintercard'),
} as const satisfies CommandSpec;
