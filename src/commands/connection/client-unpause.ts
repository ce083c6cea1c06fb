/** `CLIENT UNPAUSE`: resume the clients that were suspended. */
import { reply } from '../../resp/reply.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT UNPAUSE` — end CLIENT PAUSE before its time. */
export const clientUnpause = {
  name: 'unpause',
  group: 'connection',
  since: '6.2.0',
  summary: 'Resume the clients that were suspended',
  complexity: 'O(N) Where N is the number of paused clients',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  run({ pause }: ClientsContext) {
    pause.end();
    return reply.ok;
  },
} as const satisfies CommandSpec;
