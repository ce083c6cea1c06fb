/** The refusals of whatever reads or changes a value, in Redis' words. */
import { ReplyError } from '../resp/reply.js';

export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

export function outOfMemory(): ReplyError {
  return new ReplyError(OUT_OF_MEMORY);
}

export function wrongType(): ReplyError {
  return new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value');
}
