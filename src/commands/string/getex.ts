/** `GETEX`: read the string at a key and change how long it lives. */
import { wordArg } from '../arguments.js';
import { EXPIRE, type EventRule, core, deleted } from '../facts.js';
import type { CommandSpec } from '../spec.js';

const events: EventRule = (change, args) => {
  if (!change.existed || !change.exists) return deleted(change, args);
  return wordArg(args[2]) === 'persist' ? [['g', 'persist']] : [EXPIRE];
};

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
  events,
  run: core('strings', 'getex'),
} as const satisfies CommandSpec;
