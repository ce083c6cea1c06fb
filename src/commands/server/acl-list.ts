/** `ACL LIST`: show all users as rules. */
import { reply } from '../../resp/reply.js';
import { userLine } from '../access/user.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/** `ACL LIST` — a line for each user, as files of users have it. */
export const aclList = {
  name: 'list',
  group: 'server',
  since: '6.0.0',
  summary: 'Show all users as rules',
  complexity: 'O(N). Where N is the number of configured users.',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run: ({ access }: AccessContext) =>
    reply.array(access.users().map((user) => latin1Reply(userLine(user)))),
} as const satisfies CommandSpec;
