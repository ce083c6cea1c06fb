/** `COMMAND GETKEYSANDFLAGS`: tell the keys in a full command, and how it uses them. */
import { reply } from '../../resp/reply.js';
import { keysOrRefusal } from './keys-of-command.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/** `COMMAND GETKEYSANDFLAGS command [arg …]` — which arguments are keys, each with its flags. */
export const commandGetkeysandflags = {
  name: 'getkeysandflags',
  group: 'server',
  since: '7.0.0',
  summary: 'Tell the keys in a full command, and how it uses them',
  complexity: 'O(N) where N is the number of arguments to the command',
  arity: -4,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  syntax: 'command [arg...]',
  run({ commands }: TableContext, args: readonly Buffer[]) {
    const call = args.slice(2);
    return reply.array(
      keysOrRefusal(commands, call).map(({ at, flags }) =>
        reply.array([reply.bulk(call[at] ?? NONE), reply.set(flags.map(reply.simple))]),
      ),
    );
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
