/** `ACL LOAD`: read the users from their file. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { type AccessContext, needsUsersFile } from './access-context.js';

/** `ACL LOAD` — read all users anew from the ACL file, or none if something is wrong with it. */
export const aclLoad = {
  name: 'load',
  group: 'server',
  since: '6.0.0',
  summary: 'Read all users anew from the ACL file',
  complexity: 'O(N). Where N is the number of configured users.',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run({ access, client, usersFile }: AccessContext) {
    needsUsersFile(usersFile);
    const errors = access.load(client);
    if (errors !== null) throw new ReplyError(`ERR ${errors}`);
    return reply.ok;
  },
} as const satisfies CommandSpec;
