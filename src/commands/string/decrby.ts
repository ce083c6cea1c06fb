/** `DECRBY`: take from the integer at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `DECRBY key decrement` — executed by the core. */
export const decrby = {
  name: 'decrby',
  group: 'string',
  since: '1.0.0',
  summary: 'Take from the integer at a key',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key decrement:integer',
  events: stored('incrby'),
  run: core('strings', 'decrby'),
} as const satisfies CommandSpec;
