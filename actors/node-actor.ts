/**
 * A node: one keyspace, served to clients, replicated.
 *
 * No rule lives here. It makes the parts (core, commands, replication, files), lets each know of
 * the others only what it needs, and passes on what happens: frames to replication, a change of
 * role to the behaviour (`master.ts`, `replica.ts`). It does not know whether it has a thread, a
 * network and a disk, or is one of several in a simulation.
 */
import { fence } from '../src/backlog/fence.js';
import { Core } from '../src/core/core.js';
import { SnapshotTurn } from '../src/core/snapshot-turn.js';
import { Keyspace } from '../src/keyspace/keyspace.js';
import type { LibraryStore } from '../src/rdb/libraries.js';
import type {
  ReplicationEnvironment,
  ReplicationEvent,
  ReplicationPeer,
} from '../src/replication/environment.js';
import { appendedBytes } from '../src/replication/flow-rules.js';
import { logLines } from '../src/replication/log-lines.js';
import { Replicator } from '../src/replication/replicator.js';
import { observesStream, observeStream, runApplied } from '../src/server/applied.js';
import type { BatchFlow } from '../src/server/flow.js';
import { MasterClient } from '../src/server/master-client.js';
import { observeApplied } from '../src/server/observation/observe.js';
import { createServices, type NodeServices } from '../src/server/services.js';
import type { NodeBehaviour } from './behaviour.js';
import { master } from './master.js';
import { NodeAof } from './node-aof.js';
import { replicationConfig } from './node-config.js';
import { NodeCron } from './node-cron.js';
import { NodeNews } from './node-news.js';
import { type NodePersistence, nodePersistence } from './node-persistence.js';
import type { NodeSurroundings } from './node-surroundings.js';
import { replica } from './replica.js';
import { ClientRoleChanges } from './role-changes.js';

export class NodeActor {
  readonly core: Core;
  readonly keyspace: Keyspace;
  readonly replicator: Replicator;
  readonly services: NodeServices;
  readonly #around: NodeSurroundings;
  readonly #turn = new SnapshotTurn();
  readonly #aof: NodeAof;
  readonly #persistence: NodePersistence;
  readonly #masterClient: MasterClient;
  /** For what saves and loads all data. */
  readonly #libraries: LibraryStore;
  /** It listens, and its data are there. */
  #isReady = false;
  /** Its data are being read, or could not be: it ends then, and is not to show what there is. */
  #isStarting = false;
  readonly #news: NodeNews;
  readonly #cron: NodeCron;

