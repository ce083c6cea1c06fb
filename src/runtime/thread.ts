/**
 * An actor's thread, as the actor sees it: who it is, its router, its line to the main thread.
 *
 * Every actor's entry file begins with `enterThread()`. From then on the thread beats its heart,
 * stands still when told to, keeps its router's picture of the others, and serves the operator.
 * What the actor is, it is by the handlers it sets.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { getHeapStatistics } from 'node:v8';

import type { Address } from '../base/address.js';
import { assert, assertNever } from '../base/assert.js';
import type { RingleaderError } from '../base/errors.js';
import { Prng } from '../base/prng.js';
import { threadCpuSeconds } from './thread-cpu.js';
import { ControlWords } from './control.js';
import { performFault } from './faults.js';
import { Heartbeat, isFreshBeat } from './heartbeat.js';
import type { ActorFrame, SystemFrame, ThreadData } from './messages.js';
import { serveOperator } from './operator.js';
import { MAIN_INDEX, PartitionMatrix } from './partition.js';
import { MAIN_ID, type Peer, Router } from './router.js';
import { type Attachments, type SendResult, Wire } from './wire.js';

/** What the main thread's frames cause; each optional. */
export interface ThreadHandlers {
  /** End cleanly: close what is open to the outside. The thread is ended when this resolves. */
  onStop(): void | Promise<void>;
  /** The process was sent SIGINT or SIGTERM. */
  onSignal(name: string): void;
  /** What an operator sees; anything that structured clone carries. */
  inspect(): unknown;
  /**
   * Its heart has beaten: what is to be done now and then, in one wake.
   *
   * @param isSoon - beatSoon() was called for it.
   */
  onBeat(isSoon: boolean): void;
}

export class ActorThread<Config = unknown> {
  readonly data: ThreadData<Config>;
  readonly router: Router;
  readonly partition: PartitionMatrix;
  readonly random: Prng;
  readonly handlers: ThreadHandlers = {
    onStop: () => {},
    inspect: () => null,
    onSignal: () => {},
    onBeat: () => {},
  };
  /** What main thread and actors tell each other where no message is read. */
  readonly control: ControlWords;
  readonly #heartbeat: Heartbeat;
  readonly #main: Wire<SystemFrame>;

