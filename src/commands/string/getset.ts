/** `GETSET`: store a string and return the one before. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `GETSET key value` — executed by the core. */
export const getset = {
  name: 'getset',
  group: 'string',
  since: '1.0.0',
  summary: 'Store a string and return the one before',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  syntax: 'key value',
  deprecated: { since: '6.2.0', replacedBy: '`SET` with the `GET` argument' },
  events: stored('set'),
  run: core('set', 'getset'),
} as const satisfies CommandSpec;
