/** The keys in a full command, for COMMAND GETKEYS. */
import { ReplyError } from '../../resp/reply.js';
import { fitsArity, keysOf } from '../facts.js';
import type { CommandDirectory } from '../node.js';

/** @throws ReplyError: there is no such command, or it has no keys, or the call is too short. */
export function keysOrRefusal(commands: CommandDirectory, args: readonly Buffer[]): Buffer[] {
  const resolved = commands.lookup(args);
  if (resolved === null) throw new ReplyError('ERR Invalid command specified');
  if (resolved.spec.keys === undefined) {
    throw new ReplyError('ERR The command has no key arguments');
  }
  if (!fitsArity(resolved.spec, args.length)) {
    throw new ReplyError('ERR Invalid number of arguments specified for command');
  }
  return keysOf(resolved.spec, args);
}
