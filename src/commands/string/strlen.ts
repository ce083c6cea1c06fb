/** `STRLEN`: tell the length of the string at a key. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `STRLEN key` — executed by the core. */
export const strlen = {
  name: 'strlen',
  group: 'string',
  since: '2.2.0',
  summary: 'Tell the length of the string at a key',
  complexity: 'O(1)',
  arity: 2,
  flags: ['readonly', 'fast'],
  acl: ['string'],
  keys: oneKey('RO'),
  syntax: 'key',
  run: core('strings', 'strlen'),
} as const satisfies CommandSpec;
