/** `SETRANGE`: overwrite part of the string at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SETRANGE key offset value` — executed by the core. */
export const setrange = {
  name: 'setrange',
  group: 'string',
  since: '2.2.0',
  summary: 'Overwrite part of the string at a key, from an offset on',
  complexity: 'O(M) where M is the length of the value; more when the string must be moved to grow',
  arity: 4,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  keys: oneKey('RW', 'update'),
  syntax: 'key offset:integer value',
  events: stored('setrange'),
  run: core('ranges', 'setrange'),
} as const satisfies CommandSpec;
