/**
 * The coordinator: spawns actors, wires every pair of them and supervises them. It runs on the main
 * thread.
 *
 * It decides nothing that the sentinels decide: it counts no votes, and it learns who is master as
 * any client does, from the sentinels' events (or, in a cluster without sentinels, from the node itself).
 * It may be slow or stuck without harm to a failover under way between actors whose wires exist.
 */
import type { Remote } from 'comlink';
import { MessageChannel } from 'node:worker_threads';

import { assert, assertNever } from '../src/base/assert.js';
import { RingleaderError } from '../src/base/errors.js';
import { Prng } from '../src/base/prng.js';
import type { Clock, Millis } from '../src/base/time.js';
import type { Frame } from '../src/frame/codec.js';
import {
  type ActorRecord,
  type ActorSpec,
  isRunning,
  newRecord,
} from '../src/runtime/actor-record.js';
import { Announcer, tell } from '../src/runtime/announcer.js';
import { ControlWords } from '../src/runtime/control.js';
import type { Fault } from '../src/runtime/faults.js';
import {
  type Address,
  type DownReason,
  isActorFrame,
  type ThreadData,
} from '../src/runtime/messages.js';
import { callOperator, type Operator } from '../src/runtime/operator.js';
import { MAIN_INDEX, PartitionMatrix } from '../src/runtime/partition.js';
import { Router } from '../src/runtime/router.js';
import { spawnThread, type ThreadEnd } from '../src/runtime/spawn.js';
import { decideRestart } from '../src/runtime/supervisor.js';
import {
  isFencedPromotion,
  parsePromoted,
  parseSwitchMaster,
} from '../src/runtime/switch-master.js';
import { Watchdog } from '../src/runtime/watchdog.js';
import { createWireCounters, type SharedMemory } from '../src/runtime/wire.js';

/** What happens in the cluster, as it happens. */
export type CoordinatorEvent =
  | { readonly type: 'up'; readonly id: string; readonly address: Address }
  | {
      readonly type: 'down';
      readonly id: string;
      readonly reason: DownReason;
      readonly detail: string;
    }
  | { readonly type: 'restarting'; readonly id: string; readonly afterMs: Millis }
  | { readonly type: 'waiting-for-failover'; readonly id: string }
  /** It is not restarted any more. */
  | { readonly type: 'given-up'; readonly id: string; readonly why: string }
  /** An actor's own event: a sentinel's `+sdown`, a node's `role-changed`… */
  | {
      readonly type: 'actor';
      readonly id: string;
      readonly name: string;
      readonly payload: unknown;
    };

export interface CoordinatorOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** The compiled data core, posted to every node. */
  readonly module: unknown;
  /** Makes a node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
  /** A loop that stands still for longer is `down` with reason 'unresponsive'. */
  readonly heartbeatTimeoutMs: Millis;
  onEvent(event: CoordinatorEvent): void;
}

/** Watchdog rounds per timeout. */
const ROUNDS_PER_TIMEOUT = 8;
/** How long a stopping actor may take to close what it has open. */
const STOP_TIMEOUT_MS = 1_000;

export class Coordinator {
  /** The main thread's own ways to the actors. */
  readonly router: Router;
  readonly #options: CoordinatorOptions;
  readonly #random: Prng;
  readonly #partition = new PartitionMatrix();
  readonly #control = new ControlWords();
  readonly #watchdog: Watchdog;
  readonly #records = new Map<string, ActorRecord>();
  readonly #announcer = new Announcer(this.#partition, () => this.#records.values());
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #watchTimer: NodeJS.Timeout;
  #masterId: string | null = null;
  #stopping = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#random = new Prng(options.seed);
    this.router = new Router(this.#partition, MAIN_INDEX);
    this.#watchdog = new Watchdog(options.heartbeatTimeoutMs);
    const roundMs = Math.ceil(options.heartbeatTimeoutMs / ROUNDS_PER_TIMEOUT);
    this.#watchTimer = setInterval(() => this.#watch(), roundMs).unref();
  }

  /** The node that the cluster last agreed on as master; null before the first one is up. */
  get masterId(): string | null {
    return this.#masterId;
  }

