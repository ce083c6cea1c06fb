/** `rename-command`: a node's commands are called as its configuration says. */
import { isCores } from '../commands/spec.js';
import type { CommandTable } from '../commands/table.js';
import type { RenamedCommand } from '../config/config.js';
import { wrongLine } from '../config/load.js';
import type { Core } from '../core/core.js';

/**
 * @param renamed - in the order of the file.
 * @throws RingleaderError CONFIG_INVALID: there is no such command, or the other name is taken.
 */
export function renameInTable(commands: CommandTable, renamed: readonly RenamedCommand[]): void {
  for (const { from, to, line } of renamed) {
    const wrong = commands.rename(from, to);
    if (wrong !== null) throw wrongLine(line, wrong);
  }
}

/** A node's, part of which its core runs. @throws as `renameInTable` does. */
export function renameCommands(
  commands: CommandTable,
  core: Core,
  renamed: readonly RenamedCommand[],
): void {
  renameInTable(commands, renamed);
  for (const spec of commands.renamed) {
    // A master's SELECT is followed whatever it is called here.
    if (isCores(spec) || spec.shortcut?.when === 'bare') core.renamed.add(spec.name);
  }
}
