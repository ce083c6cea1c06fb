/** `CLIENT GETREDIR`: tell who is told of changes to keys in place of the connection. */
import { reply } from '../../resp/reply.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT GETREDIR` — the id of the client that is told; 0: the connection itself; -1: nobody is.
 */
export const clientGetredir = {
  name: 'getredir',
  group: 'connection',
  since: '6.0.0',
  summary: 'Tell who is told of changes to keys in place of the connection',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  run: ({ client }: ClientsContext) => reply.integer(client.tracking?.redirect ?? -1),
} as const satisfies CommandSpec;
