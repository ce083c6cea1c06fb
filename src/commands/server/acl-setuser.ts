/** `ACL SETUSER`: make or change a user. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import type { AccessContext } from './access-context.js';

/** `ACL SETUSER username [rule …]` — make a user, or change one: by all of the rules, or none. */
export const aclSetuser = {
  name: 'setuser',
  group: 'server',
  since: '6.0.0',
  history: [
    ['6.2.0', 'Added Pub/Sub channel patterns.'],
    ['7.0.0', 'Added selectors and key based permissions.'],
  ],
  summary: 'Make or change a user',
  complexity: 'O(N). Where N is the number of rules provided.',
  arity: -3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: 'username [rule...]',
  run({ access }: AccessContext, [, , name, ...rules]: readonly Buffer[]) {
    const wrong = access.setUser(latin1(name), rules.map(latin1));
    if (wrong !== null) throw new ReplyError(`ERR ${wrong}`);
    return reply.ok;
  },
} as const satisfies CommandSpec;
