/** `INCRBY`: add to the integer at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `INCRBY key increment` — executed by the core. */
export const incrby = {
  name: 'incrby',
  group: 'string',
  since: '1.0.0',
  summary: 'Add to the integer at a key',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key increment:integer',
  events: stored('incrby'),
  run: core('strings', 'incrby'),
} as const satisfies CommandSpec;
