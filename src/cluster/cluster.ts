/**
 * A cluster: started, looked at, put through faults and stopped.
 *
 * An engine runs its nodes and sentinels: threads of this process, processes, or real servers. It
 * takes no part in failovers; it reads the sentinels' events like any subscriber.
 */
import type { MessagePort } from 'node:worker_threads';
import type { SharedMemory } from '../base/shared-memory.js';
import type { Address } from '../base/address.js';
import { limitArguments } from '../base/argument-count.js';
import { RingleaderError } from '../base/errors.js';
import type { Fault } from '../runtime/faults.js';
import type { RemoteOperator } from '../runtime/operator.js';
import { ACTOR_CODE, type ActorCode } from './actor-code.js';
import { type Addresses, clientOptions, clusterUrl, passwordOf } from './addresses.js';
import { stopped, untilAgreed } from './agreement.js';
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
import { type BatchChannel, type BatchOptions, checkBatchOptions } from './client/batch.js';
import type { Client } from './client/client.js';
import { checkClientOptions, type ClientOptions } from './client/client-options.js';
import type { Cache } from '../cache/cache.js';
import type { Codec, PlainCodecName } from '../cache/codec.js';
import type { AttachOptions, CacheOptions, CodecOption } from '../cache/options.js';
import type { ClusterHandle } from '../cache/handle.js';
import type { Engine } from './engine/engine.js';
import { ProcessEngine } from './engine/process-engine.js';
import { ThreadsEngine } from './engine/threads-engine.js';
import {
  ClusterEmitter,
  type ClusterEvent,
  type ClusterEvents,
  type ClusterListener,
} from './events.js';
import { replaceMaster } from './manual-failover.js';
import { claimFolder } from './node-folders.js';
import type { NodeInfo, SentinelInfo } from './members.js';
import { type ClusterOptions, parseOptions, type Topology } from './options.js';
import { type ConnectOptions, RemoteCluster } from './remote/remote-cluster.js';

export class Cluster {
  readonly topology: Topology;
  /** Options for other clients, to find the master through the sentinels. */
  readonly clientOptions: ReturnType<typeof clientOptions>;
  readonly #engine: Engine;
  readonly #events: ClusterEmitter;
  readonly #addresses: Addresses;
  /** Others may use its folder. */
  readonly #unlock: () => Promise<void>;
  #stopped: Promise<void> | null = null;

