/** `SETNX`: store a string at a key that is free. */
import { core, oneKey, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SETNX key value` — executed by the core. */
export const setnx = {
  name: 'setnx',
  group: 'string',
  since: '1.0.0',
  summary: 'Store a string at a key that is free',
  complexity: 'O(1)',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  acl: ['string'],
  keys: oneKey('OW', 'insert'),
  syntax: 'key value',
  events: stored('set'),
  run: core('set', 'setnx'),
} as const satisfies CommandSpec;
