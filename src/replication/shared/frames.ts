/**
 * The frames by which a replica and its master in the same process agree; the stream itself is read
 * from the master's ring, so no frame carries any of it.
 *
 * Wires lose frames when a partition cuts them or a mailbox is full, so nothing here relies on
 * arrival: every psync has a session number that all later frames repeat, a frame of another
 * session is void, chunks are numbered, a credit counts for the chunks before it, an ack for all
 * that has to be said before, and what stays unanswered is asked again.
 *
 *   replica                                  master
 *     psync ────────────────────────────────▶
 *     ◀──────────── continue | refuse | full-resync | ballot (then psync again)
 *                                   (after a full-resync:)
 *     ◀──────────────────────────── snapshot, at most CREDIT_CHUNKS unanswered; what is long is
 *                                    read in the master's memory (shared-chunks.ts)
 *     credit, one per chunk read ───────────▶
 *     online, once loaded ──────────────────▶
 *                                   (then, while the link lives:)
 *     ack, once a second ───────────────────▶
 *     ◀──────────────────────────────── wake   to a reader that is parked
 *     ◀────────────────────────────── refuse   the master has dropped the replica
 *     leave ────────────────────────────────▶  the replica has gone elsewhere
 */
import { SNAPSHOT_SLOTS } from '../../core/assembly/layout.js';
import type { StrictQuestion } from '../strict/strict-question.js';
import type { ChunkPlace } from './shared-chunks.js';

/** From a replica to its master. */
export type ReplicaFrame =
  | {
      readonly type: 'psync';
      readonly session: number;
      readonly replid: string;
      /** The first byte the replica lacks; -1 with replid `?`. */
      readonly offset: number;
      /** Where the replica listens, for INFO and ROLE. */
      readonly port: number;
      /** The replica was the master until now, and hands its role over. */
      readonly takeOver: boolean;
      /** Of a strict cluster's node. */
      readonly strict?: StrictQuestion;
    }
  | { readonly type: 'credit'; readonly session: number; readonly chunk: number }
  | { readonly type: 'online'; readonly session: number }
  | {
      readonly type: 'ack';
      readonly session: number;
      readonly offset: number;
      /** The replica's own HISTORY number: while it is that, its HEAD is a place in this stream. */
      readonly history: number;
    }
  | { readonly type: 'leave'; readonly session: number };

/** From a master to its replica. */
export type MasterFrame =
  | {
      readonly type: 'continue';
      readonly session: number;
      readonly replid: string;
      /** The HISTORY number under which the ring may be read. */
      readonly history: number;
    }
  | {
      readonly type: 'full-resync';
      readonly session: number;
      readonly replid: string;
      /** The snapshot's moment; the stream goes on after it. */
      readonly offset: number;
      readonly history: number;
    }
  | {
      readonly type: 'snapshot';
      readonly session: number;
      /** 0-based number of the chunk. */
      readonly chunk: number;
      /** RDB: the bytes, or where they are. */
      readonly body: Uint8Array | ChunkPlace;
      readonly isLast: boolean;
    }
  /** In a strict cluster: ask again, having promised this. */
  | { readonly type: 'ballot'; readonly session: number; readonly ballot: number }
  | { readonly type: 'wake' }
  /** `error`: as Redis words it, code first. */
  | { readonly type: 'refuse'; readonly session: number; readonly error: string };

export type ReplicationFrame = ReplicaFrame | MasterFrame;

/** Chunks that may be on their way to one replica. */
export const CREDIT_CHUNKS = SNAPSHOT_SLOTS;
/** Bytes of a chunk, about. Taking one occupies a replica's thread for about a millisecond. */
export const CHUNK_BYTES = 256 * 1024;

const REPLICA_TYPES: ReadonlySet<string> = new Set<ReplicaFrame['type']>([
  'psync',
  'credit',
  'online',
  'ack',
  'leave',
]);
const MASTER_TYPES: ReadonlySet<string> = new Set<MasterFrame['type']>([
  'continue',
  'full-resync',
  'snapshot',
  'ballot',
  'wake',
  'refuse',
]);

/** Tells the frames that a master gets from all others on a wire. */
export function isReplicaFrame(frame: { readonly type: string }): frame is ReplicaFrame {
  return REPLICA_TYPES.has(frame.type);
}

/** Tells the frames that a replica gets from all others on a wire. */
export function isMasterFrame(frame: { readonly type: string }): frame is MasterFrame {
  return MASTER_TYPES.has(frame.type);
}
