/** `MULTI`: begin a transaction. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `MULTI` — from here on queue commands, until EXEC runs them together. */
export const multi = {
  name: 'multi',
  group: 'transactions',
  since: '1.2.0',
  summary: 'Begin a transaction',
  complexity: 'O(1)',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  acl: ['transaction'],
  run({ client, transactions }) {
    if (client.transaction !== null) throw new ReplyError('ERR MULTI calls can not be nested');
    transactions.begin(client);
    return reply.ok;
  },
} as const satisfies CommandSpec;
