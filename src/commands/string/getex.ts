/** `GETEX`: read the string at a key and change how long it lives. */
import type { CommandSpec } from '../spec.js';

/** `GETEX key [expiry | PERSIST]` — executed by the core. */
export const getex = {
  name: 'getex',
  group: 'string',
  since: '6.2.0',
  summary: 'Read the string at a key and change how long it lives',
  complexity: 'O(1)',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['string'],
  keys: [
    {
      flags: ['RW', 'access', 'update'],
      notes: 'RW and UPDATE because it changes the TTL',
      first: 1,
      last: 0,
      step: 1,
    },
  ],
  syntax:
    'key [expiration: EX seconds:integer | PX milliseconds:integer | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time | PERSIST]',
  run: 'core',
} as const satisfies CommandSpec;
