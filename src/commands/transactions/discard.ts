/** `DISCARD`: give up a transaction. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `DISCARD` — forget what MULTI has queued. */
export const discard = {
  name: 'discard',
  group: 'transactions',
  since: '2.0.0',
  summary: 'Give up a transaction',
  complexity: 'O(N), when N is the number of queued commands',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  acl: ['transaction'],
  run({ client, transactions }) {
    if (client.transaction === null) throw new ReplyError('ERR DISCARD without MULTI');
    transactions.discard(client);
    return reply.ok;
  },
} as const satisfies CommandSpec;
