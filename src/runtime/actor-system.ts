/**
 * The actor system: all actors of one cluster, as the main thread sees them: started, looked at,
 * made to fail, cut off from each other and stopped. Threads, their ends and restarts are in
 * `lifecycle.ts`.
 *
 * It decides nothing that the sentinels decide: it counts no votes, and it learns who is master as
 * any client does, from the sentinels' events (or, in a cluster without sentinels, from the node
 * itself). It may be slow or stuck without harm to a failover under way between actors whose wires
 * exist.
 */
import { MessageChannel } from 'node:worker_threads';

import type { Address } from '../base/address.js';
import { type ActorRecord, type ActorSpec, ActorTable } from './actor-record.js';
import { tell } from './announcer.js';
import type { Fault } from './faults.js';
import { Lifecycle, type LifecycleOptions } from './lifecycle.js';
import type { OutsideMaster } from './mastership.js';
import type { Detection } from './messages.js';
import { callOperator, type RemoteOperator } from './operator.js';
import type { Router } from './router.js';

export type { ActorSystemEvent } from './system-event.js';

export class ActorSystem {
  /** The main thread's own ways to the actors. */
  readonly router: Router;
  readonly #table = new ActorTable();
  readonly #lives: Lifecycle;

  constructor(options: LifecycleOptions) {
    this.#lives = new Lifecycle(this.#table, options);
    this.router = this.#lives.router;
  }

  /** The node that the cluster last agreed on as master; null before the first one is up. */
  get masterId(): string | null {
    return this.#lives.masterId;
  }

  /** The master, where it is a server outside; null: it is a node. */
  get outsideMaster(): OutsideMaster | null {
    return this.#lives.outsideMaster;
  }

  records(): readonly Readonly<ActorRecord>[] {
    return this.#table.records();
  }

  /** @throws RingleaderError NO_SUCH_ACTOR */
  record(id: string): Readonly<ActorRecord> {
    return this.#table.find(id);
  }

  /**
   * Start an actor for the first time.
   *
   * @returns where it listens, once it does.
   * @throws RingleaderError with the code that the actor failed with (ADDRESS_IN_USE…), or
   * ACTOR_DOWN if its thread died first.
   */
  start(spec: ActorSpec): Promise<Address> {
    return this.#lives.begin(this.#table.add(spec));
  }

  /** End an actor's thread without warning. Resolves when it is gone; its supervisor acts on it. */
  async kill(id: string, detect?: Detection): Promise<void> {
    const { thread, index } = this.#table.running(id);
    if (detect !== undefined) this.#lives.control.setSilent(index, detect === 'down-after');
    await thread.terminate();
  }

  /** Make an actor fail from within. */
  inject(id: string, fault: Fault): void {
    tell(this.#table.running(id), { type: 'inject', fault });
  }

  /** Pass a signal of the process on to an actor. */
  signal(id: string, name: string): void {
    tell(this.#table.running(id), { type: 'signal', name });
  }

  /** Stop an actor's thread where it stands, until `resume`. */
  pause(id: string): void {
    const record = this.#table.running(id);
    this.#lives.control.freeze(record.index);
    tell(record, { type: 'freeze' });
  }

  resume(id: string): void {
    this.#lives.control.thaw(this.#table.find(id).index);
  }

  /** Whether the actor's thread stands still now. */
  isFrozen(id: string): boolean {
    return this.#lives.control.isFrozen(this.#table.find(id).index);
  }

  /** The operator's interface to one actor; each call is answered by the actor's own thread. */
  operator(id: string): RemoteOperator {
    const { port1, port2 } = new MessageChannel();
    this.#table.running(id).thread.wire.send({ type: 'operator' }, { port: port2 });
    return callOperator(port1);
  }

  /** Cut two actors off from each other. */
  cut(a: string, b: string): void {
    this.#lives.partition.cut(this.#table.find(a).index, this.#table.find(b).index);
    this.#lives.announcer.partitionChanged();
  }

  /** Heal one pair, or all. */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) this.#lives.partition.healAll();
    else this.#lives.partition.heal(this.#table.find(a).index, this.#table.find(b).index);
    this.router.flush();
    this.#lives.announcer.partitionChanged();
  }

  isCut(a: string, b: string): boolean {
    return this.#lives.partition.isCut(this.#table.find(a).index, this.#table.find(b).index);
  }

  /** End all actors cleanly, then all threads. Nothing of the system runs afterwards. */
  stop(): Promise<void> {
    return this.#lives.stop();
  }
}
