/** `COMMAND LIST`: list the names of commands. */
import { globMatch } from '../../base/glob.js';
import { ReplyError, reply } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';
import { aclCategories } from '../access/categories.js';
import { type CommandFacts, fullName } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import type { TableContext } from './table-context.js';

/**
 * `COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern]` — names of commands.
 *
 * Subcommands are listed too.
 */
export const commandList = {
  name: 'list',
  group: 'server',
  since: '7.0.0',
  summary: 'List the names of commands',
  complexity: 'O(N) where N is the total number of Redis commands',
  arity: -2,
  flags: ['loading', 'stale'],
  acl: ['connection'],
  tips: ['nondeterministic_output_order'],
  syntax: '[FILTERBY (filterby: MODULE module-name | ACLCAT category | PATTERN pattern:pattern)]',
  run({ commands }: TableContext, args: readonly Buffer[]) {
    const isFiltered = args.length === 5 && wordArg(args[2]) === 'filterby';
    if (args.length !== 2 && !isFiltered) throw new ReplyError(SYNTAX_ERROR);
    const fits = isFiltered ? filter(wordArg(args[3]), args[4] ?? Buffer.alloc(0)) : () => true;
    const names: string[] = [];
    for (const spec of commands.all()) {
      if (fits(spec, spec.name)) names.push(spec.name);
      for (const subcommand of spec.subcommands ?? []) {
        const name = fullName(subcommand, spec);
        if (fits(subcommand, name)) names.push(name);
      }
    }
    return reply.bulks(names);
  },
} as const satisfies CommandSpec;

function filter(by: string, arg: Buffer): (spec: CommandFacts, name: string) => boolean {
  switch (by) {
    case 'module':
      return () => false; // There are no modules.
    case 'aclcat': {
      const category = wordArg(arg);
      return (spec) => aclCategories(spec).includes(category);
    }
    case 'pattern':
      return (_spec, name) => globMatch(arg, Buffer.from(name), { ignoreCase: true });
    default:
      throw new ReplyError(SYNTAX_ERROR);
  }
}
