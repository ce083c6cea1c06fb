/** `ACL USERS`: list the names of users. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/** `ACL USERS` — the names of all users. */
export const aclUsers = {
  name: 'users',
  group: 'server',
  since: '6.0.0',
  summary: 'List the names of users',
  complexity: 'O(N). Where N is the number of configured users.',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run: ({ access }: AccessContext) =>
    reply.array(access.users().map(({ name }) => latin1Reply(name))),
} as const satisfies CommandSpec;