  records(): readonly Readonly<ActorRecord>[] {
    return [...this.#records.values()];
  }

  /** @throws RingleaderError NO_SUCH_ACTOR */
  record(id: string): Readonly<ActorRecord> {
    return this.#find(id);
  }

  /**
   * Start an actor for the first time.
   *
   * @returns where it listens, once it does.
   * @throws RingleaderError with the code that the actor failed with (ADDRESS_IN_USE…), or ACTOR_DOWN
   * if its thread died first.
   */
  start(spec: ActorSpec): Promise<Address> {
    assert(!this.#records.has(spec.id), `${spec.id} exists`);
    assert(this.#records.size < MAIN_INDEX, 'a cluster has at most 63 actors');
    const record = newRecord(spec, this.#records.size);
    this.#records.set(spec.id, record);
    if (this.#masterId === null && spec.kind === 'node' && spec.config.replicaOf === undefined) {
      this.#masterId = spec.id;
    }
    return new Promise((resolve, reject) => {
      record.starter = { resolve, reject };
      this.#spawn(record);
    });
  }

  /** End an actor's thread without warning. Resolves when it is gone; its supervisor acts on it. */
  async kill(id: string): Promise<void> {
    await this.#running(id).thread.terminate();
  }

  /** Make an actor fail from within. */
  inject(id: string, fault: Fault): void {
    tell(this.#running(id), { type: 'inject', fault });
  }

  /** Stop an actor's thread where it stands, until `resume`. */
  pause(id: string): void {
    const record = this.#running(id);
    this.#control.freeze(record.index);
    tell(record, { type: 'freeze' });
  }

  resume(id: string): void {
    this.#control.thaw(this.#find(id).index);
  }

  /** Whether the actor's thread stands still now. */
  isFrozen(id: string): boolean {
    return this.#control.isFrozen(this.#find(id).index);
  }

  /** The operator's interface to one actor; each call is answered by the actor's own thread. */
  operator(id: string): Remote<Operator> {
    const { port1, port2 } = new MessageChannel();
    this.#running(id).thread.wire.send({ type: 'operator' }, { port: port2 });
    return callOperator(port1);
  }

  /** Cut two actors off from each other. */
  cut(a: string, b: string): void {
    this.#partition.cut(this.#find(a).index, this.#find(b).index);
    this.#announcer.partitionChanged();
  }

  /** Heal one pair, or all. */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) this.#partition.healAll();
    else this.#partition.heal(this.#find(a).index, this.#find(b).index);
    this.router.flush();
    this.#announcer.partitionChanged();
  }

  isCut(a: string, b: string): boolean {
    return this.#partition.isCut(this.#find(a).index, this.#find(b).index);
  }

  /** End all actors cleanly, then all threads. Nothing of the cluster runs afterwards. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watchTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.records().map((record) => this.#stop(record)));
    this.router.close();
  }

  async #stop(record: ActorRecord): Promise<void> {
    if (!isRunning(record)) return;
    const { thread } = record;
    this.#control.thaw(record.index);
    await new Promise<void>((resolve) => {
      record.onStopped = resolve;
      this.#later(STOP_TIMEOUT_MS, resolve);
      tell(record, { type: 'stop' });
    });
    await thread.terminate();
  }

  // ── One life ──────────────────────────────────────────────────────────────────────────────────

  #spawn(record: ActorRecord): void {
    const { spec, index } = record;
    this.#control.reset(index);
    record.state = 'starting';
    record.lives += 1;
    record.downReason = null;
    record.failure = null;
    record.memory = spec.kind === 'node' ? this.#options.createMemory() : null;
    const data: ThreadData = {
      id: spec.id,
      index,
      kind: spec.kind,
      config: this.#configOf(record),
      memory: record.memory,
      module: spec.kind === 'node' ? this.#options.module : null,
      partition: this.#partition.buffer,
      control: this.#control.buffer,
      counters: createWireCounters(),
      seed: this.#random.uint32(),
      saved: record.saved,
    };
    const thread = spawnThread(spec.entry, data, spec.heapMb, this.#partition, (end) =>
      this.#onEnd(record, end),
    );
    record.thread = thread;
    const announced = { id: spec.id, index, kind: spec.kind, address: record.address };
    this.router.addPeer(announced, thread.wire, record.memory);
    thread.wire.onFrame = (frame) => this.#onFrame(record, frame);
    this.#watchdog.add(spec.id, this.#control.beats(index), this.#now());
    this.#announcer.introduce(record);
  }

  /** A node comes back on its old port, as a replica of whoever is master by now. */
  #configOf(record: ActorRecord): ActorSpec['config'] {
    const { spec, address } = record;
    const config = { ...spec.config, ...address };
    if (spec.kind !== 'node' || record.lives === 1) return config;
    const { replicaOf: _, ...rest } = { replicaOf: undefined, ...config };
    const master = this.#masterId === null ? null : this.#find(this.#masterId);
    return master === null || master === record ? rest : { ...rest, replicaOf: master.address };
  }

  #onFrame(record: ActorRecord, frame: Frame): void {
    assert(isActorFrame(frame), `${frame.type} is no frame for the coordinator`);
    const { id } = record.spec;
    switch (frame.type) {
      case 'ready':
        this.#onReady(record, frame.address);
        break;
      case 'failed':
        record.failure = frame.error.message;
        record.starter?.reject(RingleaderError.fromWire(frame.error));
        void record.thread?.terminate();
        break;
      case 'event':
        this.#onActorEvent(record, frame.name, frame.payload);
        this.#options.onEvent({ type: 'actor', id, name: frame.name, payload: frame.payload });
        break;
      case 'save':
        record.saved = frame.text;
        break;
      case 'stopped':
        record.onStopped();
        break;
      default:
        assertNever(frame);
    }
  }

  #onReady(record: ActorRecord, address: Address): void {
    record.address = address;
    record.hasListened = true;
    this.#markUp(record);
    record.starter?.resolve(address);
  }

