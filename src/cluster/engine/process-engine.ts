/**
 * The engine of processes: ours (`ringleader server`, `ringleader sentinel`) or real servers, each
 * behind a fault proxy, through which all that nodes and sentinels say to each other passes.
 *
 * Configuration files and logs are in a temporary folder, which goes with the cluster. The
 * processes
 * end with it too, and with this process, however that ends (`keeper.ts`).
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Address } from '../../base/address.js';
import type { Cache } from '../../cache/cache.js';
import type { CacheOptions } from '../../cache/options.js';
import { openRemoteCache } from '../../cache/remote-store.js';
import { Asker } from '../../io/asker.js';
import { realClock } from '../../io/clock.js';
import { TcpPort } from '../../io/tcp-port.js';
import { infoReplicas } from '../../resp/info-text.js';
import type { Fault } from '../../runtime/faults.js';
import type { Detection } from '../../runtime/messages.js';
import { passwordOf } from '../addresses.js';
import type { Group } from '../agreement.js';
import { BatchChannel, type BatchOptions } from '../client/batch.js';
import { Client } from '../client/client.js';
import type { ClientOptions } from '../client/client-options.js';
import { type ClusterEmitter, onMaster } from '../events.js';
import type { NodeInfo, SentinelInfo } from '../members.js';
import { firstNode } from '../node-folders.js';
import type { Topology } from '../options.js';
import { RemoteSource } from '../remote/remote-source.js';
import { engineName } from './choice.js';
import type { Engine } from './engine.js';
import { Keeper } from './keeper.js';
import { hasOwnHosts, placeMembers } from './places.js';
import { ProcessLives } from './process-lives.js';
import type { ProcessMember } from './process-member.js';
import { unsupported } from './unsupported.js';

/** ms between two looks, each of which asks every process. */
const POLL_MS = 25;

const NO_MEMORY = 'its nodes are processes, whose memory no other can read';
const NO_TWINS =
  'this system gives processes no loopback addresses of their own (127.94.0.1…), so that their connections cannot be told apart';

export class ProcessEngine implements Engine {
  readonly group: Group;
  readonly #topology: Topology;
  readonly #members: readonly ProcessMember[];
  readonly #lives: ProcessLives;
  readonly #keeper: Keeper;
  readonly #source: RemoteSource;
  readonly #canCut: boolean;
  readonly #closers = new Set<() => void>();
  #isStopped = false;

  /**
   * Start the processes; resolves when each answers.
   *
   * @throws RingleaderError CONFIG_INVALID: a program cannot be started. ADDRESS_IN_USE.
   */
  static async start(topology: Topology, events: ClusterEmitter): Promise<ProcessEngine> {
    if (process.platform === 'win32') {
      throw unsupported(engineName(topology.engine), 'processes on Windows', 'it has no signals');
    }
    const index = firstNode(topology);
    const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-'));
    const keeper = new Keeper(dir);
    try {
      const isOwn = await hasOwnHosts();
      const members = await placeMembers(topology, index, dir, isOwn);
      const engine = new ProcessEngine(topology, events, { keeper, members, index, isOwn });
      try {
        await engine.#begin();
        return engine;
      } catch (error) {
        await engine.stop();
        throw error;
      }
    } catch (error) {
      await keeper.end();
      throw error;
    }
  }

  private constructor(
    topology: Topology,
    events: ClusterEmitter,
    at: {
      readonly keeper: Keeper;
      readonly members: readonly ProcessMember[];
      readonly index: number;
      readonly isOwn: boolean;
    },
  ) {
    const { keeper, members, index, isOwn } = at;
    this.#topology = topology;
    this.#members = members;
    this.#keeper = keeper;
    this.#canCut = isOwn;
    const first = members[index]!; // Nodes come first.
    this.#lives = new ProcessLives({ topology, events, keeper, members, first });
    this.#source = new RemoteSource([], null, (address) => this.#idAt(address));
    this.#source.setMaster(first.plan.listen);
    onMaster(events, (id) => this.#source.setMaster(this.#lives.find(id).plan.listen));
    this.group = {
      topology,
      records: () => members,
      master: () => this.#lives.find(this.masterId),
      outside: () => this.#lives.mastership.outside,
      connect: (id) => TcpPort.dial({ ...this.#lives.find(id).plan.listen, tls: null }),
      linkFailure: () => null, // It is in the node's log.
      pollMs: POLL_MS,
      isStopped: () => this.#isStopped,
    };
  }

  get masterId(): string {
    return this.#lives.mastership.masterId!;
  }

  get following(): Address | null {
    const { outside } = this.#lives.mastership;
    return outside && { host: outside.host, port: outside.port };
  }

  nodes(): NodeInfo[] {
    return this.#of('node').map((node) => ({
      ...node.describe(),
      role: node.role,
      offset: node.offset,
    }));
  }

  sentinels(): SentinelInfo[] {
    return this.#of('sentinel').map((sentinel) => sentinel.describe());
  }

  client(options: ClientOptions): Client {
    const source = this.#source;
    const close = (): void => client.close();
    const client: Client = new Client(
      {
        connect: () => source.connect(),
        isReadOnly: () => this.following !== null,
        onChange: (callback) => source.onChange(callback),
        onClosed: () => void this.#closers.delete(close),
      },
      realClock,
      options,
    );
    this.#closers.add(close);
    return client;
  }

