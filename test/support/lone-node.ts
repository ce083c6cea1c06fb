/**
 * A node alone, on TCP: core, commands and connections as in a real one, without replication.
 *
 * `replication` can be replaced in part, to see what commands do as its answers change.
 */
import type { SocketPaths } from '../../src/base/socket-paths.js';
import { aofInfo } from '../../src/persistence/aof-info.js';
import { Prng } from '../../src/base/prng.js';
import { clientsCron } from '../../src/server/cron.js';
import type { AppendOnlyFile } from '../../src/commands/node/persistence.js';
import type { ReplicationState, RoleChanges } from '../../src/commands/node/replication.js';
import { createServices, type NodeServices } from '../../src/server/services.js';
import { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { Core } from '../../src/core/core.js';
import { SnapshotTurn } from '../../src/core/snapshot-turn.js';
import { MemoryDisk } from '../../src/persistence/memory-disk.js';
import { Persistence } from '../../src/persistence/persistence.js';
import { nodeClock, realClock, sleepThread, wallMicros } from '../../src/io/clock.js';
import { targetDial } from '../../src/io/dial.js';
import { hostFacts } from '../../src/io/host-facts.js';
import { loadLua } from '../../src/io/lua-module.js';
import { socketPaths } from '../../src/io/probe-sockets.js';
import { servePort } from '../../src/io/port-transport.js';
import { serveTcp, type TcpServer } from '../../src/io/tcp-server.js';
import { Keyspace } from '../../src/keyspace/keyspace.js';
import type { BytePort } from '../../src/runtime/connection.js';

export interface LoneNodeOptions {
  /** Lines of redis.conf. */
  readonly config?: string;
  readonly replication?: Partial<ReplicationState>;
  readonly roles?: Partial<RoleChanges>;
  /** The text of the file of users. */
  readonly users?: string;
  /** The text of the configuration file that CONFIG REWRITE finds. */
  readonly configFile?: string;
  /** µs; the real clock if there is none. */
  readonly wallMicros?: () => number;
  /** Default: those that work here. */
  readonly sockets?: SocketPaths;
}

const NO_APPEND_ONLY_FILE: AppendOnlyFile = {
  rewrite: () => ({ state: 'refused', text: 'ERR no disk here' }),
  reload: () => 'ERR no disk here',
  loading: () => null,
  whyNoWrites: () => null,
  info: () =>
    aofInfo({
      isOn: false,
      writer: null,
      isScheduled: false,
      counts: { lastTookSeconds: -1, lastFailed: false, failures: 0, begun: 0 },
      rewriteTakesSeconds: -1,
      currentBytes: 0,
      baseBytes: 0,
      delayedSyncs: 0,
    }),
  bufferBytes: 0,
  resetCounts() {},
};

export class LoneNode {
  readonly services: NodeServices;
  readonly core: Core;
  readonly #server: TcpServer;
  readonly #cron: NodeJS.Timeout;
  readonly #upkeep: NodeJS.Timeout;
  /** What was logged. */
  readonly logs: string[];
  /** What CONFIG REWRITE wrote, or the file there was. */
  readonly file: { text: string | null };
  /** The file of users. */
  readonly users: { text: string };

  private constructor(
    services: NodeServices,
    core: Core,
    server: TcpServer,
    logs: string[],
    file: { text: string | null },
    users: { text: string },
  ) {
    this.services = services;
    this.core = core;
    this.#server = server;
    this.logs = logs;
    this.file = file;
    this.users = users;
    this.#cron = setInterval(() => clientsCron(services), 20);
    this.#upkeep = setInterval(() => services.upkeep.cron(), 100);
  }

  static async start(options: LoneNodeOptions = {}): Promise<LoneNode> {
    const config = new Config();
    loadConfig(config, `port 0\nenable-debug-command yes\n${options.config ?? ''}`);
    const core = new Core(await Core.compile(), Core.createMemory(), {
      databases: config.databases.value,
      backlogBytes: config.replBacklogSize.value,
      maxmemoryBytes: config.maxmemory.value,
      seed: 1,
    });
    const logs: string[] = [];
    const file = { text: options.configFile ?? null };
    const users = { text: options.users ?? '' };
    let port = 0;
    const services = createServices({
      config,
      core,
      keyspace: new Keyspace(core),
      replication: { ...masterAlone(core), ...options.replication },
      roles: {
        replicaOf: () => {},
        serve: () => null,
        failover: () => 'ERR no replication here',
        abortFailover: () => false,
        changeHistory: () => {},
        ...options.roles,
      },
      clock: {
        wallMicros: options.wallMicros ?? wallMicros,
        sleep: sleepThread,
        later: (delayMs, task) => nodeClock.later(delayMs, task),
      },
      log: { write: (_level, text) => void logs.push(text) },
      appendOnly: NO_APPEND_ONLY_FILE,
      usersFile: {
        read: () => ({ text: users.text }),
        write(text) {
          users.text = text;
          return null;
        },
      },
      configFile: {
        read: () => file.text,
        write: (text) => {
          file.text = text;
        },
      },
      dialTarget: targetDial(config),
      lua: { module: loadLua, secret: 'a secret of tests' },
      process: {
        facts: hostFacts(),
        runId: new Prng(1).hex(40),
        port: () => port,
      },
      saved: inMemory(core, config, (text) => logs.push(text)),
      end: {
        request() {
          services.clients.killAll();
          return new Promise(() => {});
        },
        abort: () => false,
        remainingMs: () => null,
      },
      flow: {
        holdFor: () => 0,
        onFenced: () => services.clients.killAll(),
        onBatchEnd() {},
        makeRoom() {},
        awaitDisk: () => false,
        majority: null,
        syncNow() {},
      },
    });
    const listening = { port: 0, bind: ['127.0.0.1'] };
    const server = await serveTcp(services, listening, options.sockets ?? (await socketPaths()));
    port = server.port;
    config.port.assign(port);
    return new LoneNode(services, core, server, logs, file, users);
  }

  get port(): number {
    return this.#server.port;
  }

  /** Serve a client at the other end of a port. */
  attach(port: BytePort, peer: string): void {
    servePort(this.services, port, peer);
  }

  async stop(): Promise<void> {
    clearInterval(this.#cron);
    clearInterval(this.#upkeep);
    this.services.clients.killAll();
    await this.#server.close();
  }
}

/** Saved to a disk in memory: of a node that nobody starts again. */
function inMemory(core: Core, config: Config, log: (text: string) => void): Persistence {
  return new Persistence({
    core,
    turn: new SnapshotTurn(),
    clock: realClock,
    config: {
      get savePoints() {
        return config.save.value;
      },
      dbfilename: 'dump.rdb',
      checksum: true,
      compresses: true,
      stopsWritesOnError: true,
      syncsIncrementally: true,
      keySaveDelayMicros: 0,
      keyLoadDelayMicros: 0,
      loadSliceBytes: 2 ** 21,
    },
    disk: new MemoryDisk(),
    processId: process.pid,
    log: (_level, text) => log(text),
    replication: () => null,
    soon: (task) => void setImmediate(task),
    later: () => () => {},
    beatSoon() {},
  });
}

/** A master that nobody replicates from. */
export function masterAlone(core: Pick<Core, 'head'>): ReplicationState {
  return {
    role: () => 'master',
    master: () => null,
    replid: () => '0'.repeat(40),
    acknowledge: () => {},
    isFailingOver: () => false,
    info: () => [
      ['role', 'master'],
      ['connected_slaves', 0],
      ['master_repl_offset', core.head()],
    ],
    roleReply: () => ({ role: 'master', offset: core.head(), replicas: [] }),
    canWrite: () => null,
    whyNotServing: () => null,
    appends: () => true,
    isStale: () => false,
    isLoading: () => false,
    isLoadingBeside: () => false,
    loadingFullSync: () => null,
    offset: () => core.head(),
    syncCounts: () => ({ full: 0, partialOk: 0, partialErr: 0, inputBytes: 0, outputBytes: 0 }),
    resetCounts() {},
    ackedReplicas: () => 0,
    wait: () => Promise.resolve(0),
  };
}
