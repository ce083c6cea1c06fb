/** `UNLINK`: delete keys, freeing large values later. */
import { allKeys, core, deleted } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `UNLINK key [key …]` — executed by the core. */
export const unlink = {
  name: 'unlink',
  group: 'generic',
  since: '4.0.0',
  summary: 'Delete keys, freeing large values later',
  complexity: 'O(1) for each key; the memory is given back afterwards',
  arity: -2,
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  keys: allKeys(1, 'RM', 'delete'),
  syntax: 'key...',
  events: deleted,
  run: core('keys', 'del'),
} as const satisfies CommandSpec;
