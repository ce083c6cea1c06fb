/**
 * What replication needs of the node around it. Everything real (memory, wires, clock, timers,
 * configuration) comes in here, so that the simulator (src/sim) puts nodes into one thread on a
 * virtual clock and the production code cannot tell.
 */
import type { Address } from '../base/address.js';
import type { LinkState } from '../base/role-reply.js';
import type { SharedMemory } from '../base/shared-memory.js';
import type { Clock, Millis } from '../base/time.js';
import type { KeyLoader } from '../core/loader.js';
import type { SnapshotMaker } from '../core/snapshots.js';
import type { SnapshotTurn } from '../core/snapshot-turn.js';
import type { LibraryStore } from '../rdb/libraries.js';
import type { ReplicationFrame } from './shared/frames.js';
import type { Dial } from './tcp/line.js';
import type { Spool } from './tcp/spool.js';
import type { FullResyncReason } from './psync.js';

/** The part of the data core that replication drives. @see src/core/core.ts */
export interface ReplicationCore {
  readonly memory: SharedMemory;
  readonly snapshots: SnapshotMaker;
  readonly loader: KeyLoader;
  /** All of memory; made anew when it grows, so never kept over a call. */
  readonly u8: Uint8Array;
  readonly consumed: number;
  readonly need: number;
  readonly histStart: number;
  readonly ringSize: number;
  /**
   * The database that the stream of this node's ring has selected, by its own writes or by its
   * master's; -1: none, the next write says it.
   */
  readonly streamDb: number;
  /** The keyspace holds writes of a batch that was never published. */
  readonly diverged: boolean;
  setNow(unixMs: Millis): void;
  /**
   * @param alignment - of the bytes (base/alignment.ts).
   * @returns where to put them; 0: memory is exhausted.
   */
  input(length: number, alignment?: number): number;
  execute(pointer: number, length: number, flags: number, db: number): number;
  /** @returns copies of the arguments of the command handed over. */
  args(): Buffer[];
  append(db: number, args: readonly (Uint8Array | string)[]): void;
  publish(): boolean;
  head(): number;
  resizeRing(bytes: number): boolean;
  /**
   * Bring the ring a step nearer to a larger size, so that no command waits for all of it to be
   * copied. With a size that it has already, what was begun is given up.
   *
   * @param budget - bytes to be copied at most.
   * @returns bytes left to copy; 0: it has the size; -1: memory is exhausted.
   */
  growRing(bytes: number, budget: number): number;
  resetHistory(offset: number): void;
  setStreamDb(db: number): void;
  isFenced(): boolean;
  unfence(): void;
  usedMemory(): number;
  /** @returns the CRC-64 of what had `sum`, and these bytes. */
  crc64(sum: bigint, bytes: Uint8Array): bigint;
}

/** Another node of the process; the object stays, its fields follow its restarts. */
export interface ReplicationPeer {
  readonly id: string;
  readonly index: number;
  readonly address: Address;
  /** Outlives its thread; another one after a restart. */
  readonly memory: SharedMemory | null;
  readonly wire: {
    send(frame: ReplicationFrame): 'sent' | 'cut' | 'full' | 'closed';
    isCut(): boolean;
    /** Its thread has ended. */
    readonly isClosed: boolean;
  };
}

