/**
 * A cluster in this process: started, looked at, hurt and stopped.
 *
 * It puts the actor system (threads) and the topology (who is what) together. It takes no part in
 * failovers; it reads the sentinels' events like any subscriber.
 */
import type { MessagePort } from 'node:worker_threads';

import type { SharedMemory } from '../base/shared-memory.js';
import type { Address } from '../base/address.js';
import { ActorSystem, type ActorSystemEvent } from '../runtime/actor-system.js';
import { limitArguments } from '../base/argument-count.js';
import { RingleaderError } from '../base/errors.js';
import type { ActorRecord, ActorSpec } from '../runtime/actor-record.js';
import { realClock } from '../io/clock.js';
import { socketPaths } from '../io/probe-sockets.js';
import type { Fault } from '../runtime/faults.js';
import { checkAddressSpace } from '../runtime/address-space.js';
import type { RemoteOperator } from '../runtime/operator.js';
import { Core, type CoreModule } from '../core/core.js';
import { SharedAccess } from '../cache/access.js';
import { ACTOR_CODE, type ActorCode } from './actor-code.js';
import { type Addresses, clientOptions, clusterUrl, passwordOf } from './addresses.js';
import { type Group, stopped, untilAgreed } from './agreement.js';
import {
  checkFault,
  detectionOf,
  type KillOptions,
  pairsOf,
  type Side,
  timeoutOf,
  type WaitOptions,
  MOST_ARGUMENTS,
} from './arguments.js';
import { BatchChannel, type BatchOptions, checkBatchOptions } from './batch.js';
import { Client } from './client.js';
import { checkClientOptions, type ClientOptions } from './client-options.js';
import { attach } from '../cache/attach.js';
import type { Cache } from '../cache/cache.js';
import type { Codec, PlainCodecName } from '../cache/codec.js';
import type { AttachOptions, CacheOptions, CodecOption } from '../cache/options.js';
import type { ClusterHandle } from '../cache/handle.js';
import {
  ClusterEmitter,
  type ClusterEvent,
  type ClusterEvents,
  type ClusterListener,
  onMaster,
  upDown,
} from './events.js';
import { replaceMaster } from './manual-failover.js';
import { MasterNews } from './master-news.js';
import { replicationOffset } from './offset.js';
import { heartbeatOf } from './heartbeat.js';
import { type ClusterOptions, parseOptions, type Topology } from './options.js';
import { SentinelWatch } from './sentinel-watch.js';
import { untilFrozen } from './standstill.js';
import { evicts } from './specs.js';
import { startActors } from './start-actors.js';

export interface NodeInfo extends Address {
  readonly id: string;
  /** What the node itself last said. */
  readonly role: 'master' | 'replica';
  /** Replication offset: bytes published (master) or applied (replica). */
  readonly offset: number;
  readonly state: 'starting' | 'up' | 'frozen' | 'unresponsive' | 'down' | 'gone';
}

export type SentinelInfo = Omit<NodeInfo, 'role' | 'offset'>;

export class Cluster {
  readonly topology: Topology;
  /** Options for other clients, to find the master through the sentinels. */
  readonly clientOptions: ReturnType<typeof clientOptions>;
  readonly #system: ActorSystem;
  readonly #events = new ClusterEmitter();
  readonly #access: SharedAccess;
  readonly #roles = new Map<string, 'master' | 'replica'>();
  readonly #closers = new Set<() => void>();
  readonly #addresses: Addresses;
  readonly #find = (id: string): unknown => this.#system.record(id);
  readonly #watch: SentinelWatch;
  readonly #news = new MasterNews();
  #stopped: Promise<void> | null = null;

