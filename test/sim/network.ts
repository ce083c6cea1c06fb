/**
 * The simulated network: delay, loss, duplication, partitions, and actors that freeze or die.
 *
 * Connections keep order, as TCP and ports do; what crosses a cut is lost. Frames (questions and
 * answers) may also overtake each other and arrive twice. What is sent to a frozen actor waits.
 */
import type { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import type { EventQueue } from './queue.js';

export interface NetworkOptions {
  /** Usual delay bound. */
  readonly delayMs: Millis;
  /** Delay bound of the few that take long. */
  readonly slowMs: Millis;
  readonly loss: number;
  readonly duplication: number;
}

/** Whoever can be reached: a node or a sentinel. */
export interface Endpoint {
  readonly id: string;
  alive: boolean;
  /** Runs again at this time; 0 when it is not frozen. */
  frozenUntil: Millis;
  /** Counts restarts: what was meant for an earlier life is not delivered. */
  life: number;
}

/** One way of one connection. */
export interface Channel {
  lastAt: Millis;
}

export class Network {
  options: NetworkOptions;
  /** When set, frames wait here until they are called. */
  held: (() => void)[] | null = null;
  readonly #queue: EventQueue;
  readonly #random: Prng;
  readonly #cuts = new Set<string>();

  constructor(queue: EventQueue, random: Prng, options: NetworkOptions) {
    this.#queue = queue;
    this.#random = random;
    this.options = options;
  }

  cut(a: string, b: string): void {
    this.#cuts.add(`${a} ${b}`).add(`${b} ${a}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  isCut(a: string, b: string): boolean {
    return this.#cuts.has(`${a} ${b}`);
  }

  delay(): Millis {
    const { delayMs, slowMs } = this.options;
    if (delayMs === 0) return 1; // For transcripts: the same delay for all.
    return 1 + this.#random.below(this.#random.chance(0.02) ? slowMs : delayMs);
  }

  /** Send over a connection: in order, or not at all. */
  send(from: Endpoint, to: Endpoint, channel: Channel, deliver: () => void): void {
    if (this.#random.chance(this.options.loss)) return;
    channel.lastAt = Math.max(channel.lastAt, this.#queue.now + this.delay());
    this.#deliver(channel.lastAt, from, to, deliver);
  }

  /** Send a frame by itself. */
  frame(from: Endpoint, to: Endpoint, deliver: () => void): void {
    if (this.held !== null) {
      this.held.push(() => this.#deliver(this.#queue.now, from, to, deliver));
      return;
    }
    if (this.#random.chance(this.options.loss)) return;
    this.#deliver(this.#queue.now + this.delay(), from, to, deliver);
    if (this.#random.chance(this.options.duplication)) {
      this.#deliver(this.#queue.now + this.delay(), from, to, deliver);
    }
  }

  #deliver(at: Millis, from: Endpoint, to: Endpoint, deliver: () => void): void {
    const { life } = to;
    this.#queue.at(at, () => {
      if (!this.isCut(from.id, to.id)) this.whenRunning(to, life, deliver);
    });
  }

  /** Do it when the actor runs; not at all if it died meanwhile. */
  whenRunning(actor: Endpoint, life: number, run: () => void): void {
    if (!actor.alive || actor.life !== life) return;
    if (actor.frozenUntil <= this.#queue.now) run();
    else this.#queue.at(actor.frozenUntil, () => this.whenRunning(actor, life, run));
  }
}
