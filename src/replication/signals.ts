/**
 * What a master puts into the stream for its replicas alone: signs of life, and the question how
 * far they are. They are no writes, so whatever database is selected will do.
 *
 * @see redis/redis 7.0.15 src/replication.c, replicationCron(), replicationRequestAckFromSlaves()
 */
import type { Millis } from '../base/time.js';
import type { ReplicationEnvironment } from './environment.js';

/** What is asked of the node. */
export interface SignalOwner {
  isMaster(): boolean;
  /** While its role is handed over, its history stands still. */
  isFailingOver(): boolean;
  replicas(): number;
  /** Whether some of them are across sockets. */
  hasRemote(): boolean;
  /** There is something new in the stream. */
  wake(): void;
  onFenced(): void;
}

export class Signals {
  readonly #env: ReplicationEnvironment;
  readonly #owner: SignalOwner;
  #pingedAt: Millis;
  #asksForAcks = false;

  constructor(env: ReplicationEnvironment, owner: SignalOwner) {
    this.#env = env;
    this.#owner = owner;
    this.#pingedAt = env.clock.monotonicMs();
  }

  /** This node has just become a master: the first sign of life is due a period from now. */
  restart(): void {
    this.#pingedAt = this.#env.clock.monotonicMs();
  }

  /** A sign of life, for replicas that know the master by nothing else. */
  ping(now: Millis): void {
    const owner = this.#owner;
    if (!owner.isMaster() || owner.replicas() === 0 || owner.isFailingOver()) return;
    if (now - this.#pingedAt < this.#env.config.replPingReplicaPeriodSeconds * 1000) return;
    this.#pingedAt = now;
    this.#append(['PING']);
  }

  /**
   * Ask the replicas across sockets how far they are: once for all who begin to wait in this turn.
   */
  requestAcks(): void {
    if (this.#asksForAcks || !this.#owner.hasRemote()) return;
    this.#asksForAcks = true;
    this.#env.soon(() => {
      this.#asksForAcks = false;
      if (this.#owner.isMaster()) this.#append(['REPLCONF', 'GETACK', '*']);
    });
  }

  #append(command: readonly string[]): void {
    const { core } = this.#env;
    const from = core.head();
    core.append(core.streamDb, command);
    if (!core.publish()) return this.#owner.onFenced();
    this.#env.onForReplicas?.(from);
    this.#owner.wake();
  }
}
