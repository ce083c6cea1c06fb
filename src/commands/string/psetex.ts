/** `PSETEX`: store a string that has so many milliseconds to live. */
import { core, oneKey, storedToExpire } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `PSETEX key milliseconds value` — executed by the core. */
export const psetex = {
  name: 'psetex',
  group: 'string',
  since: '2.6.0',
  summary: 'Store a string that has so many milliseconds to live',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  keys: oneKey('OW', 'update'),
  syntax: 'key milliseconds:integer value',
  events: storedToExpire,
  run: core('set', 'psetex'),
} as const satisfies CommandSpec;
