/** `ACL GETUSER`: show what a user may do. */
import { type Reply, reply } from '../../resp/reply.js';
import type { SelectorText } from '../access/user.js';
import { latin1 } from '../arguments.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/** `ACL GETUSER username` — a user's flags, hashes of passwords, and permissions. */
export const aclGetuser = {
  name: 'getuser',
  group: 'server',
  since: '6.0.0',
  history: [
    ['6.2.0', 'Added Pub/Sub channel patterns.'],
    [
      '7.0.0',
      'Added selectors and changed the format of key and channel patterns from a list to their rule representation.',
    ],
  ],
  summary: 'Show what a user may do',
  complexity:
    'O(N). Where N is the number of password, command and pattern rules that the user has.',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  acl: [],
  syntax: 'username',
  run({ access }: AccessContext, args: readonly Buffer[]) {
    const user = access.user(latin1(args[2]));
    if (user === undefined) return reply.null;
    const [root, ...others] = user.selectorTexts();
    return reply.map([
      [reply.bulk('flags'), reply.set(user.flags.map(reply.bulk))],
      [reply.bulk('passwords'), reply.bulks(user.passwords)],
      ...(root === undefined ? [] : entries(root)),
      [reply.bulk('selectors'), reply.array(others.map((other) => reply.map(entries(other))))],
    ]);
  },
} as const satisfies CommandSpec;

function entries({ commands, keys, channels }: SelectorText): [Reply, Reply][] {
  return [
    [reply.bulk('commands'), latin1Reply(commands)],
    [reply.bulk('keys'), latin1Reply(keys)],
    [reply.bulk('channels'), latin1Reply(channels)],
  ];
}