  // ── Up and down ───────────────────────────────────────────────────────────────────────────────

  #markUp(record: ActorRecord): void {
    record.state = 'up';
    record.downReason = null;
    this.router.markUp(record.spec.id, record.address);
    this.#announcer.announce(record);
    this.#options.onEvent({ type: 'up', id: record.spec.id, address: record.address });
  }

  #markDown(record: ActorRecord, reason: DownReason, detail: string): void {
    record.state = reason === 'unresponsive' ? 'unresponsive' : 'down';
    record.downReason = reason;
    this.router.markDown(record.spec.id, reason);
    this.#announcer.announce(record);
    this.#options.onEvent({ type: 'down', id: record.spec.id, reason, detail });
  }

  #onEnd(record: ActorRecord, { reason, detail }: ThreadEnd): void {
    const { id } = record.spec;
    record.thread = null;
    this.#watchdog.remove(id);
    if (this.#stopping) {
      record.state = 'gone';
      record.onStopped();
      return;
    }
    if (!record.hasListened) {
      // Nobody has met it yet but whoever started it.
      record.state = 'gone';
      record.starter?.reject(new RingleaderError('ACTOR_DOWN', `${id} did not start: ${detail}`));
      return;
    }
    this.#markDown(record, reason, record.failure ?? detail);
    this.#restart(record);
  }

  #restart(record: ActorRecord): void {
    const { id, child, hasDisk } = record.spec;
    const wasMaster = id === this.#masterId;
    const hasReplicas = this.records().some(
      (other) => other !== record && other.kind === 'node' && other.state !== 'gone',
    );
    const death = { wasMaster, hasDisk, hasReplicas };
    const decision = decideRestart(child, record.restarts, death, this.#now(), this.#random);
    switch (decision.type) {
      case 'restart':
        record.restarts = decision.restarts;
        this.#options.onEvent({ type: 'restarting', id, afterMs: decision.afterMs });
        this.#later(decision.afterMs, () => this.#spawn(record));
        break;
      case 'wait-for-failover':
        record.waitsForFailover = true;
        this.#options.onEvent({ type: 'waiting-for-failover', id });
        break;
      case 'give-up':
        record.state = 'gone';
        this.#options.onEvent({ type: 'given-up', id, why: decision.why });
        break;
      default:
        assertNever(decision);
    }
  }

  #onActorEvent(record: ActorRecord, name: string, payload: unknown): void {
    if (name === '+switch-master' || name === '+promoted-slave') {
      const to =
        name === '+switch-master' ? parseSwitchMaster(payload)?.to : parsePromoted(payload);
      if (to) this.#onNewMaster(this.router.peerAt(to.host, to.port)?.id);
    } else if (name === 'promoted' && isFencedPromotion(payload)) {
      // Nobody else can be master from here on; the sentinels' word of it comes a moment later.
      this.#onNewMaster(record.spec.id);
    } else if (name === 'role-changed' && payload === 'master') {
      const hasSentinels = this.records().some(({ kind }) => kind === 'sentinel');
      if (!hasSentinels) this.#onNewMaster(record.spec.id);
    }
  }

  #onNewMaster(id: string | undefined): void {
    if (id === undefined || id === this.#masterId) return;
    this.#masterId = id;
    for (const record of this.#records.values()) {
      if (!record.waitsForFailover || record.spec.id === id) continue;
      record.waitsForFailover = false;
      this.#restart(record);
    }
  }

  #watch(): void {
    const beats = (id: string): number => this.#control.beats(this.#find(id).index);
    const { stalled, recovered } = this.#watchdog.check(beats, this.#now());
    for (const id of stalled) {
      const record = this.#find(id);
      // One that is still starting has not been up: it may take the time that it takes.
      if (record.state !== 'up') continue;
      this.#markDown(record, 'unresponsive', 'its event loop stands still');
    }
    for (const id of recovered) {
      const record = this.#find(id);
      if (record.state === 'unresponsive') this.#markUp(record);
    }
  }

  // ── Small things ──────────────────────────────────────────────────────────────────────────────

  #find(id: string): ActorRecord {
    const record = this.#records.get(id);
    if (record !== undefined) return record;
    const known = [...this.#records.keys()].join(', ');
    throw new RingleaderError('NO_SUCH_ACTOR', `no actor is called ${id}; there are ${known}`);
  }

  #running(id: string): ActorRecord & { thread: NonNullable<ActorRecord['thread']> } {
    const record = this.#find(id);
    if (isRunning(record)) return record;
    throw new RingleaderError('ACTOR_DOWN', `${id} has no thread: it is ${record.state}`);
  }

  #later(delayMs: Millis, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.add(timer);
  }

  #now(): Millis {
    return this.#options.clock.monotonicMs();
  }
}