/** Directives as they stand now; read at each use, so CONFIG SET needs no notice. */
export interface ReplicationConfig {
  readonly replBacklogBytes: number;
  readonly replPingReplicaPeriodSeconds: number;
  readonly replTimeoutSeconds: number;
  readonly minReplicasToWrite: number;
  readonly minReplicasMaxLagSeconds: number;
  readonly replicaPriority: number;
  readonly replicaReadOnly: boolean;
  readonly replicaServeStaleData: boolean;
  readonly replicaAnnounced: boolean;
  /** Where this node listens, as it tells its master; '' for the address: that of the socket. */
  readonly announcePort: number;
  readonly announceIp: string;
  /** How it authenticates with its master; '': not. */
  readonly masterUser: string;
  readonly masterAuth: string;
  /** What to do about a replica that cannot keep up; `auto`: what suits what carries its stream. */
  readonly flowControl: 'auto' | 'throttle' | 'disconnect';
  /** How long writers are held for one replica before it is dropped. */
  readonly flowControlTimeoutMs: Millis;
  /**
   * How far behind a replica may fall (`client-output-buffer-limit replica`), and the ring grow for
   * it.
   */
  readonly replicaBufferLimit: {
    readonly hardBytes: number;
    /** Tolerated for `softSeconds` on end; 0: no limit. */
    readonly softBytes: number;
    readonly softSeconds: number;
  };
  /** Whether replicas across sockets are sent a snapshot while it is made. */
  readonly disklessSync: boolean;
  /** How long it takes to put a key into one, µs; negative: a µs for so many keys. For tests. */
  readonly keySaveDelayMicros: number;
  /** How a snapshot is taken. @see SnapshotReceiver */
  readonly disklessLoad: 'disabled' | 'on-empty-db' | 'swapdb';
  /** How long it takes to load a key, µs; negative: a µs for so many keys. For tests. */
  readonly keyLoadDelayMicros: number;
  /** Seconds without replicas after which a master gives its backlog up; 0: never. */
  readonly backlogTtlSeconds: number;
  /** What is waited for before one is taken for them. */
  readonly disklessSyncDelaySeconds: number;
  readonly disklessSyncMaxReplicas: number;
}

/** What an operator, a log or a test wants to know. */
export type ReplicationEvent =
  | { readonly type: 'role-changed'; readonly role: 'master' | 'replica' }
  /** It has been told whom to follow. */
  | {
      readonly type: 'following';
      readonly host: string;
      readonly port: number;
      /** Of the process; those outside are clients like others. */
      readonly isOrderOfSentinel: boolean;
    }
  | { readonly type: 'link-up'; readonly master: string; readonly offset: number }
  | { readonly type: 'link-down'; readonly master: string; readonly reason: string }
  | {
      readonly type: 'full-resync';
      readonly master: string;
      readonly replid: string;
      readonly offset: number;
    }
  | { readonly type: 'handshake-failed'; readonly master: string; readonly reason: string }
  /** Something about a master that is worth knowing, and no failure. */
  | { readonly type: 'handshake-note'; readonly master: string; readonly text: string }
  | { readonly type: 'full-resync-failed'; readonly master: string; readonly reason: string }
  | { readonly type: 'partial-resync'; readonly master: string; readonly offset: number }
  | { readonly type: 'replica-online'; readonly replica: string; readonly offset: number }
  | { readonly type: 'replica-dropped'; readonly replica: string; readonly reason: string }
  | {
      readonly type: 'psync-refused';
      readonly replica: string;
      readonly reason: FullResyncReason;
    }
  /** For the log alone, in the words of Redis'. */
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'verbose' | 'notice' | 'warning';
      readonly text: string;
    }
  | { readonly type: 'gap-healed'; readonly bytes: number }
  | {
      readonly type: 'promoted';
      readonly offset: number;
      /** Whether the old master can no longer publish. */
      readonly isFenced: boolean;
      readonly drain: DrainResult;
    }
  | { readonly type: 'fenced'; readonly by: string | null; readonly diverged: boolean }
  /** In a strict cluster: a master waits for a majority's promises; it has them. */
  | { readonly type: 'candidate'; readonly ballot: number }
  | { readonly type: 'established'; readonly ballot: number };

/** Why a link is down whose replica fell more than a backlog behind. */
export const LAPPED = 'the backlog no longer holds what follows';

/**
 * What came of reading a master's ring to its end: `complete`; `cut`: a partition forbids it;
 * `lapped`: its oldest bytes were gone; `broken`: its bytes could not be applied; `none`: this node
 * was in no history of that master's that could be continued.
 */
export type DrainResult = 'complete' | 'cut' | 'lapped' | 'broken' | 'none';

/** Sees a stream's commands one by one, as they are applied. */
export interface StreamObserver {
  /** Whether there is one who sees them. */
  isActive(): boolean;
  /**
   * A command is about to be applied.
   *
   * @param db - the database that the stream has selected.
   * @returns to be called when it has been, with the database that is selected then.
   */
  before(args: readonly Buffer[], db: number): (dbAfter: number) => void;
}

