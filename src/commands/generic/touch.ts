/** `TOUCH`: note an access to keys. */
import { reply } from '../../resp/reply.js';
import { allKeys } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `TOUCH key [key …]` — note an access, as reading them would; the reply is how many there are. */
export const touch = {
  name: 'touch',
  group: 'generic',
  since: '3.2.1',
  summary: 'Note an access to keys',
  complexity: 'O(N) where N is the number of keys that will be touched.',
  arity: -2,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  keys: allKeys(1, 'RO'),
  syntax: 'key...',
  run: ({ db }, [, ...keys]) => reply.integer(keys.filter((key) => db.access.touch(key)).length),
} as const satisfies CommandSpec;
