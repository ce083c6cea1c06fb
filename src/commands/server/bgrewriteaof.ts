/** `BGREWRITEAOF`: write the append-only file anew, and go on meanwhile. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `BGREWRITEAOF` — the data of this moment become the file's base, between commands. */
export const bgrewriteaof = {
  name: 'bgrewriteaof',
  group: 'server',
  since: '1.0.0',
  summary: 'Write the append-only file anew, and go on meanwhile',
  complexity: 'O(1)',
  arity: 1,
  flags: ['admin', 'noscript', 'no_async_loading'],
  acl: [],
  differs: 'As BGSAVE, without a child process.',
  run({ appendOnly, client }) {
    const answer = appendOnly.rewrite(client.transaction !== null);
    if (answer.state === 'refused') throw new ReplyError(answer.text);
    return reply.simple(answer.text);
  },
} as const satisfies CommandSpec;
