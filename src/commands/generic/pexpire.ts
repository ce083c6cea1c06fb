/** `PEXPIRE`: set how many milliseconds a key has to live. */
import { core, expiring, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PEXPIRE key milliseconds [NX | XX | GT | LT]` — executed by the core. */
export const pexpire = {
  name: 'pexpire',
  group: 'generic',
  since: '2.6.0',
  history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  summary: 'Set how many milliseconds a key has to live',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'update'),
  syntax: 'key milliseconds:integer [condition: NX | XX | GT | LT]',
  events: expiring,
  run: core('expiry', 'pexpire'),
} as const satisfies CommandSpec;
