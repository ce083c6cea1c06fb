/** Entries as replies, for commands whose answers have other things around them. */
import type { StreamItems } from '../../keyspace/stream-handle.js';
import { ReplyParser } from '../../resp/parse.js';
import type { Reply } from '../../resp/reply.js';

/** @returns one reply for each entry. */
export function entryReplies({ bytes }: StreamItems): readonly Reply[] {
  return new ReplyParser().feed(bytes);
}
