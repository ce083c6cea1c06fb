/** `COMMAND COUNT`: count the commands. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/** `COMMAND COUNT` — how many commands there are. */
export const commandCount = {
  name: 'count',
  group: 'server',
  since: '2.8.13',
  summary: 'Count the commands',
  complexity: 'O(1)',
  arity: 2,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  run: ({ commands }: TableContext) => reply.integer(commands.size),
} as const satisfies CommandSpec;
