/** `PEXPIRETIME`: tell the millisecond at which a key ends. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PEXPIRETIME key` — executed by the core. */
export const pexpiretime = {
  name: 'pexpiretime',
  group: 'generic',
  since: '7.0.0',
  summary: 'Tell the millisecond at which a key ends',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('expiry', 'pexpiretime'),
} as const satisfies CommandSpec;
