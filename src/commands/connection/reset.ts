/** `RESET`: forget what the connection has chosen. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `RESET` — make the connection as if it were new. */
export const reset = {
  name: 'reset',
  group: 'connection',
  since: '6.2.0',
  summary: 'Forget what the connection has chosen',
  complexity: 'O(1)',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  acl: ['connection'],
  run({ client, access, pubsub, monitors, tracking, transactions }) {
    if (client.link !== null) {
      throw new ReplyError('ERR can only reset normal client connections');
    }
    pubsub.drop(client);
    monitors.remove(client);
    transactions.discard(client);
    tracking.disable(client);
    client.db = 0;
    client.resp = 2;
    client.name = '';
    client.replyMode = 'on';
    access.greet(client);
    return reply.simple('RESET');
  },
} as const satisfies CommandSpec;
