/**
 * The seam between the rules of replication and what carries it: one session with a master.
 *
 * A replica's link (replica-link.ts) decides when to connect, what to ask for, what an answer does
 * to the node's history and when to give up. How the question travels and where the stream comes
 * from is a session's matter: within the process it is read from the master's ring (shared/),
 * across a socket it arrives as bytes (tcp/).
 */
import type { Address } from '../base/address.js';
import type { SharedMemory } from '../base/shared-memory.js';
import type { Millis } from '../base/time.js';
import type { DrainResult, ReplicationPeer } from './environment.js';
import type { PsyncRequest } from './psync.js';

/** A way to masters. */
export interface MasterTransport {
  /** Whether this is the way to that master. */
  reaches(master: Address): boolean;
  /**
   * Begin a session: ask for what `request` says.
   *
   * @param owner - told of what comes, never before this has returned.
   * @returns null: the master cannot be reached now.
   */
  open(master: Address, request: PsyncRequest, owner: MasterSessionOwner): MasterSession | null;
  /**
   * Begin a session with a master that answers nobody: it goes on from what can be seen of it.
   *
   * @returns null: it could not be continued.
   */
  recall?(master: Address, request: PsyncRequest, owner: MasterSessionOwner): Recalled | null;
}

/** A session that need not be answered any more: the stream goes on in the history `replid`. */
export interface Recalled {
  readonly session: MasterSession;
  readonly replid: string;
}

/** One session, from its question to its end. After close() its owner hears nothing of it. */
export interface MasterSession {
  /** `host:port`, for people. */
  readonly name: string;
  /** Across a socket: the master may be anything, and so may what it sends. */
  readonly isRemote: boolean;
  /** The node of this process that it is with; null: it is elsewhere. */
  readonly peer: ReplicationPeer | null;
  /** The memory that its stream is read from, once it was told how; null: it is elsewhere. */
  readonly memory: SharedMemory | null;
  /** The link's first state: a connection may have to be made before anything can be asked. */
  readonly begins: 'connecting' | 'handshake';
  /** An unanswered question is given up after this long. */
  readonly handshakeTimeoutMs: Millis;
  /** A partition stands between the two. */
  isCut(): boolean;
  /** Begin to apply the stream, from this node's head on. */
  follow(): void;
  /** Apply at once all of the stream that can be had, the session being closed or not. */
  drain(): DrainResult;
  /** Tell the master how far this node is. */
  acknowledge(offset: number): void;
  /** The snapshot is in the keyspace; the stream is wanted. */
  loaded(): void;
  /** Once a cron turn. @param now - monotonic ms. */
  onCron(now: Millis): void;
  /** Leave the master. */
  close(): void;
}

/** What the link does about what a session brings. */
export interface MasterSessionOwner {
  /** The connection stands; the questions begin. */
  onHandshake(): void;
  /** A sign of life. */
  onHeard(): void;
  /** The stream goes on from this node's offset. @param replid - its id now; null: as it was. */
  onContinue(replid: string | null): void;
  /** A snapshot of the history `replid` at `offset` comes. */
  onFullResync(replid: string, offset: number): void;
  /** @param total - bytes that the snapshot has; null: not told. */
  onSnapshotSize(total: number | null): void;
  /** @param bytes - of the snapshot, in order; the session's again once this returns. */
  onSnapshot(bytes: Uint8Array): void;
  /** Those were all. */
  onSnapshotEnd(): void;
  /** So many bytes of the stream were applied and published. */
  onApplied(bytes: number): void;
  /** The master wants to hear how far this node is. */
  onAckWanted(): void;
  /** In a strict cluster: a master with this ballot has confirmed all up to here. */
  onMark(ballot: number): void;
  /** The stream cannot be applied any further. */
  onStreamEnd(end: StreamEnd): void;
  /** In a strict cluster: it wants this promise before it answers. */
  onBallot(ballot: number): void;
  /** The master refuses, or lets this replica go. @param error - as Redis words it. */
  onRefused(error: string): void;
  /** The session is over for another reason. @param retry - at once, or in a while. */
  onLost(reason: string, retry: 'now' | 'later'): void;
}

/** Why a stream cannot be applied any further. */
export type StreamEnd =
  /** What follows is gone, or never was in this history: handshake again. */
  | 'lapped'
  | 'other-history'
  /** What follows is no sequence of commands, or did not fit into memory. */
  | 'corrupt'
  | 'out-of-memory'
  /** A command of the host's did not fit, and the stream has passed it: the data are others now. */
  | 'parted'
  /** This node itself is forbidden to publish. */
  | 'fenced';
