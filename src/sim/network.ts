/**
 * The simulated network: delay, loss, duplication, one-way partitions, and actors that freeze or
 * die.
 *
 * Byte streams (connection.ts) keep order and lose nothing: what crosses a cut waits for its end,
 * as TCP sends it again. Datagrams are frames between sentinels: lost across a cut, and they may
 * overtake each other and arrive twice. Frames on a wire keep order and are lost across a cut. What
 * is sent to a frozen actor waits.
 */
import type { Prng } from '../base/prng.js';
import type { Millis } from '../base/time.js';
import type { EventQueue } from './event-queue.js';

export interface NetworkOptions {
  /** Usual delay bound. */
  readonly delayMs: Millis;
  /** Delay bound of the few that take long. */
  readonly slowMs: Millis;
  /** Of datagrams, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
}

/** Whoever can be reached: a node, a sentinel or a client. */
export interface Endpoint {
  readonly id: string;
  alive: boolean;
  /** Runs again at this time; 0 when it is not frozen. */
  frozenUntil: Millis;
  /** Counts restarts: what was meant for an earlier life is not delivered. */
  life: number;
}

/** What waits for a way to be free again. */
interface Waiting {
  onHeal(): void;
}

export class Network {
  options: NetworkOptions;
  /** When set, datagrams wait here until they are called. */
  held: (() => void)[] | null = null;
  /** Told of each actor that has done something. */
  onTurn: (actor: Endpoint) => void = () => {};
  /** Told when something was cut or healed. */
  onCuts: () => void = () => {};
  readonly queue: EventQueue;
  readonly #random: Prng;
  /** `from to`. */
  readonly #cuts = new Set<string>();
  /** Mailboxes that take nothing more, `from to`. */
  readonly #full = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  /** What waits for actors that stand still. */
  readonly #frozen = new Map<Endpoint, (() => void)[]>();
  /** When the last frame of each wire arrives, `from to`. */
  readonly #lastAt = new Map<string, Millis>();

  #lastPort = 50_000;

  constructor(queue: EventQueue, random: Prng, options: NetworkOptions) {
    this.queue = queue;
    this.#random = random;
    this.options = options;
  }

  /** @returns a port that no other connection has. */
  nextPort(): number {
    this.#lastPort = this.#lastPort === 65_535 ? 50_000 : this.#lastPort + 1;
    return this.#lastPort;
  }

  get now(): Millis {
    return this.queue.now;
  }

  /** Nothing gets from one to the other any more; the way back is another matter. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from} ${to}`);
    this.onCuts();
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(`${from} ${to}`);
    this.#tellHealed();
  }

  healAll(): void {
    this.#cuts.clear();
    this.#full.clear();
    this.#tellHealed();
  }

  #tellHealed(): void {
    this.onCuts();
    for (const waiting of this.#waiting) waiting.onHeal();
  }

  get hasCuts(): boolean {
    return this.#cuts.size > 0;
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(`${from} ${to}`);
  }

  setFull(from: string, to: string, isFull: boolean): void {
    if (isFull) this.#full.add(`${from} ${to}`);
    else this.#full.delete(`${from} ${to}`);
  }

  isFull(from: string, to: string): boolean {
    return this.#full.has(`${from} ${to}`);
  }

  awaitHeal(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  delay(): Millis {
    const { delayMs, slowMs } = this.options;
    if (delayMs === 0) return 1; // For transcripts: the same delay for all.
    return 1 + this.#random.below(this.#random.chance(0.02) ? slowMs : delayMs);
  }

  /** Send a frame on a wire: in order, or not at all. */
  wire(from: Endpoint, to: Endpoint, deliver: () => void): void {
    const way = `${from.id} ${to.id}`;
    const at = Math.max(this.#lastAt.get(way) ?? 0, this.now + this.delay());
    this.#lastAt.set(way, at);
    this.#deliver(at, from, to, deliver);
  }

  /** Send a frame by itself. */
  datagram(from: Endpoint, to: Endpoint, deliver: () => void): void {
    if (this.held !== null) {
      this.held.push(() => this.#deliver(this.now, from, to, deliver));
      return;
    }
    if (this.#random.chance(this.options.loss)) return;
    this.#deliver(this.now + this.delay(), from, to, deliver);
    if (this.#random.chance(this.options.duplication)) {
      this.#deliver(this.now + this.delay(), from, to, deliver);
    }
  }

  #deliver(at: Millis, from: Endpoint, to: Endpoint, deliver: () => void): void {
    const { life } = to;
    this.queue.at(at, () => {
      if (!this.isCut(from.id, to.id)) this.whenRunning(to, life, deliver);
    });
  }

  /** Do it after a while, when the actor runs. @returns what calls it off. */
  later(actor: Endpoint, delayMs: Millis, run: () => void): () => void {
    let isOff = false;
    const { life } = actor;
    this.queue.at(this.now + Math.max(0, delayMs), () => {
      if (isOff) return;
      this.whenRunning(actor, life, () => {
        if (!isOff) run();
      });
    });
    return () => {
      isOff = true;
    };
  }

  /** It runs again, before its time. */
  thaw(actor: Endpoint): void {
    if (actor.frozenUntil <= this.now) return;
    actor.frozenUntil = this.now;
    this.#thawAt(actor, this.now);
  }

  /** What waits for it is done then, in order. */
  #thawAt(actor: Endpoint, at: Millis): void {
    this.queue.at(at, () => {
      if (actor.frozenUntil > this.now) return this.#thawAt(actor, actor.frozenUntil);
      const waiting = this.#frozen.get(actor) ?? [];
      this.#frozen.delete(actor);
      for (const task of waiting) this.queue.at(this.now, task);
    });
  }

  /** Do it when the actor runs; not at all if it died meanwhile. */
  whenRunning(actor: Endpoint, life: number, run: () => void): void {
    if (!actor.alive || actor.life !== life) return;
    if (actor.frozenUntil > this.now) {
      const waiting = this.#frozen.get(actor) ?? [];
      waiting.push(() => this.whenRunning(actor, life, run));
      this.#frozen.set(actor, waiting);
      if (waiting.length === 1) this.#thawAt(actor, actor.frozenUntil);
      return;
    }
    run();
    this.onTurn(actor);
  }
}
