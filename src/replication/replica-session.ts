/**
 * The seam's other side: one replica, as what carries the stream to it.
 *
 * Whom to serve, with what, who is too far behind and who has acknowledged what are rules
 * (replica-feed.ts, snapshot/). A session knows how a replica is told, and how far it is: within
 * the process that stands in the replica's memory (shared/), across a socket only its
 * acknowledgements and what the socket has taken say it (tcp/).
 */
import type { Millis } from '../base/time.js';
import type { PsyncRequest } from './psync.js';
import type { ChunkPlace } from './shared/shared-chunks.js';

/** What a replica that may follow must know of the history. */
export interface StreamAnswer {
  readonly replid: string;
  /** The HISTORY number under which the ring may be read. */
  readonly history: number;
}

/** A piece of a snapshot. */
export interface SnapshotChunk {
  /** 0-based. */
  readonly number: number;
  /** RDB: the bytes, or, for those in the process, where they are. */
  readonly body: Uint8Array | ChunkPlace;
  readonly isLast: boolean;
}

export interface ReplicaSession {
  /** Where the replica listens, as INFO and ROLE show it. */
  readonly host: string;
  readonly port: number;
  /** The index of a node of this process; null: it is elsewhere. */
  readonly nodeIndex: number | null;
  /**
   * Across a socket: it is sent bytes, and has to be asked how far it is. One in the process reads
   * ring and snapshot in this node's memory, and is seen in its own.
   */
  readonly isRemote: boolean;
  /** A snapshot is kept for it until it is whole, and sent then. */
  readonly isSpooled: boolean;
  /** What it wants of a snapshot. */
  readonly rdbContents: 'all' | 'libraries' | 'nothing';
  /** It wants the snapshot alone, to keep it as a file: that one has a checksum. */
  readonly isBackup: boolean;
  /** It says once a second how far it is; the silence of one that does not means nothing. */
  readonly acknowledges: boolean;
  /** What is to be done about it when it cannot keep up and the configuration does not say. */
  readonly flowControl: 'throttle' | 'disconnect';
  /** A partition stands between the two. */
  isCut(): boolean;
  /** It has ended, and its owner has not been told. */
  isGone(): boolean;
  /** The last byte it is seen to have applied; null: only its acknowledgements tell. */
  seenOffset(): number | null;
  /** The last byte that it needs not read from the ring any more. @param acked - what it has. */
  ringCursor(acked: number): number;
  /** It may go on from where it is. @param offset - the last byte it has. */
  continue(answer: StreamAnswer, offset: number): void;
  /** A snapshot of the history at `offset` comes. */
  fullResync(answer: StreamAnswer, offset: number): void;
  /** Bytes that were written to it, and those of them that have left: @see SendBufferUser */
  readonly givenBytes: number;
  readonly leftBytes: number;
  /** It has been given something that it has not taken yet. */
  readonly isOwing: boolean;
  /** Whether it takes another chunk now. */
  isReady(): boolean;
  send(chunk: SnapshotChunk): void;
  /** Something was published. Called after each batch; may have nothing to do. */
  wake(): void;
  /** Once a cron turn, while it waits for a snapshot: a sign of life. @param now - monotonic ms. */
  keepAlive(now: Millis): void;
  /** Let it go. @param error - as Redis words it, code first. */
  refuse(error: string): void;
}

/** What a session tells the feed. */
export interface ReplicaSessionOwner {
  /** A replica asks to follow. @returns null, or why it cannot, as Redis words it. */
  onRequest(session: ReplicaSession, request: PsyncRequest): string | null;
  /** @returns false: it is none of this node's replicas. */
  onHeard(session: ReplicaSession): boolean;
  /** It can take another chunk. @param returned - the one it has read; null: it borrows none. */
  onReady(session: ReplicaSession, returned: number | null): void;
  /** The snapshot is loaded; may be told of one that is online. */
  onLoaded(session: ReplicaSession): void;
  onAck(session: ReplicaSession, offset: number): void;
  onGone(session: ReplicaSession): void;
  /** It cannot be served any further; it is let go. */
  onFailed(session: ReplicaSession, reason: string): void;
}
