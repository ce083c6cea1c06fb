/**
 * How far a group is behind, in entries: known only while no entry that it has yet to read was
 * deleted.
 *
 * @see redis/redis 7.0.15 src/t_stream.c, streamRangeHasTombstones(), streamReplyWithCGLag()
 */
import type { StreamGroup, StreamHandle } from '../../keyspace/stream-handle.js';
import { compareIds, LEAST_ID, type StreamId } from '../../keyspace/stream-id.js';
import { type Reply, reply } from '../../resp/reply.js';

type StreamFacts = Pick<StreamHandle, 'length' | 'firstId' | 'deletedId'>;

/** Whether an entry from an id on has been deleted, and the stream still has entries around it. */
export function hasDeletedFrom({ length, firstId, deletedId }: StreamFacts, id: StreamId): boolean {
  if (length === 0n || compareIds(deletedId, LEAST_ID) === 0) return false;
  return compareIds(firstId, deletedId) <= 0 && compareIds(id, deletedId) <= 0;
}

/** @returns null, as a reply, where nobody can tell. */
export function lagReply(stream: StreamHandle, group: StreamGroup): Reply {
  const { added } = stream;
  if (added === 0n) return reply.integer(0);
  const { entriesRead, lastId } = group;
  const isKnown = entriesRead !== -1n && !hasDeletedFrom(stream, lastId);
  const read = isKnown ? entriesRead : stream.distanceFromFirst(lastId);
  return read === -1n ? reply.null : reply.integer(BigInt.asIntN(64, added - read));
}

export function entriesReadReply({ entriesRead }: StreamGroup): Reply {
  return entriesRead === -1n ? reply.null : reply.integer(entriesRead);
}
