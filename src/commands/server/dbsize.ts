/** `DBSIZE`: count the keys of the database. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `DBSIZE` — how many keys the database has. */
export const dbsize = {
  name: 'dbsize',
  group: 'server',
  since: '1.0.0',
  summary: 'Count the keys of the database',
  complexity: 'O(1)',
  arity: 1,
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  run: ({ db }) => reply.integer(db.size()),
} as const satisfies CommandSpec;
