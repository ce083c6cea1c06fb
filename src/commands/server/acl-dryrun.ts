/** `ACL DRYRUN`: tell whether a user may run a command. */
import { ReplyError, reply, wrongArity } from '../../resp/reply.js';
import { latin1, quotable } from '../arguments.js';
import { fitsArity, fullName } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/**
 * `ACL DRYRUN username command [arg …]` — whether the user may run the command, which is not run.
 */
export const aclDryrun = {
  name: 'dryrun',
  group: 'server',
  since: '7.0.0',
  summary: 'Tell whether a user may run a command',
  complexity: 'O(1).',
  arity: -4,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: 'username command [arg...]',
  run({ access, commands }: AccessContext, [, , username, ...call]: readonly Buffer[]) {
    const user = access.user(latin1(username));
    if (user === undefined) {
      throw new ReplyError(`ERR User '${quotable(username, Infinity)}' not found`);
    }
    const resolved = commands.lookup(call);
    if (resolved === null) {
      throw new ReplyError(`ERR Command '${quotable(call[0], Infinity)}' not found`);
    }
    const name = fullName(resolved.spec, resolved.container);
    if (!fitsArity(resolved.spec, call.length)) {
      throw new ReplyError(wrongArity(name));
    }
    const denial = access.check(user, resolved, call);
    if (denial === null) return reply.ok;
    const object = denial.what === 'command' ? name : quotable(call[denial.at], Infinity);
    const what = denial.what === 'command' ? 'run' : 'access';
    return latin1Reply(`This user has no permissions to ${what} the '${object}' ${denial.what}`);
  },
} as const satisfies CommandSpec;
