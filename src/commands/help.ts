/**
 * The HELP subcommand that every container of subcommands has, made from their specs.
 *
 * @see redis/redis 7.0 src/networking.c, addReplyHelp()
 */
import { type Reply, reply } from '../resp/reply.js';
import type { CommandFacts, CommandGroup } from './facts.js';
import type { CommandSpec } from './spec.js';

export function helpFor(
  container: string,
  group: CommandGroup,
  subcommands: readonly CommandSpec[],
  facts: Partial<Pick<CommandSpec, 'since' | 'acl'>> = {},
): CommandSpec {
  return {
    name: 'help',
    group,
    since: facts.since ?? '5.0.0',
    summary: 'List the subcommands',
    complexity: 'O(1)',
    arity: 2,
    flags: ['loading', 'stale'],
    acl: facts.acl ?? (container === 'client' || container === 'command' ? ['connection'] : []),
    run: () => helpReply(container, subcommands),
  };
}

/** What HELP answers: a line for each subcommand, and what it does. */
export function helpReply(container: string, subcommands: readonly CommandFacts[]): Reply {
  const lines = subcommands.flatMap(({ name, syntax, summary }) => [
    [name.toUpperCase(), plain(syntax)].join(' ').trim(),
    `    ${summary}.`,
  ]);
  return reply.array(
    [
      `${container.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
      ...lines,
      'HELP',
      '    List the subcommands.',
    ].map(reply.simple),
  );
}

/** The syntax without names of groups and types. */
function plain(syntax: string | undefined): string {
  return (syntax ?? '').replaceAll(/[\w-]+: /g, '').replaceAll(/:(integer|pattern)\b/g, '');
}
