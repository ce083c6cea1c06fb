/** `TTL`: tell how many seconds a key has to live. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `TTL key` — executed by the core. */
export const ttl = {
  name: 'ttl',
  group: 'generic',
  since: '1.0.0',
  history: [['2.8.0', 'Added the -2 reply.']],
  summary: 'Tell how many seconds a key has to live',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('expiry', 'ttl'),
} as const satisfies CommandSpec;