  /** Use `Cluster.start`. */
  private constructor(
    topology: Topology,
    engine: Engine,
    events: ClusterEmitter,
    unlock: () => Promise<void>,
  ) {
    this.topology = topology;
    this.#engine = engine;
    this.#events = events;
    this.#unlock = unlock;
    this.#addresses = {
      topology,
      sentinels: () => this.sentinels().map(({ host, port }) => ({ host, port })),
      master: () => this.nodes().find(({ id }) => id === this.masterId)!,
    };
    this.clientOptions = clientOptions(this.#addresses);
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
    const events = new ClusterEmitter();
    const unlock = await claimFolder(topology.dir);
    let engine: Engine;
    try {
      engine =
        topology.engine === 'threads'
          ? await ThreadsEngine.start(topology, events, code)
          : await ProcessEngine.start(topology, events);
    } catch (error) {
      await unlock();
      throw error;
    }
    const cluster = new this(topology, engine, events, unlock);
    try {
      await untilAgreed(engine.group, topology.readyTimeoutMs);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /**
   * Connect to a cluster that runs elsewhere, ours or of real servers.
   *
   * @param url - of its sentinels:
   * `redis+sentinel://[user:password@]host[:port],…[/name[/database]]`; or of one server:
   * `redis://[user:password@]host[:port][/database]`. `rediss…`: over TLS.
   * @throws RingleaderError CONFIG_INVALID. NO_MASTER: no sentinel has named a master in time.
   */
  static connect(url: string, options: ConnectOptions = {}): Promise<RemoteCluster> {
    return RemoteCluster.open(url, options);
  }

  /** The nodes, in the order of their ports. */
  nodes(): NodeInfo[] {
    return this.#engine.nodes();
  }

  sentinels(): SentinelInfo[] {
    return this.#engine.sentinels();
  }

  /**
   * The id of the node that the sentinels last agreed on as master; while the cluster follows a
   * master outside, of the node that does so for the others.
   */
  get masterId(): string {
    return this.#engine.masterId;
  }

  /** The master outside that the cluster follows; null: one of its nodes is master. */
  get following(): Address | null {
    return this.#engine.following;
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
    const timeoutMs = timeoutOf('settled()', options, this.topology.readyTimeoutMs);
    await untilAgreed(this.#engine.group, timeoutMs);
  }

  /** A client of whoever is master; it follows failovers. Closed with the cluster. */
  client(options: ClientOptions = {}): Client {
    this.#checkOpen();
    checkClientOptions(options);
    return this.#engine.client({ ...passwordOf(this.topology), ...options });
  }

  /**
   * A channel for batches of encoded commands to one node, the master unless named.
   *
   * @throws RingleaderError ACTOR_DOWN
   */
  batches(id = this.masterId, options: BatchOptions = {}): BatchChannel {
    this.#checkOpen();
    checkBatchOptions(options);
    return this.#engine.batches(id, options);
  }

  /**
   * What other threads need to reach this cluster: post it there, and `attach` it. The nodes keep
   * versions of their keys from the first handle on, which takes some ns of every write.
   */
  handle(): ClusterHandle {
    this.#checkOpen();
    return this.#engine.handle();
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
    this.#checkOpen();
    return this.#engine.cache(options);
  }

  /**
   * An end of a new in-process connection to a node, to be posted to another thread, with its
   * counters (`runtime/connection.ts`; the holder is side 0); null: it cannot be reached.
   */
  openConnection(id = this.masterId): { port: MessagePort; counters: SharedArrayBuffer } | null {
    this.#checkOpen();
    return this.#engine.openConnection(id);
  }

  /** The nodes' memories, in the order of their ports, for threads that watch offsets. */
  memories(): { id: string; memory: SharedMemory }[] {
    return this.#engine.memories();
  }

  /**
   * End an actor's thread as SIGKILL ends a process; resolves when it is gone.
   *
   * @param options - `detect`: how the sentinels find out: 'event', at once; 'down-after', by its
   * silence, as in production. Default: the cluster's `detection`.
   * @throws RingleaderError NO_SUCH_ACTOR, ACTOR_DOWN
   */
  async kill(id: string, options: KillOptions = {}): Promise<void> {
    this.#checkOpen();
    await this.#engine.kill(id, detectionOf(options));
  }

  /**
   * A failover by hand: a sentinel is asked for it, and promotes a replica of its choice. The
   * master hands over if it can be reached, so that no acknowledged write is lost. While the
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
    await replaceMaster(this.#engine.group, timeoutMs, () => found() !== undefined);
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
    this.#engine.inject(id, fault);
  }

  /**
   * Freeze an actor's thread; resolves when it stands still.
   *
   * @throws RingleaderError TIMEOUT: its loop does not turn, so it cannot be stopped.
   */
  async pause(id: string): Promise<void> {
    this.#checkOpen();
    await this.#engine.pause(id);
  }

  resume(id: string): void {
    this.#checkOpen();
    this.#engine.resume(id);
  }

  /**
   * Cut every actor of one side off from every actor of the other.
   *
   * @throws RingleaderError CONFIG_INVALID: an actor is on both sides; nothing is cut then.
   * @throws RingleaderError NO_SUCH_ACTOR
   */
  partition(a: Side, b: Side): void {
    this.#checkOpen();
    for (const [one, other] of pairsOf(a, b, this.#engine)) this.#engine.cut(one, other);
  }

  /** Heal everything. */
  heal(): void;
  /** Heal what is between two sides. */
  heal(a: Side, b: Side): void;
  heal(a?: Side, b?: Side): void {
    this.#checkOpen();
    if (a === undefined && b === undefined) this.#engine.heal();
    else for (const [one, other] of pairsOf(a, b, this.#engine)) this.#engine.heal(one, other);
  }

  /** The operator's interface to one live actor. */
  operator(id: string): RemoteOperator {
    this.#checkOpen();
    return this.#engine.operator(id);
  }

  /** Stop everything; resolves when no thread, socket or timer of the cluster is left. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#events.close(stopped());
    await this.#engine.stop();
    await this.#unlock();
  }

  /** @throws RingleaderError CLOSED */
  #checkOpen(): void {
    if (this.#stopped !== null) throw stopped();
  }
}

limitArguments(Cluster, MOST_ARGUMENTS);
