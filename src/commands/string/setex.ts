/** `SETEX`: store a string that has so many seconds to live. */
import { core, oneKey, storedToExpire } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SETEX key seconds value` — executed by the core. */
export const setex = {
  name: 'setex',
  group: 'string',
  since: '2.0.0',
  summary: 'Store a string that has so many seconds to live',
  complexity: 'O(1)',
  arity: 4,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  keys: oneKey('OW', 'update'),
  syntax: 'key seconds:integer value',
  events: storedToExpire,
  run: core('set', 'setex'),
} as const satisfies CommandSpec;
