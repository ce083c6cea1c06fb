/** `ACL WHOAMI`: tell which user the connection is. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import { latin1Reply } from './latin1-reply.js';
import type { AccessContext } from './access-context.js';

/** `ACL WHOAMI` — the name of the connection's user. */
export const aclWhoami = {
  name: 'whoami',
  group: 'server',
  since: '6.0.0',
  summary: 'Tell which user the connection is',
  complexity: 'O(1)',
  arity: 2,
  flags: ['noscript', 'loading', 'stale'],
  acl: [],
  run: ({ client }: AccessContext) =>
    client.user === null ? reply.null : latin1Reply(client.user.name),
} as const satisfies CommandSpec;
