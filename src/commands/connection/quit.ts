/** `QUIT`: end the connection. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `QUIT` — end the connection, after all that was asked before is answered. */
export const quit = {
  name: 'quit',
  group: 'connection',
  since: '1.0.0',
  summary: 'End the connection',
  complexity: 'O(1)',
  arity: -1,
  flags: ['allow_busy', 'noscript', 'loading', 'stale', 'fast', 'no_auth'],
  acl: ['connection'],
  run({ client }) {
    client.closeAfterReply = true;
    return reply.ok;
  },
} as const satisfies CommandSpec;
