/** `DECR`: take one from the integer at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `DECR key` — executed by the core. */
export const decr = {
  name: 'decr',
  group: 'string',
  since: '1.0.0',
  summary: 'Take one from the integer at a key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key',
  events: stored('incrby'),
  run: core('strings', 'decr'),
} as const satisfies CommandSpec;
