/** `MGET`: read the strings at several keys. */
import { allKeys, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `MGET key [key …]` — executed by the core. */
export const mget = {
  name: 'mget',
  group: 'string',
  since: '1.0.0',
  summary: 'Read the strings at several keys',
  complexity: 'O(N) where N is the number of keys to retrieve.',
  arity: -2,
  flags: ['readonly', 'fast'],
  acl: ['string'],
  tips: ['request_policy:multi_shard'],
  keys: allKeys(1, 'RO', 'access'),
  syntax: 'key...',
  run: core('strings', 'mget'),
} as const satisfies CommandSpec;
