/** `MSET`: store strings at several keys. */
import { allKeys, core, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `MSET key value [key value …]` — executed by the core. */
export const mset = {
  name: 'mset',
  group: 'string',
  since: '1.0.1',
  summary: 'Store strings at several keys',
  complexity: 'O(N) where N is the number of keys to set.',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  keys: allKeys(2, 'OW', 'update'),
  syntax: '(key_value: key value)...',
  events: stored('set'),
  run: core('set', 'mset'),
} as const satisfies CommandSpec;