  /** @throws RingleaderError of directives that cannot be had. */
  constructor(around: NodeSurroundings) {
    this.#around = around;
    const { config, random } = around;
    this.core = new Core(around.module, around.memory, {
      databases: config.databases.value,
      backlogBytes: config.replBacklogSize.value,
      maxmemoryBytes: config.maxmemory.value,
      seed: random.uint32() * 2 ** 21 + (random.uint32() >>> 11),
    });
    this.keyspace = new Keyspace(this.core);
    this.#libraries = {
      codes: () => this.services.scripting.libraries().map(({ code }) => code),
      load: (code) => this.services.scripting.takeLibrary(code),
      flush: () => this.services.scripting.flushLibraries(),
      replaceAll: (codes) => this.services.scripting.takeLibraries(codes),
    };
    this.replicator = new Replicator(
      this.#replicationEnvironment(),
      around.nodeConfig.replicaOf ?? null,
    );
    this.#aof = this.#makeAof();
    this.#persistence = this.#makePersistence();
    this.services = this.#makeServices();
    this.#masterClient = new MasterClient(this.services.clients, () => this.replicator.dropLink());
    this.#news = new NodeNews(
      around.newsPeers,
      this.replicator,
      () => `${config.replicaPriority.value} ${config.replicaAnnounced.value}`,
    );
    const { saved, end } = this.#persistence;
    this.#cron = new NodeCron({
      around,
      core: this.core,
      services: this.services,
      replicator: this.replicator,
      aof: this.#aof,
      saved,
      end,
      news: this.#news,
    });
    this.#become();
    this.core.setWhole(this.replicator.role() === 'master');
  }

  // ── What its host tells ───────────────────────────────────────────────────────────────────────

  /** Read the data that it begins with. @throws RingleaderError UNLOADABLE */
  async load(): Promise<void> {
    this.#isStarting = true;
    await this.#persistence.load();
    this.#isStarting = false;
  }

  /** It listens, and its data are there. */
  open(): void {
    this.#isReady = true;
    // Those in the process that are known by now; of later ones its host tells.
    for (const peer of this.#around.peers.all()) this.replicator.onPeerUp(peer);
    this.#around.beatSoon(); // A master elsewhere is asked by the cron.
  }

  /** @param isSoon - something was left to be done. */
  onBeat(isSoon: boolean): void {
    this.#cron.onBeat(isSoon);
  }

  onSignal(name: string): void {
    this.#persistence.onSignal(name);
  }

  /** It is told to end: no client is served any more, and what is to be kept is on the disk. */
  finish(): void {
    this.services.clients.killAll();
    this.#persistence.end.finishAtStop(this.replicator.isLoading());
  }

  // ── Parts ─────────────────────────────────────────────────────────────────────────────────────

  #replicationEnvironment(): ReplicationEnvironment {
    const { core, keyspace } = this;
    const around = this.#around;
    const { config, clock } = around;
    const isReady = (): boolean => this.#isReady;
    return {
      core,
      snapshotTurn: this.#turn,
      processId: around.processId,
      ownIndex: around.index,
      clock,
      config: replicationConfig(config, () => around.port()),
      newReplid: () => around.random.hex(40),
      soon: (task) => around.soon(task),
      later: (delayMs, task) => around.later(delayMs, task),
      openSpool: () => around.disks.openSpool(),
      // Not before it listens: by then the others in the process are known, who are not to be
      // reached through a socket, and a master outside can be told the port.
      get dial() {
        return isReady() ? around.dial : undefined;
      },
      mayConnect: isReady, // A master in the process is told the port as well.
      peerAt: (host, atPort) => around.peers.at(host, atPort),
      peerByIndex: (index) => around.peers.byIndex(index),
      applyCommand: (args, db) => this.#applyCommand(args, db),
      observer: {
        isActive: () => observesStream(this.services),
        before: (args, db) => observeStream(this.services, args, db),
      },
      onMaster: (followed) => config.replicaof.assign(followed), // For CONFIG GET and REWRITE.
      ...(around.onLinkState === undefined ? {} : { onLinkState: around.onLinkState }),
      onLink: (followed) => {
        if (followed === null) this.#masterClient.down();
        else this.#masterClient.up(followed, clock.wallMs());
      },
      libraries: this.#libraries,
      // As in Redis, CLIENT PAUSE holds up what comes from a master, too.
      isHeld: () => this.services.scripting.isBusy || this.services.pause.mode !== 'none',
      beforeApplying: (bytes) => {
        this.services.streamErrors.begin();
        this.#aof.makeRoom(bytes);
      },
      onForReplicas: (from) => this.#aof.skip(from),
      onApplied: (elapsedMs) => this.#onApplied(elapsedMs),
      isLoadingData: () =>
        this.#isStarting ||
        this.#persistence.saved.loading() !== null ||
        this.#aof.control.loading() !== null,
      isEmpty: () => keyspace.totalKeys() === 0,
      flushAll: () => this.#flushBeforeSync(),
      swapIncoming: () => this.#swapIncoming(),
      freeSoon: () => this.services.upkeep.freeSoon(),
      sleep: (ms) => around.nodeClock.sleep(ms),
      onLoaded: () => {
        this.#touchWatched(); // Keys have appeared.
        this.services.blocked.recheck(null);
        this.services.blocked.serve();
        this.#aof.afterFullSync();
        this.#persistence.saved.noteLoaded(keyspace.totalKeys());
      },
      pauseWrites: (isPaused) => {
        if (isPaused) this.services.pause.start('write', Infinity, 'failover');
        else this.services.pause.end('failover');
      },
      ...(around.nodeConfig.strict === undefined ? {} : { strict: around.nodeConfig.strict }),
      fence,
      onEvent: (event) => this.#onReplicationEvent(event),
    };
  }

  #makeAof(): NodeAof {
    const { core, keyspace, replicator } = this;
    const around = this.#around;
    return new NodeAof({
      around,
      libraries: this.#libraries,
      core,
      keyspace,
      turn: this.#turn,
      replicator,
      services: () => this.services,
    });
  }

  #makePersistence(): NodePersistence {
    const { core, keyspace, replicator } = this;
    return nodePersistence({
      around: this.#around,
      libraries: this.#libraries,
      core,
      keyspace,
      turn: this.#turn,
      replicator,
      aof: this.#aof,
      pause: () => this.services.pause,
    });
  }

  #makeServices(): NodeServices {
    const { core, keyspace, replicator } = this;
    const { saved, end } = this.#persistence;
    const {
      config,
      nodeConfig,
      nodeClock,
      log,
      disks,
      random,
      facts,
      clock,
      loadLua,
      port,
      dialTarget,
    } = this.#around;
    const { fencing } = nodeConfig;
    return createServices({
      config,
      core,
      keyspace,
      replication: replicator,
      saved,
      end,
      roles: new ClientRoleChanges({ replicator, log, fencing, wallMs: () => clock.wallMs() }),
      flow: this.#flow(),
      clock: nodeClock,
      log,
      appendOnly: this.#aof.control,
      usersFile: disks.users,
      configFile: disks.config,
      dialTarget,
      lua: { module: loadLua, secret: random.hex(32) },
      process: { facts, runId: random.hex(40), port },
    });
  }

  #flow(): BatchFlow {
    const { replicator } = this;
    const aof = this.#aof;
    return {
      holdFor(bytes) {
        const ms = replicator.holdFor(bytes);
        if (ms === 0) aof.makeRoom(appendedBytes(bytes));
        return ms;
      },
      onFenced: () => replicator.onFenced(),
      makeRoom: (bytes) => aof.makeRoom(appendedBytes(bytes)),
      awaitDisk: (send) => aof.awaitDisk(send),
      majority: replicator.majority,
      syncNow: () => aof.syncNow(),
      onBatchEnd: () => {
        aof.onBatchEnd();
        // A write may have left something to be done: a key that expires, for one.
        if (this.#cron.hasNews) this.#around.beatSoon();
        replicator.onBatchEnd();
      },
    };
  }

  // ── What replication tells ────────────────────────────────────────────────────────────────────

  /** Run a command of the master's stream that the core does not know. */
  #applyCommand(args: readonly Buffer[], db: number): void {
    const { role } = this.keyspace;
    role.isApplying = true;
    try {
      runApplied(this.services, args, db);
    } finally {
      role.isApplying = false;
    }
  }

  #onApplied(elapsedMs: number): void {
    observeApplied(this.services, elapsedMs * 1000);
    this.services.streamErrors.end();
    this.#masterClient.touch(this.#around.clock.wallMs());
    this.#aof.onBatchEnd();
  }

  /** A full sync is about to replace what is here. */
  #flushBeforeSync(): void {
    this.#aof.beforeFullSync();
    this.core.setWhole(false);
    this.#touchWatched(); // Keys go.
    this.keyspace.flushAll(this.#around.config.replicaLazyFlush.value);
    this.services.upkeep.freeSoon();
  }

  /** What a full sync has loaded beside takes the place of what is here. */
  #swapIncoming(): void {
    this.#aof.beforeFullSync();
    this.#touchWatched(); // Keys go.
    this.core.loader.swapIncoming();
    this.services.upkeep.freeSoon();
  }

  /** Whoever WATCHes a key that is there: it goes, or has come. */
  #touchWatched(): void {
    this.services.watches.touchFlushed(null, (db) => this.keyspace.db(db));
  }

  /** A strict master that waits for its majority changes nothing by itself, as a replica. */
  #become(): void {
    const next: NodeBehaviour = this.replicator.appends() ? master : replica;
    this.#around.log.role = this.replicator.role() === 'master' ? 'M' : 'S';
    next.enter({ keyspace: this.keyspace });
  }

  #onReplicationEvent(event: ReplicationEvent): void {
    const { services, core, replicator } = this;
    const { log, tell } = this.#around;
    const newRole = event.type === 'role-changed' ? event.role : null;
    if (newRole === 'replica') services.clients.disconnectBlocked();
    const isOfStrict = event.type === 'candidate' || event.type === 'established';
    if (newRole !== null || isOfStrict) this.#become();
    // A full sync that failed has left it off.
    if (newRole === 'master') this.#aof.afterFullSync();
    if (event.type === 'link-up' || replicator.role() === 'master') core.setWhole(true);
    if (event.type !== 'log') this.#news.tell();
    // Clients of a master that was replaced must look for its successor, not wait for its answers.
    if (event.type === 'fenced') services.clients.killAll(({ origin }) => origin === 'sentinel');
    for (const { level, text } of logLines(event)) log.write(level, text);
    if (event.type === 'log') return;
    const { type, ...payload } = event;
    tell(type, newRole ?? payload);
  }

  onFrame(peer: ReplicationPeer, frame: { readonly type: string }): void {
    this.replicator.onFrame(peer, frame);
  }
}
