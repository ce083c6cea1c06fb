/** `SPOP`: take members out of a set at random. */
import { core, oneKey, removed } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SPOP key [count]` — executed by the core. */
export const spop = {
  name: 'spop',
  group: 'set',
  since: '1.0.0',
  history: [['3.2.0', 'Added the `count` argument.']],
  summary: 'Take members out of a set at random',
  complexity: 'O(1) without a count, else O(N), N being the count',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['set'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RW', 'access', 'delete'),
  syntax: 'key [count:integer]',
  events: removed('s', 'spop'),
  run: core('set-draws', 'spop'),
} as const satisfies CommandSpec;
