/** `COMMAND INFO`: describe commands for clients. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import { infoReply } from './info-entry.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/** `COMMAND INFO [name …]` — what clients need to know of commands: arity, flags, keys. */
export const commandInfo = {
  name: 'info',
  group: 'server',
  since: '2.8.13',
  history: [['7.0.0', 'Allowed to be called with no argument to get info on all commands.']],
  summary: 'Describe commands for clients',
  complexity: 'O(N) where N is the number of commands to look up',
  arity: -2,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  tips: ['nondeterministic_output_order'],
  syntax: '[command-name...]',
  run({ commands }: TableContext, args: readonly Buffer[]) {
    if (args.length === 2) return reply.array(commands.all().map((spec) => infoReply({ spec })));
    const found = args.slice(2).map((name) => commands.find(latin1(name).toLowerCase()));
    return reply.array(
      found.map((resolved) => (resolved === null ? reply.null : infoReply(resolved))),
    );
  },
} as const satisfies CommandSpec;
