/** `CLIENT SETNAME`: name the connection. */
import { reply } from '../../resp/reply.js';
import { clientName } from './client-name.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT SETNAME name` — name the connection, for CLIENT LIST. */
export const clientSetname = {
  name: 'setname',
  group: 'connection',
  since: '2.6.9',
  summary: 'Name the connection',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: 'connection-name',
  run({ client }, [, , name]) {
    client.name = clientName(name);
    return reply.ok;
  },
} as const satisfies CommandSpec;
