/** `GETRANGE`: read part of the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `GETRANGE key start end` — executed by the core. */
export const getrange = {
  name: 'getrange',
  group: 'string',
  since: '2.4.0',
  summary: 'Read part of the string at a key',
  complexity: 'O(N) where N is the length of the part',
  arity: 4,
  flags: ['readonly'],
  acl: ['string'],
  keys: oneKey('RO', 'access'),
  syntax: 'key start:integer end:integer',
  run: core('ranges', 'getrange'),
} as const satisfies CommandSpec;