/** A node's place in a strict cluster. */
export interface StrictPlace {
  /** All nodes' promises. @see src/replication/strict/ballots.ts */
  readonly ballots: SharedArrayBuffer;
  /** Replicas that must hold a write before it is acknowledged. */
  readonly acks: number;
  /** Nodes that must have promised to follow this one before it is master. */
  readonly votes: number;
}

export interface ReplicationEnvironment {
  readonly core: ReplicationCore;
  /** Shared with whoever else wants the core's snapshot. */
  readonly snapshotTurn: SnapshotTurn;
  /** This node's, 0 to 63. */
  readonly ownIndex: number;
  /** For the log. */
  readonly processId: number;
  readonly clock: Clock;
  readonly config: ReplicationConfig;
  /** @returns 40 fresh hexadecimal digits. */
  newReplid(): string;
  /** Run after what is queued in this turn of the loop, letting I/O in between. */
  soon(task: () => void): void;
  /** Run once, later. @returns a function that calls it off. */
  later(delayMs: Millis, task: () => void): () => void;
  /** Room for a snapshot outside of memory. @throws where the disk refuses. */
  openSpool?(): Spool;
  /** Connect to a server outside the process; undefined: not yet, or never. */
  readonly dial?: Dial | undefined;
  /** Whether this node listens, so that a master can be told where; absent: it does. */
  mayConnect?(): boolean;
  peerAt(host: string, port: number): ReplicationPeer | undefined;
  peerByIndex(index: number): ReplicationPeer | undefined;
  /**
   * Execute a command of the master's stream that the core does not know.
   *
   * @throws RingleaderError OUT_OF_MEMORY: it has not been.
   */
  applyCommand(args: readonly Buffer[], db: number): void;
  /** Those who look on at each command of the stream; without one the core runs them in batches. */
  readonly observer?: StreamObserver;
  /**
   * Whether the stream must wait: a script is in the middle of its work. To be asked again soon.
   */
  isHeld?(): boolean;
  /** So many bytes of the master's stream are about to be applied. */
  beforeApplying?(bytes: number): void;
  /** What this node has put into its stream since this offset is no write. */
  onForReplicas?(from: number): void;
  /** The core has applied some of the master's stream in so many ms. */
  onApplied?(elapsedMs: number): void;
  /** Whether the data that the node begins with are being read. */
  isLoadingData?(): boolean;
  /** Whether there is no key in any database. */
  isEmpty(): boolean;
  /** Libraries of functions; without it there are none. */
  readonly libraries?: LibraryStore;
  /** Delete every key, to make room for a full sync. */
  flushAll(): void;
  /** The data set that came (ReplicationCore.openIncoming) takes the old one's place. */
  swapIncoming(): void;
  /** Half of it has come, and is no more: its memory can be freed. */
  freeSoon(): void;
  /** Stop the node for so long, for tests; absent: never asked for. */
  sleep?(ms: Millis): void;
  /** That is the master to follow from now on; null: this node follows none. */
  onMaster?(master: { readonly host: string; readonly port: number } | null): void;
  /** The link to the master goes from one state to another. */
  onLinkState?(from: LinkState, to: LinkState): void;
  /** The link to that master is up; null: to none, any more. */
  onLink?(master: { readonly host: string; readonly port: number } | null): void;
  /** The keyspace holds what a full sync has brought. */
  onLoaded?(): void;
  /**
   * Of a strict cluster's node; absent: it is none. @see src/replication/strict/strict.ts
   */
  readonly strict?: StrictPlace;
  /** Forbid a node to publish. @returns its final head. @see src/backlog/fence.ts */
  fence(memory: SharedMemory, byIndex: number, inPlaceOf?: number): number;
  /** Clients' writes wait, or go on; without it a failover's writes go on meanwhile. */
  pauseWrites?(isPaused: boolean): void;
  onEvent(event: ReplicationEvent): void;
}
