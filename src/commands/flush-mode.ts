/** The options of FLUSHDB and FLUSHALL. */
import { ReplyError } from '../resp/reply.js';
import { SYNTAX_ERROR, wordArg } from './arguments.js';

/**
 * Check the one option there may be. Both modes empty the database at once; giving the memory back
 * is the core's affair.
 *
 * @throws ReplyError
 */
export function flushMode(args: readonly Buffer[]): void {
  if (args.length === 1) return;
  const word = wordArg(args[1]);
  if (args.length > 2 || (word !== 'sync' && word !== 'async')) throw new ReplyError(SYNTAX_ERROR);
}
