/** `CLIENT NO-EVICT`: spare the connection from client eviction. */
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT NO-EVICT ON | OFF` — spare the connection when clients are evicted. */
export const clientNoEvict = {
  name: 'no-evict',
  group: 'connection',
  since: '7.0.0',
  summary: 'Spare the connection from client eviction',
  complexity: 'O(1)',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: '(enabled: ON | OFF)',
  run({ client }: ClientsContext, [, , mode]) {
    const word = wordArg(mode);
    if (word !== 'on' && word !== 'off') throw new ReplyError(SYNTAX_ERROR);
    client.noEvict = word === 'on';
    return reply.ok;
  },
} as const satisfies CommandSpec;
