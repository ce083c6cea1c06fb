/** `CLIENT UNBLOCK`: unblock a client. */
import { ReplyError, reply } from '../../resp/reply.js';
import { integerArg, wordArg, wrongUse } from '../arguments.js';
import type { ClientsContext } from '../node/clients.js';
import type { CommandSpec } from '../spec.js';

/** `CLIENT UNBLOCK id [TIMEOUT | ERROR]` — let a client go on that waits in a blocking command. */
export const clientUnblock = {
  name: 'unblock',
  group: 'connection',
  since: '5.0.0',
  summary: 'Unblock a client',
  complexity: 'O(log N) where N is the number of client connections',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: ['connection'],
  syntax: 'client-id:integer [timeout_error: TIMEOUT | ERROR]',
  run({ clients }: ClientsContext, args) {
    if (args.length > 4) throw wrongUse('CLIENT', args);
    const [, , id, mode] = args;
    const reason = mode === undefined ? 'timeout' : wordArg(mode);
    if (reason !== 'timeout' && reason !== 'error') {
      throw new ReplyError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
    }
    const blocked = clients.get(integerArg(id))?.blocked ?? null;
    const timeoutReply = blocked?.timeoutReply() ?? null;
    if (blocked === null || timeoutReply === null) return reply.integer(0);
    blocked.settle(
      reason === 'timeout'
        ? timeoutReply
        : reply.error('UNBLOCKED client unblocked via CLIENT UNBLOCK'),
    );
    return reply.integer(1);
  },
} as const satisfies CommandSpec;
