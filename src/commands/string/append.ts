/** `APPEND`: add bytes at the end of the string at a key. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `APPEND key value` — executed by the core. */
export const append = {
  name: 'append',
  group: 'string',
  since: '2.0.0',
  summary: 'Add bytes at the end of the string at a key',
  complexity: 'O(1) amortized, when what is appended is small: the space is doubled as it grows',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'insert'),
  syntax: 'key value',
  events: stored('append'),
  run: core('strings', 'append'),
} as const satisfies CommandSpec;
