/** Streams and groups that commands ask for, and Redis' words for those that are missing. */
import type { StreamGroup, StreamHandle } from '../../keyspace/stream-handle.js';
import { ReplyError } from '../../resp/reply.js';
import { quotable } from '../arguments.js';
import type { Database } from '../../keyspace/database.js';

export interface Found {
  readonly stream: StreamHandle;
  readonly group: StreamGroup;
}

/** A C string's length is not bounded; an error's is. */
const LONGEST = 1 << 20;

/**
 * Look a group up to read it.
 *
 * @throws ReplyError WRONGTYPE, NOGROUP
 */
export function groupAt(db: Database, key: Buffer, name: Buffer): Found {
  const stream = db.streams.read(key);
  const group = stream?.group(name) ?? null;
  if (stream === null || group === null) throw noGroup(key, name);
  return { stream, group };
}

/** The same to change it. The key has been looked up before. */
export function groupToChange(db: Database, key: Buffer, name: Buffer): Found {
  const stream = db.streams.change(key);
  const group = stream?.group(name) ?? null;
  if (stream === null || group === null) throw noGroup(key, name);
  return { stream, group };
}

function noGroup(key: Buffer, name: Buffer): ReplyError {
  return new ReplyError(
    `NOGROUP No such key '${quotable(key, LONGEST)}' or consumer group '${quotable(name, LONGEST)}'`,
  );
}

/** What XGROUP and XINFO say. */
export function noGroupOf(key: Buffer, name: Buffer): ReplyError {
  return new ReplyError(
    `NOGROUP No such consumer group '${quotable(name, LONGEST)}' for key name '${quotable(key, LONGEST)}'`,
  );
}

/** What XREADGROUP says. */
export function noGroupToRead(key: Buffer, name: Buffer): ReplyError {
  return new ReplyError(
    `NOGROUP No such key '${quotable(key, LONGEST)}' or consumer group '${quotable(name, LONGEST)}' in XREADGROUP with GROUP option`,
  );
}
