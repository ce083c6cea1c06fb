/** `EXPIRE`: set how many seconds a key has to live. */
import { core, expiring, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `EXPIRE key seconds [NX | XX | GT | LT]` — executed by the core. */
export const expire = {
  name: 'expire',
  group: 'generic',
  since: '1.0.0',
  history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
  summary: 'Set how many seconds a key has to live',
  complexity: 'O(1)',
  arity: -3,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  keys: oneKey('RW', 'update'),
  syntax: 'key seconds:integer [condition: NX | XX | GT | LT]',
  events: expiring,
  run: core('expiry', 'expire'),
} as const satisfies CommandSpec;
