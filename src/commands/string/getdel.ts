/** `GETDEL`: read the string at a key and delete the key. */
import { core, deleted, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `GETDEL key` — executed by the core. */
export const getdel = {
  name: 'getdel',
  group: 'string',
  since: '6.2.0',
  summary: 'Read the string at a key and delete the key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['write', 'fast'],
  acl: ['string'],
  keys: oneKey('RW', 'access', 'delete'),
  syntax: 'key',
  events: deleted,
  run: core('strings', 'getdel'),
} as const satisfies CommandSpec;
