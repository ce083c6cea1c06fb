/**
 * What commands need of the node they run in.
 *
 * Commands know no actor, socket or clock: a node hands them these services, and a test hands them
 * small ones of its own. Times are Unix ms unless a name says otherwise.
 */
import type { Config } from '../config/config.js';
import type { Client } from '../server/client.js';
import type { ClientRegistry } from '../server/client-registry.js';
import type { CommandStats } from '../server/command-stats.js';
import type { Engine, EngineDatabase, EngineKeyspace } from './engine.js';
import type { LatencyMonitor } from '../server/latency-monitor.js';
import type { Monitors } from '../server/monitors.js';
import type { PubSub } from '../pubsub/pubsub.js';
import type { EventClass, KeyspaceEvents } from '../server/keyspace-events.js';
import type { NodeStats } from '../server/stats.js';
import type { Pause } from '../server/pause.js';
import type { Slowlog } from '../server/slowlog.js';
import type { CommandTable } from './table.js';
import type { Upkeep } from '../server/upkeep/upkeep.js';
import type { Watches } from '../server/watches.js';

/** Who this node replicates from, and to; implemented by src/replication and the node's actor. */
export interface ReplicationControl {
  role(): 'master' | 'replica';
  /** The master to follow, or null for a master. */
  master(): { readonly host: string; readonly port: number } | null;
  /** The id of the history that this node is in. */
  replid(): string;
  /** The fields of INFO's section replication, from `role` on, in Redis' order. */
  info(): readonly (readonly [string, string | number])[];
  /** What ROLE answers, by role. Offsets are replication offsets. */
  roleReply(): RoleReply;
  /**
   * Follow another master, or (null) become one. Takes effect before the next command; the link is
   * made afterwards. Never called with the master already followed.
   *
   * @param requestedBy - the client that gave the command.
   */
  replicaOf(
    master: { readonly host: string; readonly port: number } | null,
    requestedBy: Client,
  ): void;
  /**
   * Serve a replica on a client's connection from now on.
   *
   * @param request - null: it asked with SYNC.
   * @returns null, or why not, as Redis words it.
   */
  serve(
    client: Client,
    request: { readonly replid: string; readonly offset: number } | null,
  ): string | null;
  /** The master asks how far this node is. */
  acknowledge(): void;
  /** @returns null, or why no client may write now: READONLY, NOREPLICAS… */
  canWrite(): string | null;
  /** Whether this is a replica without a working link to its master. */
  isStale(): boolean;
  /** Whether the data set is being loaded. */
  isLoading(): boolean;
  /** The offset of the last byte this node published (a master), or applied (a replica). */
  offset(): number;
  /** Counts for INFO stats: synchronisations served and replication traffic. */
  syncCounts(): SyncCounts;
  /** @returns how many replicas have acknowledged `offset`. */
  ackedReplicas(offset: number): number;
  /**
   * Wait until `replicas` of them have acknowledged `offset`, or the time is up.
   *
   * @param timeoutMs - 0: no limit.
   * @returns how many have, then.
   */
  wait(replicas: number, timeoutMs: number, offset: number): Promise<number>;
}

