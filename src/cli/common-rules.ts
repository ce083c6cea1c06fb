/** What all commands of the command line have in common: their help, and how wrong usage ends. */
import { type Command, Help, type Option } from 'commander';

import { exitFromUsage } from './fail.js';

/** Columns below which a description is not squeezed: it goes below what it describes. */
const LEAST_WIDTH = 24;
const INDENT = 6;

/** @returns the command itself. */
export function commonRules(command: Command): Command {
  return command
    .exitOverride(exitFromUsage)
    .showHelpAfterError('(--help lists what there is)')
    .configureHelp({ optionDescription, formatItem, minWidthToWrap: LEAST_WIDTH });
}

/** As commander does it, but for the default: shown as a person would type it, or not at all. */
function optionDescription(this: Help | void, option: Option): string {
  const shown = option.defaultValueDescription ?? asTyped(option);
  return shown === '' ? option.description : `${option.description} (default: ${shown})`;
}

/** As commander does it, but in a narrow terminal. */
function formatItem(
  this: Help | void,
  term: string,
  termWidth: number,
  description: string,
  helper: Help,
): string {
  const width = helper.helpWidth ?? 80;
  const isNarrow = width - termWidth - INDENT < LEAST_WIDTH && description !== '';
  if (!isNarrow) {
    const usual = Object.assign(new Help(), { helpWidth: width, minWidthToWrap: LEAST_WIDTH });
    return usual.formatItem(term, termWidth, description, helper);
  }
  const text = helper
    .boxWrap(description, width - INDENT)
    .replaceAll('\n', `\n${' '.repeat(INDENT)}`);
  return `  ${term}\n${' '.repeat(INDENT)}${text}`;
}

/** @returns '': nothing, which is no news. */
function asTyped({ defaultValue: value, flags }: Option): string {
  if (typeof value === 'number' && flags.includes('<time>')) return asDuration(value);
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return '';
}

/** ms with the unit that leaves the shortest whole number. */
function asDuration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
