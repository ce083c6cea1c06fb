/** `PTTL`: tell how many milliseconds a key has to live. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PTTL key` — executed by the core. */
export const pttl = {
  name: 'pttl',
  group: 'generic',
  since: '2.6.0',
  history: [['2.8.0', 'Added the -2 reply.']],
  summary: 'Tell how many milliseconds a key has to live',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('expiry', 'pttl'),
} as const satisfies CommandSpec;