interface SyncCounts {
  readonly full: number;
  readonly partialOk: number;
  readonly partialErr: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

type RoleReply =
  | {
      readonly role: 'master';
      readonly offset: number;
      readonly replicas: readonly { host: string; port: number; offset: number }[];
    }
  | {
      readonly role: 'replica';
      readonly host: string;
      readonly port: number;
      readonly state: 'none' | 'handshake' | 'connect' | 'connecting' | 'sync' | 'connected';
      /** -1: no link. */
      readonly offset: number;
    };

/** The machine and process around the node: facts for INFO. */
export interface HostFacts {
  /** `Linux 6.1.0 x86_64`. */
  readonly os: string;
  readonly archBits: number;
  readonly processId: number;
  readonly executable: string;
  /** '': the node was started without a file. */
  readonly configFile: string;
  readonly totalMemoryBytes: number;
  residentBytes(): number;
  /** Seconds of CPU time. */
  cpu(): { readonly systemSeconds: number; readonly userSeconds: number };
}

/** What DEBUG turns on and off. */
export interface DebugSwitches {
  /** Keys whose time has come are deleted although nobody asks for them. */
  activeExpire: boolean;
  /** RESTORE looks neither at its payload's version nor at its checksum. */
  skipsDumpChecks: boolean;
}

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

export interface NodeServices {
  readonly config: Config;
  readonly commands: CommandTable;
  readonly core: Engine;
  readonly keyspace: EngineKeyspace;
  readonly clients: ClientRegistry;
  readonly pubsub: PubSub;
  readonly events: KeyspaceEvents;
  readonly watches: Watches;
  readonly pause: Pause;
  readonly upkeep: Upkeep;
  readonly stats: NodeStats;
  readonly commandStats: CommandStats;
  readonly slowlog: Slowlog;
  readonly latency: LatencyMonitor;
  readonly monitors: Monitors;
  readonly switches: DebugSwitches;
  readonly replication: ReplicationControl;
  readonly host: HostFacts;
  /** 40 hexadecimal digits, new at each start. */
  readonly runId: string;
  /** The TCP port the node listens on; 0: none. */
  port(): number;
  /** Unix time in µs, with what fraction the clock has. It goes back only when the system's clock is set back. */
  wallMicros(): number;
  /** Stop this node's thread for so long. Other actors go on. */
  sleep(ms: number): void;
  log(level: LogLevel, text: string): void;
  /** Begin to end the node, and its data with it. */
  shutdown(): void;
  /** Publishing failed: another node was promoted over this one. */
  onFenced(): void;
  /**
   * Asked before each batch of commands: may so many bytes of input be executed now?
   *
   * @returns 0: yes; else ms after which to ask again, leaving the input alone until then.
   */
  holdFor(inputBytes: number): number;
  /** Run a task once, after so many ms. */
  later(delayMs: number, task: () => void): void;
  /** After each batch of commands: wake who waits for what was published. */
  onBatchEnd(): void;
  /** @returns the text of the configuration file (latin1), or null when the node has none. */
  readConfigFile(): string | null;
  /** Replace the configuration file atomically. @throws when the disk refuses. */
  writeConfigFile(text: string): void;
}

/** One call of a command: who calls, what it works on, how its effect reaches the replicas. */
export class CommandContext {
  readonly services: NodeServices;
  readonly client: Client;
  readonly config: Config;
  readonly clients: ClientRegistry;
  readonly pubsub: PubSub;
  readonly commands: CommandTable;
  readonly replication: ReplicationControl;
  readonly keyspace: EngineKeyspace;
  /** The database that the client has selected. */
  readonly db: EngineDatabase;
  /** Unix ms. */
  readonly nowMs: number;
  /** What to send to replicas in place of the command itself; null: nothing was said about it. */
  readonly effects: (readonly (Uint8Array | string)[])[] = [];
  /** What Redis would add to its count of changes. */
  changes = 0;
  #verbatim = false;

  constructor(services: NodeServices, client: Client, nowMs: number) {
    this.services = services;
    this.client = client;
    this.config = services.config;
    this.clients = services.clients;
    this.pubsub = services.pubsub;
    this.commands = services.commands;
    this.replication = services.replication;
    this.keyspace = services.keyspace;
    this.db = services.keyspace.db(client.db);
    this.nowMs = nowMs;
  }

  /** Replicas get this in place of the command itself. Call again to send more. */
  readonly propagate = (...args: readonly (Uint8Array | string)[]): void => {
    this.effects.push(args);
    this.changes++;
  };

  /** The command is sent to the replicas as it came. Without either call they get nothing. */
  readonly propagateVerbatim = (changes = 1): void => {
    this.#verbatim = true;
    this.changes += changes;
  };

  /** Tell of an event, of a key in the client's database or another; see keyspace-events.ts. */
  readonly notify = (
    eventClass: EventClass,
    name: string,
    key: Uint8Array,
    db = this.client.db,
  ): void => {
    this.services.events.notify(eventClass, name, key, db);
  };

  /** @returns the commands for the replicas, in order. */
  propagated(args: readonly Buffer[]): readonly (readonly (Uint8Array | string)[])[] {
    return this.#verbatim ? [args, ...this.effects] : this.effects;
  }
}
