/**
 * docs/commands.md, from the commands' specs. `node dist/test/commands/commands-page.js` writes it.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type CommandFacts, fullName } from '../../src/commands/facts.js';
import { standardCommands } from '../../src/commands/index.js';
import type { CommandSpec } from '../../src/commands/spec.js';

export const COMMANDS_PAGE = fileURLToPath(new URL('../../../docs/commands.md', import.meta.url));

export function commandsPage(): string {
  const groups = [...new Set(standardCommands.map(({ group }) => group))].toSorted();
  return `# Commands

What a node understands, by Redis' groups: since which version of Redis, where it runs, and what is not as
in Redis 7.0.15. *Core*: the data core, in WebAssembly (\`src/core/assembly/commands\`). *Host*: TypeScript, over
the same memory (\`src/commands\`). HELP's texts and COMMAND DOCS' summaries are our own everywhere.

${groups.map(groupTable).join('\n\n')}

Every command of Redis 7.0.15 is here. Cluster mode and modules are no aim.
`;
}

function groupTable(group: string): string {
  const rows = standardCommands
    .filter((spec) => spec.group === group)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((spec) => [
      row(spec, spec),
      ...(spec.subcommands ?? [])
        .filter(({ name }) => name !== 'help')
        .map((subcommand) => row(subcommand, subcommand, spec)),
    ]);
  return `## ${group}\n\n| command | since | runs in | not as in Redis |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function row(spec: CommandSpec, facts: CommandFacts, container?: CommandFacts): string {
  const name = fullName(spec, container).replace('|', ' ').toUpperCase();
  return `| ${name} | ${facts.since} | ${placeOf(spec)} | ${facts.differs ?? ''} |`;
}

/** A container by itself does nothing. */
function placeOf({ run }: CommandSpec): string {
  if (run === undefined) return '';
  return typeof run === 'function' ? 'host' : 'core';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(COMMANDS_PAGE, commandsPage());
}
