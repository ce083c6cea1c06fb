/**
 * The lives of a system's actors: each one's thread spawned, wired to every other, watched, and
 * started again when it has ended and its supervisor says so.
 *
 * Who is master is learnt here too, since a node that died as master waits for its successor.
 */
import type { SharedMemory } from '../base/shared-memory.js';
import type { Address } from '../base/address.js';
import { assert, assertNever } from '../base/assert.js';
import { RingleaderError } from '../base/errors.js';
import { Prng } from '../base/prng.js';
import type { Clock, Millis } from '../base/time.js';
import type { Frame } from '../frame/codec.js';
import { type ActorRecord, type ActorSpec, type ActorTable, isRunning } from './actor-record.js';
import { noMemoryFor } from './address-space.js';
import { Announcer, tell } from './announcer.js';
import { ControlWords } from './control.js';
import { Mastership, type OutsideMaster } from './mastership.js';
import { type Detection, type DownReason, isActorFrame, type ThreadData } from './messages.js';
import { MAIN_INDEX, PartitionMatrix } from './partition.js';
import { releaseMemory } from './release-memory.js';
import { Router } from './router.js';
import { spawnThread, type ThreadEnd } from './spawn.js';
import { decideRestart } from './supervisor.js';
import type { ActorSystemEvent } from './system-event.js';
import { type Beat, Watchdog } from './watchdog.js';
import { createWireCounters } from './wire.js';

export interface LifecycleOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** The compiled data core, posted to every node. */
  readonly module: unknown;
  /** Makes a node's memory, at the start of each of its lives. */
  createMemory(): SharedMemory | null;
  /** A loop that stands still for longer is `down` with reason 'unresponsive'. */
  readonly heartbeatTimeoutMs: Millis;
  /**
   * How sentinels find out that a thread has ended, unless `kill` says otherwise; default 'event'.
   */
  readonly detection?: Detection;
  /** Between two beats of an idle actor's heart; default and most: a quarter of the timeout. */
  readonly heartbeatMs?: Millis;
  /** What the sentinels call the nodes; needed where there are sentinels. */
  readonly group?: string;
  onEvent(event: ActorSystemEvent): void;
}

/** Beats per timeout at least, so that one or two may come late. */
export const BEATS_PER_TIMEOUT = 4;
/** How long a stopping actor may take to close what it has open. */
const STOP_TIMEOUT_MS = 1_000;
/** The same for one that may have to save its data first. */
const SAVE_TIMEOUT_MS = 60_000;

