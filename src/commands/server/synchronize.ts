/**
 * PSYNC and SYNC: a client becomes a replica.
 *
 * @see redis/redis 7.0 src/replication.c, syncCommand()
 */
import { ReplyError } from '../../resp/reply.js';
import type { CommandContext } from '../context.js';

/**
 * @param request - null: it asked with SYNC. @returns null: the answer is the stream's business.
 */
export function synchronize(
  { client, roles }: CommandContext,
  request: { readonly replid: string; readonly offset: number } | null,
): null {
  if (client.link === 'replica' || client.isMonitor) return null; // As Redis: not a word.
  if (client.output.outputBytes > 0) {
    throw new ReplyError('ERR SYNC and PSYNC are invalid with pending output');
  }
  if (client.replica.rdbContents !== 'all' && !client.replica.eof) {
    throw new ReplyError('ERR Filtered replica requires EOF capability');
  }
  const whyNot = roles.serve(client, request);
  if (whyNot !== null) throw new ReplyError(whyNot);
  return null;
}
