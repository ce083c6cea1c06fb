/**
 * What a node needs around it that is real: time, randomness, disk, the others. Its thread gives it
 * those of this machine (node.ts), the simulator its own (src/sim).
 */
import type { LinkState } from '../src/base/role-reply.js';
import type { Clock, Millis } from '../src/base/time.js';
import type { Prng } from '../src/base/prng.js';
import type { ConfigFile, HostFacts, LogLevel, NodeClock } from '../src/commands/node/process.js';
import type { Config } from '../src/config/config.js';
import type { NodeMemory } from '../src/core/memory-view.js';
import type { AofDisk } from '../src/persistence/aof-disk.js';
import type { Disk } from '../src/persistence/disk.js';
import type { ReplicationPeer } from '../src/replication/environment.js';
import type { Dial } from '../src/replication/tcp/line.js';
import type { Spool } from '../src/replication/tcp/spool.js';
import type { NodeConfig } from '../src/runtime/messages.js';
import type { UsersFile } from '../src/server/acl/access-control.js';
import type { NodeHost } from '../src/server/services.js';
import type { NewsPeer } from './node-news.js';

type DialTarget = NodeHost['dialTarget'];

/** A log whose lines say what the node is. */
export interface RoleLog {
  role: 'M' | 'S' | 'X';
  write(level: LogLevel, text: string): void;
}

/** The node's files. */
export interface NodeDisks {
  /** Null: it keeps its data in memory only. */
  readonly data: Disk | null;
  readonly appendOnly: AofDisk;
  readonly users: UsersFile;
  readonly config: ConfigFile;
  openSpool(): Spool;
}

export interface NodeSurroundings {
  readonly nodeConfig: NodeConfig;
  /** As read from it. */
  readonly config: Config;
  /** The actor's, 0 to 62. */
  readonly index: number;
  /** Fresh. */
  readonly memory: NodeMemory;
  readonly module: WebAssembly.Module;
  readonly random: Prng;
  readonly clock: Clock;
  readonly nodeClock: NodeClock;
  readonly log: RoleLog;
  readonly disks: NodeDisks;
  readonly facts: HostFacts;
  readonly processId: number;
  /** Where it listens now. */
  readonly port: () => number;
  /** Run after what is queued in this turn of the loop. */
  readonly soon: (task: () => void) => void;
  readonly later: (delayMs: Millis, task: () => void) => () => void;
  /** Give back what work has taken of the heap. */
  readonly shrinkHeap: () => void;
  /** Connect to a server outside the process. */
  readonly dial: Dial;
  /** To one that MIGRATE names. */
  readonly dialTarget: DialTarget;
  readonly loadLua: () => WebAssembly.Module;
  /** All actors of the process: its sentinels are told when INFO has changed. */
  readonly newsPeers: () => readonly NewsPeer[];
  /** The other nodes of the process. */
  readonly peers: {
    all(): readonly ReplicationPeer[];
    at(host: string, port: number): ReplicationPeer | undefined;
    byIndex(index: number): ReplicationPeer | undefined;
  };
  /** There is something to do at the next beat. */
  readonly beatSoon: () => void;
  /** The link to the master goes from one state to another; absent: it is not asked for. */
  readonly onLinkState?: (from: LinkState, to: LinkState) => void;
  /** Tell whoever runs the process. */
  readonly tell: (name: string, payload: unknown) => void;
  /** End the node's thread. */
  readonly exit: (code: number) => never;
}
