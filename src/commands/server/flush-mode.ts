/** The options of FLUSHDB and FLUSHALL. */
import type { Config } from '../../config/config.js';
import { ReplyError } from '../../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from '../arguments.js';

/**
 * Read the one option there may be. Both modes empty the database at once; ASYNC gives the memory
 * back afterwards, in slices.
 *
 * @returns whether it is ASYNC, by itself or by lazyfree-lazy-user-flush.
 * @throws ReplyError
 */
export function isFlushLazy(args: readonly Buffer[], config: Config): boolean {
  if (args.length === 1) return config.lazyfreeLazyUserFlush.value;
  const word = wordArg(args[1]);
  if (args.length > 2 || (word !== 'sync' && word !== 'async')) throw new ReplyError(SYNTAX_ERROR);
  return word === 'async';
}
