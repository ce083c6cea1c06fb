/** `SUBSTR`: read part of the string at a key; GETRANGE's old name. */
import { core, oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `SUBSTR key start end` — executed by the core. */
export const substr = {
  name: 'substr',
  group: 'string',
  since: '1.0.0',
  summary: 'Read part of the string at a key',
  complexity: 'O(N) where N is the length of the part',
  arity: 4,
  flags: ['readonly'],
  acl: ['string'],
  keys: oneKey('RO', 'access'),
  syntax: 'key start:integer end:integer',
  deprecated: { since: '2.0.0', replacedBy: '`GETRANGE`' },
  run: core('ranges', 'getrange'),
} as const satisfies CommandSpec;
