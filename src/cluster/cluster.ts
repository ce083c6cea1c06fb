/**
 * A cluster in this process: started, looked at, hurt and stopped.
 *
 * It puts the actor system (threads) and the topology (who is what) together. It takes no part in
 * failovers; it reads the sentinels' events like any subscriber.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Remote } from 'comlink';

import { ActorSystem, type ActorSystemEvent } from '../runtime/actor-system.js';
import { RingleaderError } from '../base/errors.js';
import type { ActorRecord, ActorSpec } from '../runtime/actor-record.js';
import type { SocketPaths } from '../base/socket-paths.js';
import { realClock } from '../io/clock.js';
import { socketPaths } from '../io/probe-sockets.js';
import type { Fault } from '../runtime/faults.js';
import type { Address } from '../runtime/messages.js';
import type { Operator } from '../runtime/operator.js';
import { DEFAULT_CHILD_SPEC } from '../runtime/supervisor.js';
import { Core, type CoreModule } from '../core/core.js';
import { SharedAccess } from '../cache/access.js';
import type { SharedMemory } from '../runtime/wire.js';
import { ACTOR_CODE, type ActorCode } from './actor-code.js';
import { BatchChannel } from './batch.js';
import { ask, Channel } from './channel.js';
import { Client, type ClientOptions, type MasterSource } from './client.js';
import { attach } from '../cache/attach.js';
import type { Cache } from '../cache/cache.js';
import type { CacheOptions } from '../cache/options.js';
import type { ClusterHandle } from '../cache/handle.js';
import { ClusterEmitter, type ClusterEvent, type ClusterListener, upDown } from './events.js';
import { replicationOffset } from './offset.js';
import { type ClusterOptions, parseOptions, type Topology } from './options.js';
import { type Expectation, nodeLacks, sentinelLacks } from './readiness.js';

export interface NodeInfo extends Address {
  readonly id: string;
  /** What the node itself last said. */
  readonly role: 'master' | 'replica';
  /** Replication offset: bytes published (master) or applied (replica). */
  readonly offset: number;
  readonly state: 'starting' | 'up' | 'frozen' | 'unresponsive' | 'down' | 'gone';
}

export type SentinelInfo = Omit<NodeInfo, 'role' | 'offset'>;

/** MB of heap; a sentinel holds a few kilobytes of state. */
const SENTINEL_HEAP_MB = 64;
/** ms between two looks at whether the cluster is ready. */
const READY_POLL_MS = 5;

export class Cluster {
  readonly topology: Topology;
  readonly #system: ActorSystem;
  readonly #events = new ClusterEmitter();
  readonly #access: SharedAccess;
  readonly #roles = new Map<string, 'master' | 'replica'>();
  readonly #closers = new Set<() => void>();
  #announcedMaster: string | null = null;
  #stopped: Promise<void> | null = null;

