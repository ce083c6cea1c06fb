/** `ACL SAVE`: write the users to their file. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { type AccessContext, needsUsersFile } from './access-context.js';

/** `ACL SAVE` — write all users to the ACL file. */
export const aclSave = {
  name: 'save',
  group: 'server',
  since: '6.0.0',
  summary: 'Write all users to the ACL file',
  complexity: 'O(N). Where N is the number of configured users.',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  run({ access, usersFile }: AccessContext) {
    needsUsersFile(usersFile);
    if (access.save()) return reply.ok;
    throw new ReplyError(
      'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
    );
  },
} as const satisfies CommandSpec;
