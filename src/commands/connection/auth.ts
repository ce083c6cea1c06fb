/** `AUTH [username] password`: show who one is. Errors: WRONGPASS, no password configured. */
import { ReplyError, reply } from '../../resp/reply.js';
import { latin1, SYNTAX_ERROR } from '../arguments.js';
import { authenticate } from './authenticate.js';
import type { CommandSpec } from '../spec.js';

/** `AUTH [username] password` — become a user: without a name, the default one. */
export const auth = {
  name: 'auth',
  group: 'connection',
  since: '1.0.0',
  history: [['6.0.0', 'Added ACL style (username and password).']],
  summary: 'Authenticate the connection',
  complexity: 'O(N) where N is the number of passwords defined for the user',
  arity: -2,
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  acl: ['connection'],
  syntax: '[username] password',
  run({ client, access }, args) {
    if (args.length > 3) throw new ReplyError(SYNTAX_ERROR);
    const [, first, second] = args;
    if (second === undefined && access.isOpen) {
      throw new ReplyError(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    }
    const username = second === undefined ? 'default' : latin1(first);
    authenticate(access, client, username, second ?? first, latin1(args[0]));
    return reply.ok;
  },
} as const satisfies CommandSpec;