  /** Use `Cluster.start`. */
  private constructor(topology: Topology, code: ActorCode, module: unknown, reader: CoreModule) {
    this.topology = topology;
    this.#system = new ActorSystem({
      clock: realClock,
      seed: topology.seed ?? Math.floor(Math.random() * 2 ** 32),
      module,
      createMemory: () => {
        const memory = code.createMemory();
        if (memory !== null) this.#access.onMemory(memory);
        return memory;
      },
      heartbeatTimeoutMs: topology.heartbeatTimeoutMs,
      onEvent: (event) => this.#onEvent(event),
    });
    this.#access = new SharedAccess({
      router: this.#system.router,
      reader,
      evicts: evicts(topology.config),
      password: topology.config['requirepass'] || null,
      nodes: () => this.#records('node'),
      masterId: () => this.masterId,
    });
  }

  /**
   * Start a cluster: one master, its replicas and their sentinels, each on its own thread.
   *
   * Resolves when all of them agree: the replicas follow the master, and the sentinels know the
   * nodes and each other and have their quorum.
   *
   * @example
   * await using cluster = await Cluster.start({ replicas: 2, sentinels: 3 });
   * const client = cluster.client();
   * await client.set('greeting', 'hello', { ttl: 60_000 });
   *
   * @param code - for tests of the cluster itself.
   * @throws RingleaderError CONFIG_INVALID: an option breaks a rule; the message names both.
   * @throws RingleaderError ADDRESS_IN_USE: a port is taken; the message names it.
   * @throws RingleaderError NOT_READY: no agreement in time; the message says what was missing.
   */
  static async start(options: ClusterOptions = {}, code: ActorCode = ACTOR_CODE): Promise<Cluster> {
    const topology = parseOptions(options);
    const [core, reader, sockets] = await Promise.all([
      code.compileCore(),
      Core.compileReader(),
      socketPaths(),
    ]);
    const cluster = new Cluster(topology, code, core, reader);
    try {
      await cluster.#startActors(code, sockets);
      await cluster.#untilReady();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  // ── Looking ───────────────────────────────────────────────────────────────────────────────────

  /** The nodes, in the order of their ports. */
  nodes(): NodeInfo[] {
    return this.#records('node').map((record) => ({
      ...this.#describe(record),
      role: this.#roles.get(record.spec.id) ?? 'replica',
      offset: record.memory === null ? 0 : replicationOffset(record.memory),
    }));
  }

  sentinels(): SentinelInfo[] {
    return this.#records('sentinel').map((record) => this.#describe(record));
  }

  /** The id of the node that the sentinels last agreed on as master. */
  get masterId(): string {
    return this.#system.masterId ?? 'node-0';
  }

  /** `redis+sentinel://host:port,host:port/name/0`; without sentinels, the master's `redis://`. */
  get url(): string {
    const password = this.topology.config['requirepass'];
    const user = password ? `:${encodeURIComponent(password)}@` : '';
    const sentinels = this.#sentinelAddresses();
    if (sentinels.length === 0) {
      const { host, port } = this.#system.record(this.masterId).address;
      return `redis://${user}${host}:${port}/0`;
    }
    const hosts = sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
    return `redis+sentinel://${user}${hosts}/${this.topology.name}/0`;
  }

  /** Options for other clients, to find the master through the sentinels. */
  readonly clientOptions = {
    /** For `new Redis(…)` of ioredis. */
    ioredis: () => ({
      sentinels: this.#sentinelAddresses(),
      name: this.topology.name,
      ...this.#password(),
    }),
    /** For `createSentinel(…)` of node-redis. */
    nodeRedis: () => ({
      sentinelRootNodes: this.#sentinelAddresses(),
      name: this.topology.name,
      nodeClientOptions: this.#password(),
    }),
  };

  on<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): this {
    this.#events.on(name, listener);
    return this;
  }

  off<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): this {
    this.#events.off(name, listener);
    return this;
  }

  // ── Using ─────────────────────────────────────────────────────────────────────────────────────

  /** A client of whoever is master; it follows failovers. Closed with the cluster. */
  client(options: ClientOptions = {}): Client {
    const source: MasterSource = {
      connect: () => {
        const id = this.masterId;
        const port = this.#system.router.connect(id, 'client');
        return port === null ? null : { id, port };
      },
      onChange: (callback) => {
        const listener: ClusterListener<'switch-master'> = ({ to }) => callback(to);
        this.#events.on('switch-master', listener);
        return () => {
          this.#events.off('switch-master', listener);
          this.#closers.delete(close); // Closed by its user: nothing of it is kept.
        };
      },
    };
    const client = new Client(source, realClock, { ...this.#password(), ...options });
    const close = (): void => client.close();
    this.#closers.add(close);
    return client;
  }

  /**
   * A channel for batches of encoded commands to one node, the master unless named.
   *
   * @throws RingleaderError ACTOR_DOWN
   */
  batches(id = this.masterId): BatchChannel {
    const port = this.#system.router.connect(id, 'client');
    if (port === null) throw new RingleaderError('ACTOR_DOWN', `${id} cannot be reached`);
    const channel = new BatchChannel(port);
    this.#closers.add(() => channel.close());
    return channel;
  }

  /**
   * What other threads need to reach this cluster: post it there, and `attach` it. The nodes keep
   * versions of their keys from the first handle on, which takes some ns of every write.
   */
  handle(): ClusterHandle {
    return this.#access.handle();
  }

  /** `attach(cluster.handle(), options)`: a cache in this thread. Closed with the cluster. */
  async cache<Value = string>(options: CacheOptions<Value> = {}): Promise<Cache<Value>> {
    const cache = await attach(this.handle(), options);
    this.#closers.add(() => cache.close());
    return cache;
  }

  /**
   * An end of a new in-process connection to a node, to be posted to another thread, with its
   * counters (`runtime/connection.ts`; the holder is side 0); null: it cannot be reached.
   */
  lend(id = this.masterId): { port: MessagePort; counters: SharedArrayBuffer } | null {
    const lent = this.#system.router.lend(id, 'client');
    return lent === null ? null : { port: lent.port, counters: lent.counters };
  }

  /** The nodes' memories, in the order of their ports, for threads that watch offsets. */
  memories(): { id: string; memory: SharedMemory }[] {
    return this.#records('node').flatMap(({ spec, memory }) =>
      memory === null ? [] : [{ id: spec.id, memory }],
    );
  }

  // ── Hurting ───────────────────────────────────────────────────────────────────────────────────

  /** End an actor's thread as SIGKILL ends a process; resolves when it is gone. */
  kill(id: string): Promise<void> {
    return this.#system.kill(id);
  }

  /** Let an actor fail from within: an uncaught throw, an exit, no memory, an endless loop. */
  inject(id: string, fault: Fault): void {
    this.#system.inject(id, fault);
  }

  /** Freeze an actor's thread; resolves when it stands still. */
  async pause(id: string): Promise<void> {
    this.#system.pause(id);
    while (!this.#system.isFrozen(id) && this.#system.record(id).thread !== null) {
      await sleep(1);
    }
  }

  resume(id: string): void {
    this.#system.resume(id);
  }

  /** Cut every actor of one side off from every actor of the other. */
  partition(a: string | readonly string[], b: string | readonly string[]): void {
    for (const one of [a].flat()) for (const other of [b].flat()) this.#system.cut(one, other);
  }

  /** Heal one pair, or everything. */
  heal(a?: string, b?: string): void {
    this.#system.heal(a, b);
  }

  /** The operator's interface to one live actor. */
  operator(id: string): Remote<Operator> {
    return this.#system.operator(id);
  }

  /** Stop everything; resolves when no thread, socket or timer of the cluster is left. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    for (const close of this.#closers) close();
    this.#access.close();
    await this.#system.stop();
  }

  // ── Starting ──────────────────────────────────────────────────────────────────────────────────

  async #startActors(code: ActorCode, sockets: SocketPaths): Promise<void> {
    const { replicas, sentinels } = this.topology;
    // The master first: the others are told its port, which may be any free one.
    const master = await this.#startNode(code, 0, null, sockets);
    const rest = [
      ...Array.from({ length: replicas }, (_, i) => this.#startNode(code, i + 1, master, sockets)),
      ...Array.from({ length: sentinels }, (_, i) => this.#startSentinel(code, i, master)),
    ];
    // Settled, not raced: stopping half-started threads must find them all.
    const failed = (await Promise.allSettled(rest)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  #startNode(
    code: ActorCode,
    i: number,
    master: Address | null,
    sockets: SocketPaths,
  ): Promise<Address> {
    const { host, port, config, fencing, heapMb } = this.topology;
    const id = `node-${i}`;
    this.#roles.set(id, master === null ? 'master' : 'replica');
    const password = config['requirepass'];
    const directives = password ? { masterauth: password, ...config } : config;
    const base = { host, port: port === 0 ? 0 : port + i, directives, fencing, sockets };
    return this.#system.start({
      ...this.#spec(id, code.node, heapMb),
      kind: 'node',
      config: master === null ? base : { ...base, replicaOf: master },
    });
  }

  #startSentinel(code: ActorCode, i: number, master: Address): Promise<Address> {
    const { host, sentinelPort, name, quorum, config } = this.topology;
    const { downAfterMs, failoverTimeoutMs, parallelSyncs } = this.topology;
    const password = config['requirepass'];
    const auth = password ? { authPass: password } : {};
    return this.#system.start({
      ...this.#spec(`sentinel-${i}`, code.sentinel, SENTINEL_HEAP_MB),
      kind: 'sentinel',
      config: {
        host,
        port: sentinelPort === 0 ? 0 : sentinelPort + i,
        monitor: { name, ...master, quorum, ...auth },
        downAfterMs,
        failoverTimeoutMs,
        parallelSyncs,
      },
    });
  }

  #spec(id: string, entry: URL, heapMb: number): Omit<ActorSpec, 'kind' | 'config'> {
    return { id, entry, heapMb, child: DEFAULT_CHILD_SPEC, hasDisk: false };
  }

  /** @throws RingleaderError NOT_READY */
  async #untilReady(): Promise<void> {
    const { readyTimeoutMs } = this.topology;
    const giveUpAt = realClock.monotonicMs() + readyTimeoutMs;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), readyTimeoutMs);
    });
    const channels = new Map<string, Channel>();
    for (const { spec } of this.#system.records()) {
      const port = this.#system.router.connect(spec.id, 'client');
      if (port !== null) channels.set(spec.id, new Channel(port));
    }
    const lacks = new Map<string, string | null>();
    for (const { spec } of this.#system.records()) lacks.set(spec.id, 'does not answer');
    try {
      for (;;) {
        const round = Promise.all(
          [...channels].map(async ([id, channel]) => lacks.set(id, await this.#lack(id, channel))),
        );
        const isOver = (await Promise.race([round, timeout])) === null;
        const missing = [...lacks].filter(([, lack]) => lack !== null);
        if (missing.length === 0) return;
        if (isOver || realClock.monotonicMs() >= giveUpAt) {
          const list = missing.map((entry) => entry.join(' ')).join('; ');
          throw new RingleaderError('NOT_READY', `not ready after ${readyTimeoutMs} ms: ${list}`);
        }
        await sleep(READY_POLL_MS);
      }
    } finally {
      clearTimeout(timer);
      for (const channel of channels.values()) channel.close();
    }
  }

  /** What this actor lacks before the cluster is ready, in words; null: nothing. */
  async #lack(id: string, channel: Channel): Promise<string | null> {
    const { replicas, sentinels, name, config } = this.topology;
    const masterPort = this.#system.record(this.masterId).address.port;
    const expected: Expectation = { replicas, sentinels, masterPort };
    if (this.#system.record(id).kind === 'node') {
      const password = config['requirepass'];
      if (password) await ask(channel, 'AUTH', password);
      return nodeLacks(id === this.masterId, await ask(channel, 'INFO', 'replication'), expected);
    }
    const [master, quorum] = await Promise.all([
      ask(channel, 'SENTINEL', 'MASTER', name),
      ask(channel, 'SENTINEL', 'CKQUORUM', name),
    ]);
    return sentinelLacks(master, quorum, expected);
  }

  // ── Events ────────────────────────────────────────────────────────────────────────────────────

  #onEvent(event: ActorSystemEvent): void {
    const { id, type } = event;
    const { kind } = this.#system.record(id).spec;
    switch (type) {
      case 'up':
        this.#access.onUp(id);
        this.#events.emit(upDown(kind, 'up'), { id, ...event.address });
        break;
      case 'down':
        this.#events.emit(upDown(kind, 'down'), { id, reason: event.reason, detail: event.detail });
        break;
      case 'actor':
        this.#onActorEvent(id, kind, event.name, event.payload);
        break;
      default:
        this.#events.emit(type, event);
    }
    this.#announceMaster();
  }

  #onActorEvent(id: string, kind: ActorSpec['kind'], name: string, payload: unknown): void {
    if (kind === 'sentinel') {
      this.#events.emit('sentinel', { id, channel: name, payload: String(payload) });
      return;
    }
    if (name === 'role-changed' && (payload === 'master' || payload === 'replica')) {
      this.#roles.set(id, payload);
    }
    this.#events.emit('node', { id, name, payload });
  }

  #announceMaster(): void {
    const to = this.#system.masterId;
    const from = this.#announcedMaster;
    if (to === null || to === from) return;
    this.#announcedMaster = to;
    if (from === null) return; // The first master is no switch.
    this.#access.onMaster(to);
    const { address } = this.#system.record(to);
    this.#events.emit('switch-master', { from, to, ...address });
  }

  // ── Small things ──────────────────────────────────────────────────────────────────────────────

  #records(kind: ActorSpec['kind']): Readonly<ActorRecord>[] {
    return this.#system.records().filter((record) => record.kind === kind);
  }

  #describe({ spec, address, state }: Readonly<ActorRecord>): SentinelInfo {
    const isFrozen = this.#system.isFrozen(spec.id);
    return { id: spec.id, ...address, state: isFrozen ? 'frozen' : state };
  }

  #sentinelAddresses(): Address[] {
    return this.#records('sentinel').map(({ address }) => ({ ...address }));
  }

  #password(): { password?: string } {
    const password = this.topology.config['requirepass'];
    return password ? { password } : {};
  }
}

/** Whether nodes with these directives give keys up when their memory is full. */
function evicts(config: Readonly<Record<string, string>>): boolean {
  const policy = config['maxmemory-policy'] ?? 'noeviction';
  return (config['maxmemory'] ?? '0') !== '0' && policy !== 'noeviction';
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref();
  });
}
