/** The engine of threads: each node and sentinel is an actor on a worker thread of this process. */
import type { MessagePort } from 'node:worker_threads';

import type { Address } from '../../base/address.js';
import { ballotMemory } from '../../base/ballot-memory.js';
import { RingleaderError } from '../../base/errors.js';
import type { SharedMemory } from '../../base/shared-memory.js';
import { SharedAccess } from '../../cache/access.js';
import type { Cache } from '../../cache/cache.js';
import type { ClusterHandle } from '../../cache/handle.js';
import type { CacheOptions } from '../../cache/options.js';
import { Core, type CoreModule } from '../../core/core.js';
import { socketPaths } from '../../io/probe-sockets.js';
import type { ActorSystem } from '../../runtime/actor-system.js';
import { checkAddressSpace } from '../../runtime/address-space.js';
import type { Fault } from '../../runtime/faults.js';
import type { Detection } from '../../runtime/messages.js';
import type { RemoteOperator } from '../../runtime/operator.js';
import type { ActorCode } from '../actor-code.js';
import { type Group, groupOf } from '../agreement.js';
import { Announcer } from '../announcer.js';
import type { BatchChannel, BatchOptions } from '../client/batch.js';
import type { Client } from '../client/client.js';
import type { ClientOptions } from '../client/client-options.js';
import type { ClusterEmitter } from '../events.js';
import { Members, type NodeInfo, type SentinelInfo } from '../members.js';
import { Opened } from '../opened.js';
import type { Topology } from '../options.js';
import { SentinelWatch } from '../sentinel-watch.js';
import { evicts } from '../specs.js';
import { untilFrozen } from '../standstill.js';
import { actorSystem, startActors } from '../start-actors.js';
import type { Engine } from './engine.js';

export class ThreadsEngine implements Engine {
  readonly group: Group;
  readonly #system: ActorSystem;
  readonly #access: SharedAccess;
  readonly #members: Members;
  readonly #opened: Opened;
  readonly #announcer: Announcer;
  readonly #isStrict: boolean;
  #isStopped = false;

  /** Start it; resolves when every thread listens. @throws as `Cluster.start`. */
  static async start(
    topology: Topology,
    events: ClusterEmitter,
    code: ActorCode,
  ): Promise<ThreadsEngine> {
    checkAddressSpace(1 + topology.replicas, topology.sentinels);
    const [core, reader, sockets] = await Promise.all([
      code.compileCore(),
      Core.compileReader(),
      socketPaths(),
    ]);
    const engine = new ThreadsEngine(topology, events, code, core, reader);
    try {
      const ballots = topology.strict ? ballotMemory() : null;
      await startActors(engine.#system, topology, { code, sockets, ballots });
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  private constructor(
    topology: Topology,
    events: ClusterEmitter,
    code: ActorCode,
    module: unknown,
    reader: CoreModule,
  ) {
    this.#isStrict = topology.strict;
    this.#system = actorSystem(topology, {
      module,
      createMemory: () => {
        const memory = code.createMemory();
        if (memory !== null) this.#access.onMemory(memory);
        return memory;
      },
      onEvent: (event) => this.#announcer.on(event),
    });
    const masterId = (): string => this.masterId;
    const isFollowing = (): boolean => this.following !== null;
    const { router } = this.#system;
    this.#members = new Members(this.#system);
    this.#opened = new Opened(router, events, { masterId, isReadOnly: isFollowing });
    this.#access = new SharedAccess({
      router,
      reader,
      evicts: evicts(topology.config),
      password: topology.config['requirepass'] || null,
      nodes: () => this.#members.records('node'),
      masterId,
      isFollowing,
    });
    this.group = groupOf(topology, this.#system, this.#members, masterId, () => this.#isStopped);
    this.#announcer = new Announcer({
      system: this.#system,
      events,
      access: this.#access,
      members: this.#members,
      watch: new SentinelWatch(this.group),
      masterId,
    });
  }

  get masterId(): string {
    return this.#system.masterId ?? 'node-0';
  }

  get following(): Address | null {
    const outside = this.#system.outsideMaster;
    return outside && { host: outside.host, port: outside.port };
  }

  nodes(): NodeInfo[] {
    return this.#members.nodes();
  }

  sentinels(): SentinelInfo[] {
    return this.#members.sentinels();
  }

  client(options: ClientOptions): Client {
    return this.#opened.client(options);
  }

  batches(id: string, options: BatchOptions): BatchChannel {
    return this.#opened.batches(id, options);
  }

  handle(): ClusterHandle {
    if (this.#isStrict) {
      throw new RingleaderError(
        'UNSUPPORTED',
        "a strict cluster has no cache: it would read in a node's memory what no majority holds yet",
      );
    }
    return this.#access.handle();
  }

  cache(options: CacheOptions): Promise<Cache<unknown>> {
    return this.#opened.cache(this.handle(), options);
  }

  openConnection(id: string): { port: MessagePort; counters: SharedArrayBuffer } | null {
    return this.#opened.openConnection(id);
  }

  memories(): { id: string; memory: SharedMemory }[] {
    return this.#members.memories();
  }

  record(id: string): unknown {
    return this.#system.record(id);
  }

  kill(id: string, detect: Detection | undefined): Promise<void> {
    return this.#system.kill(id, detect);
  }

  inject(id: string, fault: Fault): void {
    this.#system.inject(id, fault);
  }

  async pause(id: string): Promise<void> {
    this.#system.pause(id);
    await untilFrozen(this.#system, id);
  }

  resume(id: string): void {
    this.#system.resume(id);
  }

  cut(a: string, b: string): void {
    this.#system.cut(a, b);
  }

  heal(a?: string, b?: string): void {
    this.#system.heal(a, b);
  }

  operator(id: string): RemoteOperator {
    return this.#system.operator(id);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#opened.close();
    this.#access.close();
    await this.#system.stop();
  }
}
