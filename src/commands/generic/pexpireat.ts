/** `PEXPIREAT`: set the millisecond at which a key ends. */
import { core, expiring, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PEXPIREAT key milliseconds [NX | XX | GT | LT]` — executed by the core. */
export const pexpireat = {
  name: 'pexpireat',
  group: 'generic',
  since: '2.6.0',
  history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  summary: 'Set the millisecond at which a key ends',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'update'),
  syntax: 'key unix-time-milliseconds:unix-time [condition: NX | XX | GT | LT]',
  events: expiring,
  run: core('expiry', 'pexpireat'),
} as const satisfies CommandSpec;
