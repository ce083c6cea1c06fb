/** `INCR`: add one to the integer at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `INCR key` — executed by the core. */
export const incr = {
  name: 'incr',
  group: 'string',
  since: '1.0.0',
  summary: 'Add one to the integer at a key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key',
  events: stored('incrby'),
  run: core('strings', 'incr'),
} as const satisfies CommandSpec;
