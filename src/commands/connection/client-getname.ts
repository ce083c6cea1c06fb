/** `CLIENT GETNAME`: tell the name of the connection. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT GETNAME` — the name the connection gave itself. */
export const clientGetname = {
  name: 'getname',
  group: 'connection',
  since: '2.6.9',
  summary: 'Tell the name of the connection',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  run: ({ client }) => (client.name === '' ? reply.null : reply.bulk(client.name)),
} as const satisfies CommandSpec;
