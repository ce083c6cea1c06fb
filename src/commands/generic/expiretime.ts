/** `EXPIRETIME`: tell the second at which a key ends. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `EXPIRETIME key` — executed by the core. */
export const expiretime = {
  name: 'expiretime',
  group: 'generic',
  since: '7.0.0',
  summary: 'Tell the second at which a key ends',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('expiry', 'expiretime'),
} as const satisfies CommandSpec;
