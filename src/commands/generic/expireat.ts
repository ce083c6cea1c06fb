/** `EXPIREAT`: set the second at which a key ends. */
import { core, expiring, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `EXPIREAT key seconds [NX | XX | GT | LT]` — executed by the core. */
export const expireat = {
  name: 'expireat',
  group: 'generic',
  since: '1.2.0',
  history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  summary: 'Set the second at which a key ends',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'update'),
  syntax: 'key unix-time-seconds:unix-time [condition: NX | XX | GT | LT]',
  events: expiring,
  run: core('expiry', 'expireat'),
} as const satisfies CommandSpec;
