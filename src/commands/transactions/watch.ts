/** `WATCH`: watch keys for the next transaction. */
import { ReplyError, reply } from '../../resp/reply.js';
import { allKeys } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/** `WATCH key [key …]` — make the next EXEC fail if one of the keys has changed by then. */
export const watch = {
  name: 'watch',
  group: 'transactions',
  since: '2.2.0',
  summary: 'Watch keys for the next transaction',
  complexity: 'O(1) for every key.',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  acl: ['transaction'],
  differs: 'A key that a full sync brings to a replica counts as changed.',
  keys: allKeys(1, 'RO'),
  syntax: 'key...',
  run({ client, db, watches }, [, ...watched]) {
    if (client.transaction !== null) throw new ReplyError('ERR WATCH inside MULTI is not allowed');
    for (const key of watched) watches.watch(client, key, db);
    return reply.ok;
  },
} as const satisfies CommandSpec;