  /** Use `Cluster.start`. */
  private constructor(topology: Topology, code: ActorCode, module: unknown, reader: CoreModule) {
    this.topology = topology;
    this.#addresses = {
      topology,
      sentinels: () => this.#records('sentinel').map(({ address }) => ({ ...address })),
      master: () => this.#system.record(this.masterId).address,
    };
    this.clientOptions = clientOptions(this.#addresses);
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
      detection: topology.detection,
      heartbeatMs: heartbeatOf(topology),
      onEvent: (event) => this.#onEvent(event),
    });
    this.#access = new SharedAccess({
      router: this.#system.router,
      reader,
      evicts: evicts(topology.config),
      password: topology.config['requirepass'] || null,
      nodes: () => this.#records('node'),
      masterId: () => this.masterId,
      isFollowing: () => this.following !== null,
    });
    this.#watch = new SentinelWatch(this.#group());
  }

  /**
   * Start a cluster: one master, its replicas and their sentinels, each on its own thread. Resolves
   * when all agree: the replicas follow the master, and the sentinels know all and have their
   * quorum.
   *
   * @example
   * await using cluster = await Cluster.start({ replicas: 2, sentinels: 3 });
   * const client = cluster.client();
   * await client.set('greeting', 'hello', { ttl: 60_000 });
   *
   * @param code - for tests of the cluster itself.
   * @throws RingleaderError CONFIG_INVALID: an option breaks a rule; the message names both.
   * @throws RingleaderError OUT_OF_MEMORY: the process may not have the address space that it
   * needs.
   * @throws RingleaderError ADDRESS_IN_USE: a port is taken; the message names it.
   * @throws RingleaderError NOT_READY: no agreement in time; the message says what was missing.
   */
  static async start(options: ClusterOptions = {}, code: ActorCode = ACTOR_CODE): Promise<Cluster> {
    const topology = parseOptions(options);
    checkAddressSpace(1 + topology.replicas, topology.sentinels);
    const [core, reader, sockets] = await Promise.all([
      code.compileCore(),
      Core.compileReader(),
      socketPaths(),
    ]);
    const cluster = new Cluster(topology, code, core, reader);
    try {
      await startActors(cluster.#system, topology, { code, sockets });
      await untilAgreed(cluster.#group(), topology.readyTimeoutMs);
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
      role: this.#roles.get(record.spec.id) ?? roleAtStart(record.spec),
      offset: record.memory === null ? 0 : replicationOffset(record.memory),
    }));
  }

  sentinels(): SentinelInfo[] {
    return this.#records('sentinel').map((record) => this.#describe(record));
  }

  /**
   * The id of the node that the sentinels last agreed on as master; while the cluster follows a
   * master outside, of the node that does so for the others.
   */
  get masterId(): string {
    return this.#system.masterId ?? 'node-0';
  }

  /** The master outside that the cluster follows; null: one of its nodes is master. */
  get following(): Address | null {
    const outside = this.#system.outsideMaster;
    return outside && { host: outside.host, port: outside.port };
  }

  /** `redis+sentinel://host:port,host:port/name/0`; without sentinels, the master's `redis://`. */
  get url(): string {
    return clusterUrl(this.#addresses);
  }

  on<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): this {
    this.#events.on(name, listener);
    return this;
  }

  off<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): this {
    this.#events.off(name, listener);
    return this;
  }

  /**
   * The next event of that name, as a promise.
   *
   * @param options - `timeoutMs`: how long to wait; default: until the cluster is stopped.
   * @throws RingleaderError TIMEOUT, CLOSED
   */
  once<Name extends ClusterEvent>(
    name: Name,
    options: WaitOptions = {},
  ): Promise<ClusterEvents[Name]> {
    this.#checkOpen();
    const event = this.#events.next(name, timeoutOf('once()', options, Infinity));
    event.catch(() => {}); // One that is not awaited, when the cluster stops, harms nothing.
    return event;
  }

  /**
   * Resolves when all agree again: every thread is up, the replicas follow the master and have what
   * it has, and the sentinels see it so.
   *
   * @param options - `timeoutMs`: how long to wait; default: the cluster's `readyTimeoutMs`.
   * @throws RingleaderError NOT_READY: the message says what was missing. CLOSED.
   */
  async settled(options: WaitOptions = {}): Promise<void> {
    this.#checkOpen();
    await untilAgreed(this.#group(), timeoutOf('settled()', options, this.topology.readyTimeoutMs));
  }

  // ── Using ─────────────────────────────────────────────────────────────────────────────────────

  /** A client of whoever is master; it follows failovers. Closed with the cluster. */
  client(options: ClientOptions = {}): Client {
    this.#checkOpen();
    checkClientOptions(options);
    const source = {
      connect: () => {
        const id = this.masterId;
        const port = this.#system.router.connect(id, 'client');
        return port === null ? null : { id, port };
      },
      isReadOnly: () => this.following !== null,
      onChange: (callback: (id: string) => void) => onMaster(this.#events, callback),
      onClosed: () => void this.#closers.delete(close), // By its user: nothing of it is kept.
    };
    const client = new Client(source, realClock, { ...passwordOf(this.topology), ...options });
    const close = (): void => client.close();
    this.#closers.add(close);
    return client;
  }

  /**
   * A channel for batches of encoded commands to one node, the master unless named.
   *
   * @throws RingleaderError ACTOR_DOWN
   */
  batches(id = this.masterId, options: BatchOptions = {}): BatchChannel {
    this.#checkOpen();
    checkBatchOptions(options);
    const port = this.#system.router.connect(id, 'client');
    if (port === null) throw new RingleaderError('ACTOR_DOWN', `${id} cannot be reached`);
    const channel = new BatchChannel(port, options);
    this.#closers.add(() => channel.close());
    return channel;
  }

  /**
   * What other threads need to reach this cluster: post it there, and `attach` it. The nodes keep
   * versions of their keys from the first handle on, which takes some ns of every write.
   */
  handle(): ClusterHandle {
    this.#checkOpen();
    return this.#access.handle();
  }

  /** `attach(cluster.handle(), options)`: a cache in this thread. Closed with the cluster. */
  async cache<Value extends string = string>(
    options?: AttachOptions & Partial<CodecOption<'string'>>,
  ): Promise<Cache<Value>>;
  async cache<Value extends Buffer = Buffer>(
    options: AttachOptions & CodecOption<'buffer'>,
  ): Promise<Cache<Value>>;
  async cache<Value = unknown>(
    options: AttachOptions & CodecOption<PlainCodecName>,
  ): Promise<Cache<Value>>;
  async cache<Value>(options: AttachOptions & CodecOption<Codec<Value>>): Promise<Cache<Value>>;
  async cache(options: CacheOptions): Promise<Cache<unknown>>;
  async cache(options: CacheOptions = {}): Promise<Cache<unknown>> {
    const cache = await attach(this.handle(), options);
    this.#closers.add(() => cache.close());
    return cache;
  }

  /**
   * An end of a new in-process connection to a node, to be posted to another thread, with its
   * counters (`runtime/connection.ts`; the holder is side 0); null: it cannot be reached.
   */
  lend(id = this.masterId): { port: MessagePort; counters: SharedArrayBuffer } | null {
    this.#checkOpen();
    const lent = this.#system.router.lend(id, 'client');
    return lent === null ? null : { port: lent.port, counters: lent.counters };
  }

  /** The nodes' memories, in the order of their ports, for threads that watch offsets. */
  memories(): { id: string; memory: SharedMemory }[] {
    return this.#records('node').flatMap(({ spec, memory }) =>
      memory === null ? [] : [{ id: spec.id, memory }],
    );
  }

  // ── Faults ────────────────────────────────────────────────────────────────────────────────────

  /**
   * End an actor's thread as SIGKILL ends a process; resolves when it is gone.
   *
   * @param options - `detect`: how the sentinels find out: 'event', at once; 'down-after', by its
   * silence, as in production. Default: the cluster's `detection`.
   * @throws RingleaderError NO_SUCH_ACTOR, ACTOR_DOWN
   */
  async kill(id: string, options: KillOptions = {}): Promise<void> {
    this.#checkOpen();
    await this.#system.kill(id, detectionOf(options));
  }

  /**
   * A failover by hand: a sentinel is asked for it, and promotes a replica of its choice. While the
   * cluster follows a master outside: `promote()`.
   *
   * @param options - `timeoutMs`: how long to wait; default: the cluster's `failoverTimeoutMs`.
   * @returns the new master. The rest of the cluster follows it soon: `settled()`.
   * @throws RingleaderError NOT_READY: there are no sentinels, or no replicas, or they chose one
   * outside that follows this cluster. TIMEOUT, CLOSED.
   */
  async failover(options: WaitOptions = {}): Promise<NodeInfo> {
    this.#checkOpen();
    const timeoutMs = timeoutOf('failover()', options, this.topology.failoverTimeoutMs);
    const found = (): NodeInfo | undefined =>
      this.nodes().find(({ id, role }) => id === this.masterId && role === 'master');
    await replaceMaster(this.#group(), timeoutMs, () => found() !== undefined);
    return found()!;
  }

  /**
   * Follow the outside master no longer: a node becomes master, with what has arrived by then, and
   * the sentinels watch over it from now on. The outside master is told nothing.
   *
   * @param options - `timeoutMs`: how long to wait; default: the cluster's `failoverTimeoutMs`.
   * @throws RingleaderError NOT_READY: the cluster follows no master outside. TIMEOUT, CLOSED.
   */
  async promote(options: WaitOptions = {}): Promise<NodeInfo> {
    this.#checkOpen();
    if (this.following !== null) return this.failover(options);
    throw new RingleaderError('NOT_READY', `cannot promote: ${this.masterId} is master`);
  }

  /** Let an actor fail from within: an uncaught throw, an exit, no memory, an endless loop. */
  inject(id: string, fault: Fault): void {
    this.#checkOpen();
    checkFault(fault);
    this.#system.inject(id, fault);
  }

  /**
   * Freeze an actor's thread; resolves when it stands still.
   *
   * @throws RingleaderError TIMEOUT: its loop does not turn, so it cannot be stopped.
   */
  async pause(id: string): Promise<void> {
    this.#checkOpen();
    this.#system.pause(id);
    await untilFrozen(this.#system, id);
  }

  resume(id: string): void {
    this.#checkOpen();
    this.#system.resume(id);
  }

  /**
   * Cut every actor of one side off from every actor of the other.
   *
   * @throws RingleaderError CONFIG_INVALID: an actor is on both sides; nothing is cut then.
   * @throws RingleaderError NO_SUCH_ACTOR
   */
  partition(a: Side, b: Side): void {
    this.#checkOpen();
    for (const [one, other] of pairsOf(a, b, this.#find)) this.#system.cut(one, other);
  }

  /** Heal everything. */
  heal(): void;
  /** Heal what is between two sides. */
  heal(a: Side, b: Side): void;
  heal(a?: Side, b?: Side): void {
    this.#checkOpen();
    if (a === undefined && b === undefined) this.#system.heal();
    else for (const [one, other] of pairsOf(a, b, this.#find)) this.#system.heal(one, other);
  }

  /** The operator's interface to one live actor. */
  operator(id: string): RemoteOperator {
    this.#checkOpen();
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
    this.#events.close(stopped());
    for (const close of this.#closers) close();
    this.#access.close();
    await this.#system.stop();
  }

  // ── Starting ──────────────────────────────────────────────────────────────────────────────────

  #group(): Group {
    return {
      topology: this.topology,
      records: () => this.#system.records(),
      master: () => this.#system.record(this.masterId),
      outside: () => this.#system.outsideMaster,
      connect: (id) => this.#system.router.connect(id, 'client'),
      isStopped: () => this.#stopped !== null,
    };
  }

  // ── Events ────────────────────────────────────────────────────────────────────────────────────

  #onEvent(event: ActorSystemEvent): void {
    const { id, type } = event;
    const { kind } = this.#system.record(id).spec;
    switch (type) {
      case 'up':
        this.#access.onUp(id);
        if (kind === 'sentinel') this.#watch.check(id);
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
    const news = this.#news.next(this.#system);
    if (news === null) return;
    this.#access.onMaster(this.masterId);
    this.#watch.onMaster();
    if (news.type === 'following') this.#events.emit('following', news.event);
    else this.#events.emit('switch-master', news.event);
  }

  // ── Small things ──────────────────────────────────────────────────────────────────────────────

  #records(kind: ActorSpec['kind']): Readonly<ActorRecord>[] {
    const records = this.#system.records().filter((record) => record.kind === kind);
    return records.toSorted((a, b) => numberOf(a.spec.id) - numberOf(b.spec.id));
  }

  /** @throws RingleaderError CLOSED */
  #checkOpen(): void {
    if (this.#stopped !== null) throw stopped();
  }

  #describe({ spec, address, state }: Readonly<ActorRecord>): SentinelInfo {
    const isFrozen = this.#system.isFrozen(spec.id);
    return { id: spec.id, ...address, state: isFrozen ? 'frozen' : state };
  }
}

/** `node-12`: 12. The one with the newest data is started first, and so is the first record. */
const numberOf = (id: string): number => Number(id.slice(id.indexOf('-') + 1));

const roleAtStart = ({ config }: ActorSpec): 'master' | 'replica' =>
  'replicaOf' in config ? 'replica' : 'master';

limitArguments(Cluster, MOST_ARGUMENTS);