  batches(id: string, options: BatchOptions): BatchChannel {
    const { member } = this.#lives.running(id);
    const port = TcpPort.dial({ ...member.plan.listen, tls: null });
    const channel = new BatchChannel(port, options);
    const close = (): void => channel.close();
    this.#closers.add(close);
    port.on('close', () => this.#closers.delete(close));
    return channel;
  }

  handle(): never {
    throw this.#lacks('handle()', NO_MEMORY);
  }

  cache(options: CacheOptions): Promise<Cache<unknown>> {
    const login = passwordOf(this.#topology);
    return Promise.resolve(openRemoteCache((more) => this.client({ ...login, ...more }), options));
  }

  openConnection(): never {
    throw this.#lacks('openConnection()', 'connect to a node by its port');
  }

  memories(): never {
    throw this.#lacks('memories()', NO_MEMORY);
  }

  record(id: string): ProcessMember {
    return this.#lives.find(id);
  }

  async kill(id: string, detect: Detection | undefined): Promise<void> {
    if (detect === 'event') throw this.#lacks('detection by event', 'sentinels are told nothing');
    await this.#lives.running(id).child.kill();
  }

  inject(id: string, fault: Fault): void {
    const { member } = this.#lives.running(id);
    if (fault !== 'exit') {
      throw this.#lacks(
        `inject(${fault})`,
        "it takes a thread's own code; there are inject(exit), kill and pause",
      );
    }
    const asker = new Asker(member.plan.listen.host, member.plan.listen.port);
    const password = member.kind === 'node' ? this.#topology.config['requirepass'] : undefined;
    if (password) asker.ask('AUTH', password).catch(() => {});
    // Its answer is its end.
    asker
      .ask('SHUTDOWN', 'NOSAVE', ...(member.kind === 'node' ? ['NOW', 'FORCE'] : []))
      .catch(() => {})
      .finally(() => asker.close());
  }

  /** A process that was sent SIGSTOP stands still before the signal's sender goes on. */
  pause(id: string): Promise<void> {
    const { child, member } = this.#lives.running(id);
    child.signal('SIGSTOP');
    member.isFrozen = true;
    return Promise.resolve();
  }

  resume(id: string): void {
    const member = this.#lives.find(id);
    member.child?.signal('SIGCONT');
    member.isFrozen = false;
  }

  cut(a: string, b: string): void {
    if (!this.#canCut) throw this.#lacks('partition()', NO_TWINS);
    this.#setCut(a, b, true);
  }

  heal(a?: string, b?: string): void {
    if (a !== undefined && b !== undefined) this.#setCut(a, b, false);
    else {
      for (const one of this.#members) {
        for (const other of this.#members) if (one !== other) this.#setCut(one.id, other.id, false);
      }
    }
  }

  operator(): never {
    throw this.#lacks('operator()', 'it speaks to a thread of this process');
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const close of this.#closers) close();
    this.#source.close();
    await this.#lives.stop();
    await this.#keeper.end();
  }

  /** The master, its replicas, and, once it has all of them, the sentinels that ask it for them. */
  async #begin(): Promise<void> {
    const master = this.#lives.find(this.masterId);
    await this.#lives.begin(master);
    const replicas = this.#of('node').filter((node) => node !== master);
    await this.#beginAll(replicas);
    await this.#untilFollowed(master, replicas.length);
    await this.#beginAll(this.#of('sentinel'));
  }

  async #beginAll(members: readonly ProcessMember[]): Promise<void> {
    // Settled, not raced: stopping half-started ones must find them all.
    const begun = await Promise.allSettled(members.map((member) => this.#lives.begin(member)));
    const failed = begun.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** Real sentinels ask a master for its replicas at first, and then in ten seconds again. */
  async #untilFollowed(master: ProcessMember, replicas: number): Promise<void> {
    const giveUpAt = realClock.monotonicMs() + this.#topology.readyTimeoutMs;
    const asker = new Asker(master.plan.listen.host, master.plan.listen.port);
    try {
      const password = this.#topology.config['requirepass'];
      if (password) await asker.ask('AUTH', password);
      // What is missing after all is named when the cluster is asked whether all agree.
      while (realClock.monotonicMs() < giveUpAt) {
        const known = infoReplicas(await asker.info('replication'));
        if (known.filter(({ state }) => state === 'online').length >= replicas) return;
        await new Promise((resolve) => {
          setTimeout(resolve, POLL_MS);
        });
      }
    } finally {
      asker.close();
    }
  }

  #setCut(a: string, b: string, isCut: boolean): void {
    const [one, other] = [this.#lives.find(a), this.#lives.find(b)];
    one.proxy.cut(other.plan.listen.host, isCut);
    other.proxy.cut(one.plan.listen.host, isCut);
  }

  #of(kind: ProcessMember['kind']): ProcessMember[] {
    return this.#members.filter((member) => member.kind === kind);
  }

  #idAt({ host, port }: Address): string {
    const at = this.#members.find(
      ({ plan: { listen } }) => listen.host === host && listen.port === port,
    );
    return at?.id ?? '';
  }

  #lacks(what: string, why: string) {
    return unsupported(engineName(this.#topology.engine), what, why);
  }
}
