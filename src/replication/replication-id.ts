/**
 * Replication ids: the names of histories.
 *
 * A history is a sequence of bytes; an id and an offset together name a state of the data. A node
 * carries two: its own, and the one it had before its last promotion (or its master's), valid up to
 * the offset where the two part. A replica that knows only the older name can still be served as
 * long as it has not gone past that point: this is what makes a failover cost a partial resync.
 *
 * @see redis/redis 7.0 src/replication.c, shiftReplicationId(), slaveTryPartialResynchronization()
 */

export interface ReplicationIds {
  /** 40 hexadecimal digits. */
  readonly replid: string;
  /** The history this one continues; all zeros: none. */
  readonly replid2: string;
  /** First offset that `replid2` does not name; -1: none. */
  readonly secondReplOffset: number;
}

/** Where data stand: in which history, after which of its bytes. */
export interface DataHistory {
  readonly replid: string;
  readonly offset: number;
  /** The database that the stream from there on starts in. */
  readonly streamDb: number;
  /** The history that this one continues, and the first offset that it does not name. */
  readonly previous?: { readonly replid: string; readonly before: number };
}

/** How an absent id is written. */
export const NO_REPLID = '0'.repeat(40);

/** A history that begins here and continues none. */
export function newHistory(replid: string): ReplicationIds {
  return { replid, replid2: NO_REPLID, secondReplOffset: -1 };
}

/**
 * A history that continues the present one under another name: a promotion gives a fresh name, a
 * partial resync the master's.
 *
 * @param offset - up to which the two are the same. The first byte that may differ, and so the
 * first that `replid2` does not name, is `offset + 1` past the one a sibling may still ask for.
 */
export function continueAs(ids: ReplicationIds, replid: string, offset: number): ReplicationIds {
  if (replid === ids.replid) return ids;
  return { replid, replid2: ids.replid, secondReplOffset: offset + 1 };
}
