/** `SRANDMEMBER`: draw members of a set at random. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SRANDMEMBER key [count]` — executed by the core. */
export const srandmember = {
  name: 'srandmember',
  group: 'set',
  since: '1.0.0',
  history: [['2.6.0', 'Added the optional `count` argument.']],
  summary: 'Draw members of a set at random',
  complexity: 'O(1) without a count, else O(N), N being the count',
  arity: -2,
  flags: ['readonly'],
  acl: ['set'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key [count:integer]',
  run: core('set-draws', 'srandmember'),
} as const satisfies CommandSpec;
