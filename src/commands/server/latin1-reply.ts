/** Text of one byte a character, as names and patterns are kept, in a reply. */
import { type Reply, reply } from '../../resp/reply.js';

export function latin1Reply(text: string): Reply {
  return reply.bulk(Buffer.from(text, 'latin1'));
}
