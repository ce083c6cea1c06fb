/** `GET`: read the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `GET key` — executed by the core. */
export const get = {
  name: 'get',
  group: 'string',
  since: '1.0.0',
  summary: 'Read the string at a key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['string'],
  keys: oneKey('RO', 'access'),
  syntax: 'key',
  run: core('strings', 'get'),
} as const satisfies CommandSpec;
