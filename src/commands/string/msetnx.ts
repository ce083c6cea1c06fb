/** `MSETNX`: store strings at several keys, all of them or none. */
import { allKeys, core, stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `MSETNX key value [key value …]` — executed by the core. */
export const msetnx = {
  name: 'msetnx',
  group: 'string',
  since: '1.0.1',
  summary: 'Store strings at several keys, unless one of them exists',
  complexity: 'O(N) where N is the number of keys to set.',
  arity: -3,
  flags: ['write', 'denyoom'],
  acl: ['string'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_min'],
  keys: allKeys(2, 'OW', 'insert'),
  syntax: '(key_value: key value)...',
  events: stored('set'),
  run: core('set', 'msetnx'),
} as const satisfies CommandSpec;
