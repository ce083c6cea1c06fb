/** `DEL`: delete keys. */
import { allKeys, core, deleted } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `DEL key [key …]` — executed by the core. */
export const del = {
  name: 'del',
  group: 'generic',
  since: '1.0.0',
  summary: 'Delete keys',
  complexity: 'O(N), N being the number of keys; for a collection also the number of its elements',
  arity: -2,
  flags: ['write'],
  acl: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  keys: allKeys(1, 'RM', 'delete'),
  syntax: 'key...',
  events: deleted,
  run: core('keys', 'del'),
} as const satisfies CommandSpec;
