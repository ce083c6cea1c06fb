/**
 * The coordinator in the simulation: production's (src/coordinator/carrier.ts), in a thread that
 * may end, stand still, and be started again with an empty log.
 */
import type { Millis } from '../base/time.js';
import { Carrier } from '../coordinator/carrier.js';
import type { ElectionEntry } from '../coordinator/election-log.js';
import type { Frame } from '../frame/codec.js';
import { type FramePeer, sendFrame } from './frame-peer.js';
import type { Network } from './network.js';
import { COORDINATOR } from './options.js';
import { EPOCH_MS } from './sim-node.js';

/** What it needs of the world that it is in. */
export interface CoordinatorWorld {
  readonly network: Network;
  readonly sentinels: readonly FramePeer[];
  onElectionEntry(entry: ElectionEntry): void;
}

/** A heart that has not beaten for so long stands still, for those who listen. */
const HEART_MS: Millis = 50;

export class SimCoordinator implements FramePeer {
  readonly id = COORDINATOR;
  readonly isInside = true;
  alive = false;
  life = 0;
  readonly #world: CoordinatorWorld;
  #frozenAt: Millis = 0;
  #frozenUntil: Millis = 0;
  /** Null while it is dead. */
  #carrier: Carrier<FramePeer> | null = null;

  constructor(world: CoordinatorWorld) {
    this.#world = world;
  }

  get frozenUntil(): Millis {
    return this.#frozenUntil;
  }

  set frozenUntil(until: Millis) {
    this.#frozenAt = this.#world.network.now;
    this.#frozenUntil = until;
  }

  /** Whether its heart is heard. */
  get beats(): boolean {
    const { now } = this.#world.network;
    return this.alive && (now >= this.#frozenUntil || now - this.#frozenAt < HEART_MS);
  }

  boot(): void {
    const { network } = this.#world;
    this.alive = true;
    this.frozenUntil = 0;
    this.#carrier = new Carrier<FramePeer>({
      peer: (id) => this.#sentinel(id),
      isCut: (from, to) => network.isCut(from.id, to.id),
      send: (to, frame) => sendFrame(network, this, to, frame),
      nowMs: () => EPOCH_MS + network.now,
      tell: (entry) => this.#world.onElectionEntry(entry),
    });
  }

  crash(): void {
    this.alive = false;
    this.life++;
    this.#carrier = null;
  }

  onFrame(from: string, frame: Frame): void {
    const sentinel = this.#sentinel(from);
    if (sentinel !== undefined) this.#carrier?.onFrame(sentinel, frame);
  }

  #sentinel(id: string): FramePeer | undefined {
    return this.#world.sentinels.find((host) => host.isInside && host.id === id);
  }
}
