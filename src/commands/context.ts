/**
 * One call of a command: who calls, what it works on, how its effect reaches the replicas.
 *
 * Commands know no actor, socket or clock: what they use of the node are the things below, and a
 * handler takes out of its context those it needs.
 */
import type { Config } from '../config/config.js';
import type { PubSub } from '../pubsub/pubsub.js';
import type { AccessControl } from './access/control.js';
import type { CommandClient } from './node/clients.js';
import type { EventClass } from './facts.js';
import type { Core } from '../core/core.js';
import type { Database } from '../keyspace/database.js';
import type { Keyspace } from '../keyspace/keyspace.js';
import type { ClientPause, ConnectedClients } from './node/clients.js';
import type { CommandDirectory } from './node/directory.js';
import type {
  BlockedKeys,
  KeyspaceNotices,
  KeyspaceUpkeep,
  TrackedKeys,
  Transactions,
  WatchedKeys,
} from './node/keys.js';
import type {
  CommandCosts,
  LatencyHistory,
  MonitorList,
  NodeReport,
  SlowCommands,
  Statistics,
} from './node/observation.js';
import type { AppendOnlyFile, SavedData } from './node/persistence.js';
import type {
  ConfigFile,
  DebugSwitches,
  NodeClock,
  NodeEnd,
  NodeLog,
  NodeProcess,
} from './node/process.js';
import type { Scripting } from './node/scripting.js';
import type { Migrations } from './migration.js';
import type { ReplicationState, RoleChanges } from './node/replication.js';

/** What there is of the node for commands; each is in a file of node/. */
export interface CommandNode {
  readonly access: AccessControl;
  readonly config: Config;
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly commands: CommandDirectory;
  readonly clients: ConnectedClients;
  readonly pubsub: PubSub;
  readonly events: KeyspaceNotices;
  readonly watches: WatchedKeys;
  readonly blocked: BlockedKeys;
  readonly tracking: TrackedKeys;
  readonly transactions: Transactions;
  readonly pause: ClientPause;
  readonly upkeep: KeyspaceUpkeep;
  readonly stats: Statistics;
  readonly commandStats: CommandCosts;
  readonly slowlog: SlowCommands;
  readonly latency: LatencyHistory;
  readonly migrations: Migrations;
  readonly monitors: MonitorList;
  readonly report: NodeReport;
  readonly switches: DebugSwitches;
  readonly replication: ReplicationState;
  readonly roles: RoleChanges;
  readonly saved: SavedData;
  readonly scripting: Scripting;
  readonly end: NodeEnd;
  readonly clock: NodeClock;
  readonly log: NodeLog;
  readonly appendOnly: AppendOnlyFile;
  readonly configFile: ConfigFile;
  readonly process: NodeProcess;
}

export class CommandContext {
  readonly #node: CommandNode;
  readonly client: CommandClient;
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly replication: ReplicationState;
  /** The database that the client has selected. */
  readonly db: Database;
  /** Unix ms. */
  readonly nowMs: number;
  /** What to send to replicas in place of the command itself; null: nothing was said about it. */
  readonly effects: (readonly (Uint8Array | string)[])[] = [];
  /** What Redis would add to its count of changes. */
  changes = 0;
  #verbatim = false;

  constructor(node: CommandNode, client: CommandClient, nowMs: number) {
    this.#node = node;
    this.client = client;
    this.config = node.config;
    this.keyspace = node.keyspace;
    this.replication = node.replication;
    this.db = node.keyspace.db(client.db);
    this.nowMs = nowMs;
  }

  get access(): AccessControl {
    return this.#node.access;
  }

  /** The file of users; '': there is none. */
  get usersFile(): string {
    return this.config.aclfile.value;
  }

  get randomHex(): (digits: number) => string {
    return (digits) => this.#node.process.facts.randomHex(digits);
  }

  get core(): Core {
    return this.#node.core;
  }

  get commands(): CommandDirectory {
    return this.#node.commands;
  }

  get clients(): ConnectedClients {
    return this.#node.clients;
  }

  get pubsub(): PubSub {
    return this.#node.pubsub;
  }

  get watches(): WatchedKeys {
    return this.#node.watches;
  }

  get blocked(): BlockedKeys {
    return this.#node.blocked;
  }

  get tracking(): TrackedKeys {
    return this.#node.tracking;
  }

  get transactions(): Transactions {
    return this.#node.transactions;
  }

  get pause(): ClientPause {
    return this.#node.pause;
  }

  get upkeep(): KeyspaceUpkeep {
    return this.#node.upkeep;
  }

  get stats(): Statistics {
    return this.#node.stats;
  }

  get commandStats(): CommandCosts {
    return this.#node.commandStats;
  }

  get slowlog(): SlowCommands {
    return this.#node.slowlog;
  }

  get latency(): LatencyHistory {
    return this.#node.latency;
  }

  get monitors(): MonitorList {
    return this.#node.monitors;
  }

  get migrations(): Migrations {
    return this.#node.migrations;
  }

  get report(): NodeReport {
    return this.#node.report;
  }

  get switches(): DebugSwitches {
    return this.#node.switches;
  }

  get roles(): RoleChanges {
    return this.#node.roles;
  }

  get saved(): SavedData {
    return this.#node.saved;
  }

  get scripting(): Scripting {
    return this.#node.scripting;
  }

  get end(): NodeEnd {
    return this.#node.end;
  }

  get appendOnly(): AppendOnlyFile {
    return this.#node.appendOnly;
  }

  get clock(): NodeClock {
    return this.#node.clock;
  }

  get log(): NodeLog {
    return this.#node.log;
  }

  get configFile(): ConfigFile {
    return this.#node.configFile;
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

  /** Tell of an event, of a key in the client's database or another. */
  readonly notify = (
    eventClass: EventClass,
    name: string,
    key: Uint8Array,
    db = this.client.db,
  ): void => {
    this.#node.events.notify(eventClass, name, key, db);
  };

  /** @returns the commands for the replicas, in order. */
  propagated(args: readonly Buffer[]): readonly (readonly (Uint8Array | string)[])[] {
    return this.#verbatim ? [args, ...this.effects] : this.effects;
  }
}
