/** The keys in a full command, for COMMAND GETKEYS and GETKEYSANDFLAGS. */
import { ReplyError } from '../../resp/reply.js';
import { fitsArity } from '../facts.js';
import { keyPlaces, mayHaveKeys } from '../key-search.js';
import type { KeyPlace } from '../key-specs.js';
import type { CommandDirectory } from '../node/directory.js';

/**
 * @returns where they are.
 * @throws ReplyError: there is no such command, or it has no keys, or its arguments are wrong.
 */
export function keysOrRefusal(
  commands: CommandDirectory,
  args: readonly Buffer[],
): readonly KeyPlace[] {
  const resolved = commands.lookup(args);
  if (resolved === null) throw new ReplyError('ERR Invalid command specified');
  const { spec } = resolved;
  if (!mayHaveKeys(spec)) throw new ReplyError('ERR The command has no key arguments');
  if (!fitsArity(spec, args.length)) {
    throw new ReplyError('ERR Invalid number of arguments specified for command');
  }
  const places = keyPlaces(spec, args);
  if (places.length === 0 && !spec.flags.includes('no_mandatory_keys')) {
    throw new ReplyError('ERR Invalid arguments specified for command');
  }
  return places;
}
