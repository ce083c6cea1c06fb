/**
 * `DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE]`: write all data to the RDB file, forget them, read them
 * back.
 *
 * It happens within the one command; replicas do not notice, because what is read back is what was
 * there.
 *
 * @see redis/redis 7.0.15 src/debug.c, debugCommand()
 */
import { ReplyError, reply } from '../../resp/reply.js';
import { wordArg } from '../arguments.js';
import type { CommandContext } from '../context.js';
import type { CommandResult } from '../spec.js';

const OPTIONS: ReadonlySet<string> = new Set(['merge', 'noflush', 'nosave']);

export function reload(
  { keyspace, saved, scripting, blocked, log }: CommandContext,
  args: readonly Buffer[],
): CommandResult {
  const options = new Set(args.slice(2).map(wordArg));
  if ([...options].some((option) => !OPTIONS.has(option))) {
    throw new ReplyError('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.');
  }
  const keepsData = options.has('noflush');
  // A library that is there already is an error, as the file has it again.
  const isTwice = keepsData && !options.has('merge') && scripting.libraries().length > 0;
  const isDone =
    !isTwice &&
    saved.reload(!options.has('nosave'), () => {
      if (keepsData) return;
      keyspace.flushAll();
      scripting.flushLibraries();
    });
  if (!isDone) throw new ReplyError('ERR Error trying to load the RDB dump');
  blocked.recheck(null);
  log.write('warning', 'DB reloaded by DEBUG RELOAD');
  return reply.ok;
}
