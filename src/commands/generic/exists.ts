/** `EXISTS`: count which of the keys exist. */
import { allKeys, core } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `EXISTS key [key …]` — executed by the core. */
export const exists = {
  name: 'exists',
  group: 'generic',
  since: '1.0.0',
  history: [['3.0.3', 'Accepts multiple `key` arguments.']],
  summary: 'Count which of the keys exist',
  complexity: 'O(N) where N is the number of keys to check.',
  arity: -2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  keys: allKeys(1, 'RO'),
  syntax: 'key...',
  run: core('keys', 'exists'),
} as const satisfies CommandSpec;
