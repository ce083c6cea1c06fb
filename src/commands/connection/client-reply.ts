/** `CLIENT REPLY`: turn replies off and on. */
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/**
 * `CLIENT REPLY ON | OFF | SKIP` — whether the connection gets replies. `SKIP`: not for the next
 * command.
 */
export const clientReply = {
  name: 'reply',
  group: 'connection',
  since: '3.2.0',
  summary: 'Turn replies off and on',
  complexity: 'O(1)',
  arity: 3,
  flags: ['noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: '(on_off_skip: ON | OFF | SKIP)',
  run({ client }: ClientsContext, [, , mode]) {
    const word = wordArg(mode);
    if (word === 'on') {
      client.replyMode = 'on';
      return reply.ok;
    }
    if (word === 'off') client.replyMode = 'off';
    else if (word !== 'skip') throw new ReplyError(SYNTAX_ERROR);
    else if (client.replyMode !== 'off') client.replyMode = 'skip-next';
    return null;
  },
} as const satisfies CommandSpec;