  /** Use `enterThread`, once a thread. */
  constructor(data: ThreadData<Config>, port: MessagePort, beatsItself: boolean) {
    this.data = data;
    this.random = new Prng(data.seed);
    this.partition = new PartitionMatrix(data.partition);
    this.router = new Router(this.partition, data.index);
    this.control = new ControlWords(data.control);
    this.#main = new Wire<SystemFrame>({
      port,
      counters: data.counters,
      side: 1,
      partition: this.partition,
      ownIndex: data.index,
      peerIndex: MAIN_INDEX,
    });
    this.#main.onFrame = (frame, attached) => this.#onFrame(frame, attached);
    this.#heartbeat = new Heartbeat(this.control, data.index, data.heartbeatMs, (isSoon) =>
      this.handlers.onBeat(isSoon),
    );
    if (beatsItself) this.beat();
    else this.#heartbeat.start();
  }

  /** The loop turns: for an actor that beats itself. */
  beat(): void {
    this.control.beat(this.data.index);
    this.control.freezePoint(this.data.index);
  }

  /** There is something to do at the next beat: it comes within a tenth of a second. */
  beatSoon(): void {
    this.#heartbeat.soon();
  }

  /** Whether the actor's heart has beaten within this period (a sentinel's: or the last one). */
  hears(id: string): boolean {
    const peer = this.router.peer(id);
    if (peer === undefined || peer.state !== 'up' || this.router.isCut(peer)) return false;
    if (this.control.isFrozen(peer.index)) return false;
    const { heartbeatMs } = this.data;
    const ageMs = this.control.beatAgeMs(peer.index);
    return peer.kind === 'node'
      ? isFreshBeat(ageMs, performance.timeOrigin + performance.now(), heartbeatMs)
      : ageMs >= -1 && ageMs < 1.5 * heartbeatMs;
  }

  /** Whether this peer's end is to be noticed by its silence only. */
  diesSilently(peer: Peer): boolean {
    return this.control.isSilent(peer.index);
  }

  /** Tell all that this actor listens. */
  ready(address: Address): void {
    this.#tell({ type: 'ready', address });
  }

  /** Tell the main thread that this actor cannot do its work; it is not restarted. */
  failed(error: RingleaderError): void {
    this.#tell({ type: 'failed', error: error.toWire() });
  }

  /** Publish an event to whoever runs the cluster. */
  event(name: string, payload: unknown): void {
    this.#tell({ type: 'event', name, payload });
  }

  /**
   * Leave a text for this actor's next life (`data.saved`). It outlives the thread, not the
   * process, and is kept however soon the thread ends after it, so "save, then answer" holds: Node
   * delivers what a worker has posted before it tells of the worker's exit.
   *
   * @returns anything but 'sent': it was not kept.
   */
  save(text: string): SendResult {
    return this.#tell({ type: 'save', text });
  }

  #tell(frame: ActorFrame): SendResult {
    return this.#main.send(frame);
  }

  #onFrame(frame: SystemFrame, attached: Attachments): void {
    const { port } = attached;
    switch (frame.type) {
      case 'peer':
        this.#addPeer(frame, attached);
        break;
      case 'up':
        this.router.markUp(frame.id, frame.address);
        break;
      case 'down':
        this.router.markDown(frame.id, frame.reason);
        break;
      case 'partition':
        this.router.flush();
        break;
      case 'connect':
        assert(port !== undefined, 'a connection comes with a port');
        this.router.accept(attached, MAIN_INDEX, frame.kind, MAIN_ID);
        break;
      case 'inject':
        // From the loop itself, where nothing can catch it.
        setImmediate(() => performFault(frame.fault));
        break;
      case 'freeze':
        this.control.freezePoint(this.data.index);
        break;
      case 'signal':
        this.handlers.onSignal(frame.name);
        break;
      case 'operator':
        assert(port !== undefined, 'an operator comes with a port');
        this.#serve(port);
        break;
      case 'stop':
        void this.#stop();
        break;
      default:
        assertNever(frame);
    }
  }

  #addPeer(frame: SystemFrame & { type: 'peer' }, attached: Attachments): void {
    const { port, counters, memory } = attached;
    assert(port !== undefined && counters !== undefined, 'a peer comes with a wire');
    const wire = new Wire({
      port,
      counters,
      side: frame.side,
      partition: this.partition,
      ownIndex: this.data.index,
      peerIndex: frame.index,
    });
    this.router.addPeer(frame, wire, memory ?? null);
  }

  #serve(port: MessagePort): void {
    const { index } = this.data;
    serveOperator(
      {
        inspect: () => this.handlers.inspect(),
        pause: () => {
          this.control.freeze(index);
          setImmediate(() => this.control.freezePoint(index));
        },
        vitals: () => ({
          heapUsed: process.memoryUsage().heapUsed,
          heapLimit: getHeapStatistics().heap_size_limit,
          uptimeSeconds: performance.now() / 1000,
          cpuSeconds: threadCpuSeconds(),
        }),
      },
      port,
    );
  }

  async #stop(): Promise<void> {
    await this.handlers.onStop();
    this.#tell({ type: 'stopped' });
  }
}

/**
 * Become an actor: call once, at the top of the worker's entry file.
 *
 * @param options - `beatsItself`: the actor has a timer of its own, which ends each heartbeat
 * period at the latest and calls `beat()`; so that its thread has one, not two.
 */
export function enterThread<Config>({ beatsItself = false } = {}): ActorThread<Config> {
  assert(parentPort !== null, 'an actor runs on a worker thread');
  const data: ThreadData<Config> = workerData;
  return new ActorThread<Config>(data, parentPort, beatsItself);
}
