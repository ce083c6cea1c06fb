/**
 * What an actor system and an actor's thread say to each other, and what a thread starts with.
 *
 * The system tells facts (who there is, who is gone, what an operator wants); it takes no part
 * in what the actors say to each other, or decide.
 */
import type { Address } from '../base/address.js';
import type { SharedMemory } from '../base/shared-memory.js';
import type { WireError } from '../base/errors.js';
import type { SocketPaths } from '../base/socket-paths.js';
import type { Frame } from '../frame/codec.js';
import type { Fault } from './faults.js';

export type ActorKind = 'node' | 'sentinel' | 'coordinator';

/**
 * Why an actor is down.
 *
 * 'exit', 'error' and 'oom': its thread has ended (by itself or killed; by an uncaught throw; out
 * of heap) and it is certainly dead. 'unresponsive': its thread lives but its loop stands still; it
 * may wake up at any moment and go on as if nothing had happened.
 */
export type DownReason = 'exit' | 'error' | 'oom' | 'unresponsive';

/**
 * How sentinels find out that a thread has ended. 'event': the runtime tells them at once.
 * 'down-after': as across a network, where a dead process is only silent.
 */
export type Detection = 'event' | 'down-after';

export const DETECTIONS: readonly Detection[] = ['event', 'down-after'];

/** What an actor tells others is its address; it may listen on others. */
interface Listening extends Address {
  /** Addresses to listen on, as `bind` has them; default: `host`. */
  readonly listenOn?: readonly string[];
  /** Whether it listens on TCP without TLS; default: yes, on a free port if that is 0. */
  readonly listensPlainly?: boolean;
}

/** A node's part in the beginning; later its own state, or the sentinels, say what it is. */
export interface NodeConfig extends Listening {
  /** Absent: it starts as master. */
  readonly replicaOf?: Address;
  /**
   * A redis.conf as text, one byte per character (latin1); read before `directives`. Its `bind`
   * says where to listen.
   */
  readonly configText?: string;
  /** Where that text came from: what CONFIG REWRITE rewrites. */
  readonly configFile?: string;
  /** redis.conf directives by name, values as they stand in the file. */
  readonly directives: Readonly<Record<string, string>>;
  /** Whether a promotion fences the old master's memory (where no partition forbids it). */
  readonly fencing: boolean;
  /** Of a node in a strict cluster (src/replication/strict). */
  readonly strict?: {
    /** All nodes' promises, in memory that outlives their threads. */
    readonly ballots: SharedArrayBuffer;
    /** Replicas that must hold a write; nodes that must have promised to follow a master. */
    readonly acks: number;
    readonly votes: number;
  };
  /** How it reads and writes its clients' sockets; default: in the public ways. */
  readonly sockets?: SocketPaths;
  /** Whether its data are kept on disk, as `dir` and `save` say; default: in memory only. */
  readonly hasDisk?: boolean;
  /**
   * Whether its append-only file says where in the replication history it stands; Redis' own
   * readers of such files pass that over, its tests do not. Default: no.
   */
  readonly notesHistory?: boolean;
  /** Whether its log goes to standard output where no `logfile` is set; default: nowhere. */
  readonly log?: boolean;
}

/** A master to watch. */
export interface MonitorConfig extends Address {
  readonly name: string;
  readonly quorum: number;
  /** The nodes' `requirepass`. */
  readonly authPass?: string;
  readonly authUser?: string;
}

export interface SentinelConfig extends Listening {
  /** Null: nothing, until it is told (SENTINEL MONITOR). */
  readonly monitor: MonitorConfig | null;
  /** Masters outside to watch as well. */
  readonly watch?: readonly MonitorConfig[];
  readonly downAfterMs: number;
  readonly failoverTimeoutMs: number;
  readonly parallelSyncs: number;
  /** sentinel.conf to load and rewrite. */
  readonly configFile?: string;
  /**
   * Of a sentinel that is a process of its own: that file's text and the command line's directives,
   * one byte per character (latin1).
   */
  readonly alone?: { readonly fileText: string; readonly flags: string };
}

/** It listens nowhere: its port is 0, and only actors reach it. */
export type CoordinatorConfig = Address;

/** `workerData` of every actor's thread. */
export interface ThreadData<Config = unknown> {
  readonly id: string;
  /** 0 to 62; the same after each restart. */
  readonly index: number;
  readonly kind: ActorKind;
  readonly config: Config;
  /** The node's own memory, fresh; null for other actors. */
  readonly memory: SharedMemory | null;
  /** The compiled data core (a WebAssembly.Module); null for other actors. */
  readonly module: unknown;
  /** PartitionMatrix, ControlWords and the counters of the wire to the main thread. */
  readonly partition: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly counters: SharedArrayBuffer;
  /** ms between two beats of its heart, at most. */
  readonly heartbeatMs: number;
  /** Seeds the actor's randomness; differs between actors and between restarts. */
  readonly seed: number;
  /** What the actor last gave to `save` before it died; null at first. */
  readonly saved: string | null;
}

/** Main thread → actor. */
export type SystemFrame =
  /** There is such an actor; attached: a wire's port and counters, and the actor's memory. */
  | {
      readonly type: 'peer';
      readonly id: string;
      readonly index: number;
      readonly kind: ActorKind;
      readonly address: Address;
      readonly side: number;
    }
  /** It listens now. */
  | { readonly type: 'up'; readonly id: string; readonly address: Address }
  | { readonly type: 'down'; readonly id: string; readonly reason: DownReason }
  /** The partition matrix has changed. */
  | { readonly type: 'partition' }
  | { readonly type: 'inject'; readonly fault: Fault }
  /** Look at the FREEZE word now rather than at the next beat. */
  | { readonly type: 'freeze' }
  /** Attached: a port to serve the operator's interface on. */
  | { readonly type: 'operator' }
  | ConnectFrame
  /** The process was sent this signal: what becomes of it is the actor's matter. */
  | { readonly type: 'signal'; readonly name: string }
  /** End cleanly, then answer `stopped`. */
  | { readonly type: 'stop' };

/** Actor → main thread. */
export type ActorFrame =
  | { readonly type: 'ready'; readonly address: Address }
  /** It cannot start, or cannot go on; it will not be restarted. */
  | { readonly type: 'failed'; readonly error: WireError }
  /** Something an operator or a user may want to know: `+sdown`, `role-changed`… */
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown }
  /** Keep this for my next life; it survives the thread, not the process. */
  | { readonly type: 'save'; readonly text: string }
  | { readonly type: 'stopped' };

/**
 * Who opens an in-process connection: the far side treats a sentinel's as it would one over TCP.
 */
export type ConnectionKind = 'client' | 'sentinel';

/** Tells an actor's frames to the main thread from all others. */
export function isActorFrame(frame: Frame): frame is ActorFrame {
  return ACTOR_FRAME_TYPES.has(frame.type);
}

const ACTOR_FRAME_TYPES: ReadonlySet<string> = new Set<ActorFrame['type']>([
  'ready',
  'failed',
  'event',
  'save',
  'stopped',
]);

/** Any thread → an actor: an in-process connection is opened; attached: the port of its far end. */
export interface ConnectFrame {
  readonly type: 'connect';
  readonly kind: ConnectionKind;
}

/** Tells a router's own frame from those of the actors. */
export function isConnectFrame(frame: Frame): frame is ConnectFrame {
  return frame.type === 'connect' && 'kind' in frame;
}
