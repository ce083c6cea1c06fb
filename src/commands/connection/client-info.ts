/** `CLIENT INFO`: describe the connection. */
import { reply } from '../../resp/reply.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT INFO` — the connection's own line of CLIENT LIST. */
export const clientInfo = {
  name: 'info',
  group: 'connection',
  since: '6.2.0',
  summary: 'Describe the connection',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  tips: ['nondeterministic_output'],
  run: ({ client, nowMs }: ClientsContext) => reply.verbatim(`${client.describe(nowMs)}\n`),
} as const satisfies CommandSpec;
