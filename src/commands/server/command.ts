/** `COMMAND`: describe all commands for clients. */
import { helpFor } from '../help.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';
import { commandCount } from './command-count.js';
import { commandDocs } from './command-docs.js';
import { commandGetkeys } from './command-getkeys.js';
import { commandGetkeysandflags } from './command-getkeysandflags.js';
import { commandInfo } from './command-info.js';
import { commandList } from './command-list.js';
import { infoReply } from './info-entry.js';
import { reply } from '../../resp/reply.js';

const subcommands = [
  commandCount,
  commandDocs,
  commandGetkeys,
  commandGetkeysandflags,
  commandInfo,
  commandList,
] as const satisfies readonly CommandSpec[];

/** `COMMAND …` — the table of commands, for clients. */
export const command = {
  name: 'command',
  group: 'server',
  since: '2.8.13',
  summary: 'Describe all commands for clients',
  complexity: 'O(N) where N is the total number of Redis commands',
  arity: -1,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  tips: ['nondeterministic_output_order'],
  run: ({ commands }: TableContext) =>
    reply.array(commands.all().map((spec) => infoReply({ spec }))),
  subcommands: [...subcommands, helpFor('command', 'server', subcommands)],
} as const satisfies CommandSpec;
