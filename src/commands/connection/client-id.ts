/** `CLIENT ID`: tell the id of the connection. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT ID` — the connection's id, unique in the node's life. */
export const clientId = {
  name: 'id',
  group: 'connection',
  since: '5.0.0',
  summary: 'Tell the id of the connection',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  run: ({ client }) => reply.integer(client.id),
} as const satisfies CommandSpec;
