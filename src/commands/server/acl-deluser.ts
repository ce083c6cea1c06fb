/** `ACL DELUSER`: remove users. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import type { AccessContext } from './access-context.js';

/** `ACL DELUSER username [username …]` — remove users, and end their connections. */
export const aclDeluser = {
  name: 'deluser',
  group: 'server',
  since: '6.0.0',
  summary: 'Remove users, and end their connections',
  complexity: 'O(1) amortized time considering the typical user.',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: 'username...',
  run({ access, client }: AccessContext, args: readonly Buffer[]) {
    const names = args.slice(2).map(latin1);
    if (names.includes('default')) throw new ReplyError("ERR The 'default' user cannot be removed");
    return reply.integer(names.filter((name) => access.deleteUser(name, client)).length);
  },
} as const satisfies CommandSpec;