export class Lifecycle {
  /** The main thread's own ways to the actors. */
  readonly router: Router;
  readonly partition = new PartitionMatrix();
  readonly control = new ControlWords();
  readonly announcer: Announcer;
  readonly #options: LifecycleOptions;
  readonly #table: ActorTable;
  readonly #random: Prng;
  readonly #watchdog: Watchdog;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #mastership: Mastership;
  #watchTimer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(table: ActorTable, options: LifecycleOptions) {
    this.#table = table;
    this.#options = options;
    this.#random = new Prng(options.seed);
    this.router = new Router(this.partition, MAIN_INDEX);
    this.announcer = new Announcer(this.partition, () => table.records());
    this.#watchdog = new Watchdog(options.heartbeatTimeoutMs);
    this.#mastership = new Mastership({
      idAt: ({ host, port }) => this.router.peerAt(host, port)?.id,
      group: options.group ?? '',
      hasSentinels: () => table.records().some(({ kind }) => kind === 'sentinel'),
      onChange: () => this.#onNewMaster(),
    });
    this.#watch();
  }

  /** @see Mastership.masterId */
  get masterId(): string | null {
    return this.#mastership.masterId;
  }

  /** The master, where it is a server outside; null: it is a node. */
  get outsideMaster(): OutsideMaster | null {
    return this.#mastership.outside;
  }

  /** An actor's first life; resolves when it listens, rejects if it cannot. */
  begin(record: ActorRecord): Promise<Address> {
    const { spec } = record;
    if (spec.kind === 'node') this.#mastership.begin(spec.id, spec.config.replicaOf);
    return new Promise((resolve, reject) => {
      record.starter = { resolve, reject };
      this.#spawn(record);
    });
  }

  /** End all actors cleanly, then all threads. Nothing of the system runs afterwards. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#watchTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#table.records().map((record) => this.#stop(record)));
    this.router.close();
    await Promise.all(this.#table.records().map((record) => this.#release(record)));
  }

  #release(record: ActorRecord): Promise<void> {
    const { memory } = record;
    record.memory = null;
    return releaseMemory(memory);
  }

  async #stop(record: ActorRecord): Promise<void> {
    if (!isRunning(record)) return;
    const { thread, spec } = record;
    const saves = spec.kind === 'node' && spec.config.hasDisk === true;
    this.control.thaw(record.index);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      record.onStopped = resolve;
      timer = this.#later(saves ? SAVE_TIMEOUT_MS : STOP_TIMEOUT_MS, resolve);
      tell(record, { type: 'stop' });
    });
    this.#cancel(timer);
    await thread.terminate();
  }

  // ── A thread, from spawn to exit ──────────────────────────────────────────────────────────────

  #spawn(record: ActorRecord): void {
    const { spec, index } = record;
    this.control.reset(index);
    this.control.setSilent(index, this.#options.detection === 'down-after');
    record.state = 'starting';
    record.lives += 1;
    record.downReason = null;
    record.failure = null;
    if (!this.#makeMemory(record)) return;
    const data: ThreadData = {
      id: spec.id,
      index,
      kind: spec.kind,
      config: this.#configOf(record),
      memory: record.memory,
      module: spec.kind === 'node' ? this.#options.module : null,
      partition: this.partition.buffer,
      control: this.control.buffer,
      counters: createWireCounters(),
      heartbeatMs: this.#heartbeatMs(),
      seed: this.#random.uint32(),
      saved: record.saved,
    };
    const thread = spawnThread(spec.entry, data, spec.heapMb, this.partition, (end) =>
      this.#onEnd(record, end),
    );
    record.thread = thread;
    const announced = { id: spec.id, index, kind: spec.kind, address: record.address };
    this.router.addPeer(announced, thread.wire, record.memory);
    thread.wire.onFrame = (frame) => this.#onFrame(record, frame);
    this.#watchdog.add(spec.id, this.control.beatAt(index), this.#now());
    this.announcer.introduce(record);
  }

  /** @returns false: there is no room for one, so there is no life. */
  #makeMemory(record: ActorRecord): boolean {
    const { id, kind } = record.spec;
    try {
      record.memory = kind === 'node' ? this.#options.createMemory() : null;
      return true;
    } catch (cause) {
      const error = noMemoryFor(id, cause);
      record.state = 'gone';
      if (record.hasListened) this.#options.onEvent({ type: 'given-up', id, why: error.message });
      else record.starter?.reject(error);
      return false;
    }
  }

  /** A node comes back on its old port, as a replica of whoever is to be followed by now. */
  #configOf(record: ActorRecord): ActorSpec['config'] {
    const { spec, address } = record;
    const config = { ...spec.config, ...address };
    if (spec.kind !== 'node' || record.lives === 1) return config;
    const { replicaOf: _, ...rest } = { replicaOf: undefined, ...config };
    const followed = this.#mastership.followedBy(spec.id);
    if (followed === null) return rest;
    const replicaOf = typeof followed === 'string' ? this.#table.find(followed).address : followed;
    return { ...rest, replicaOf };
  }

  #onFrame(record: ActorRecord, frame: Frame): void {
    assert(isActorFrame(frame), `${frame.type} is no frame of an actor`);
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
        this.#mastership.onEvent(id, frame.name, frame.payload);
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

  // ── Told to all: up, down ─────────────────────────────────────────────────────────────────────

  #markUp(record: ActorRecord): void {
    record.state = 'up';
    record.downReason = null;
    this.router.markUp(record.spec.id, record.address);
    this.announcer.announce(record);
    this.#options.onEvent({ type: 'up', id: record.spec.id, address: record.address });
  }

  #markDown(record: ActorRecord, reason: DownReason, detail: string): void {
    record.state = reason === 'unresponsive' ? 'unresponsive' : 'down';
    record.downReason = reason;
    this.router.markDown(record.spec.id, reason);
    this.announcer.announce(record);
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
      // No other actor has been told of it: only whoever started it need know.
      record.state = 'gone';
      record.starter?.reject(new RingleaderError('ACTOR_DOWN', `${id} did not start: ${detail}`));
      return;
    }
    this.#markDown(record, reason, record.failure ?? detail);
    this.#restart(record);
  }

  #restart(record: ActorRecord): void {
    const { id, child, hasDisk } = record.spec;
    const wasMaster = this.#mastership.isMaster(id);
    const hasReplicas = this.#table
      .records()
      .some((other) => other !== record && other.kind === 'node' && other.state !== 'gone');
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

  /** Those that died as master come back, as replicas. */
  #onNewMaster(): void {
    for (const record of this.#table.records()) {
      if (!record.waitsForFailover || this.#mastership.isMaster(record.spec.id)) continue;
      record.waitsForFailover = false;
      this.#restart(record);
    }
  }

  #watch(): void {
    const read = (id: string): Beat => {
      const { index } = this.#table.find(id);
      return { beat: this.control.beatAt(index), ageMs: this.control.beatAgeMs(index) };
    };
    const { stalled, recovered, nextMs } = this.#watchdog.check(read, this.#now());
    this.#watchTimer = setTimeout(() => this.#watch(), nextMs).unref();
    for (const id of stalled) {
      const record = this.#table.find(id);
      // One that is still starting has not been up: it may take the time that it takes.
      if (record.state !== 'up') continue;
      this.#markDown(record, 'unresponsive', 'its event loop stands still');
    }
    for (const id of recovered) {
      const record = this.#table.find(id);
      if (record.state === 'unresponsive') this.#markUp(record);
    }
  }

  #heartbeatMs(): Millis {
    const { heartbeatTimeoutMs, heartbeatMs = Infinity } = this.#options;
    return Math.min(heartbeatMs, heartbeatTimeoutMs / BEATS_PER_TIMEOUT);
  }

  // ── Timers ────────────────────────────────────────────────────────────────────────────────────

  #later(delayMs: Millis, callback: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: NodeJS.Timeout | undefined): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#timers.delete(timer);
  }

  #now(): Millis {
    return this.#options.clock.monotonicMs();
  }
}
