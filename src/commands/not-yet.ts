/**
 * The commands of Redis 7.0 that are not here yet: whoever calls one is told so, and not as if the
 * name were misspelt.
 */
import { notSupportedYet } from '../resp/reply.js';

/**
 * Lower case; a subcommand with its container's name. A container that is missing has no entry for
 * each.
 */
export const notYet: ReadonlySet<string> = new Set(
  [
    // generic
    'migrate',
  ].flatMap((names) => names.split(' ')),
);

/**
 * @param name - of the command, lower case.
 * @param subcommand - the argument that may name one, lower case.
 * @returns the error, or null: it is not one of these.
 */
export function notYetError(name: string, subcommand: string): string | null {
  const full = `${name}|${subcommand}`;
  const found = notYet.has(full) ? full : notYet.has(name) ? name : null;
  return found === null ? null : notSupportedYet(found);
}
