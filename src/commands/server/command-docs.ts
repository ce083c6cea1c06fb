/** `COMMAND DOCS`: describe commands for people. */
import { reply } from '../../resp/reply.js';
import { latin1 } from '../arguments.js';
import { docsEntry } from './docs-entry.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/**
 * `COMMAND DOCS [name …]` — what people need to know of commands; redis-cli's hints come from here.
 */
export const commandDocs = {
  name: 'docs',
  group: 'server',
  since: '7.0.0',
  summary: 'Describe commands for people',
  complexity: 'O(N) where N is the number of commands to look up',
  arity: -2,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  tips: ['nondeterministic_output_order'],
  syntax: '[command-name...]',
  run({ commands }: TableContext, args: readonly Buffer[]) {
    const wanted =
      args.length === 2
        ? commands.all().map((spec) => ({ spec }))
        : args.slice(2).map((name) => commands.find(latin1(name).toLowerCase()));
    return reply.map(wanted.filter((resolved) => resolved !== null).map(docsEntry));
  },
} as const satisfies CommandSpec;
