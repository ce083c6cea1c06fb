/** `COMMAND GETKEYS`: tell the keys in a full command. */
import { reply } from '../../resp/reply.js';
import { keysOrRefusal } from './keys-of-command.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/** `COMMAND GETKEYS command [arg …]` — which arguments of a command are keys. */
export const commandGetkeys = {
  name: 'getkeys',
  group: 'server',
  since: '2.8.13',
  summary: 'Tell the keys in a full command',
  complexity: 'O(N) where N is the number of arguments to the command',
  arity: -4,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  syntax: 'command [arg...]',
  run({ commands }: TableContext, args: readonly Buffer[]) {
    const call = args.slice(2);
    return reply.bulks(keysOrRefusal(commands, call).map(({ at }) => call[at] ?? NONE));
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);
