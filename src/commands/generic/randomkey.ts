/** `RANDOMKEY`: name a random key. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `RANDOMKEY` — a key of the database, each as likely as the others. */
export const randomkey = {
  name: 'randomkey',
  group: 'generic',
  since: '1.0.0',
  summary: 'Name a random key',
  complexity: 'O(1)',
  arity: 1,
  flags: ['readonly', 'touches_arbitrary_keys'],
  acl: ['keyspace'],
  tips: ['request_policy:all_shards', 'nondeterministic_output'],
  run({ db }) {
    const key = db.keys.random();
    return key === null ? reply.null : reply.bulk(key);
  },
} as const satisfies CommandSpec;
