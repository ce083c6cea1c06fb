/** One of a load's clients: a connection with at most one batch under way, as redis-benchmark's. */
import { ReplyCounter } from '../../cluster/client/reply-counter.js';
import type { LinkEvents, LoadLink } from './links.js';

export interface ClientEvents {
  onIdle(client: LoadClient): void;
  /** The batch is answered. @param refused - error replies in it. */
  onAnswered(client: LoadClient, issuedAt: number, refused: number): void;
  /** The connection is gone. @param lost - commands that were not answered. */
  onLost(client: LoadClient, lost: number): void;
}

export class LoadClient {
  readonly index: number;
  readonly #events: ClientEvents;
  readonly #commands: number;
  #link: LoadLink | null = null;
  #counter = new ReplyCounter();
  /** Replies at which the batch under way is answered; 0: none is under way. */
  #expected = 0;
  #issuedAt = 0;
  /** Errors in the batch under way. */
  #refused = 0;

  /** @param commands - in every batch. */
  constructor(index: number, commands: number, events: ClientEvents) {
    this.index = index;
    this.#commands = commands;
    this.#events = events;
  }

  get isBusy(): boolean {
    return this.#expected > 0;
  }

  /** Whether it has a connection, or tries to get one. */
  get isLinked(): boolean {
    return this.#link !== null;
  }

  /** Take a connection into use; the one before is closed. */
  use(open: (events: LinkEvents) => LoadLink): void {
    this.leave();
    this.#counter = new ReplyCounter();
    const link = open({
      onOpen: () => this.#events.onIdle(this),
      onBytes: (bytes) => this.#receive(bytes),
      onLost: () => {
        if (this.#link === link) this.leave();
      },
    });
    this.#link = link;
  }

  /** @param issuedAt - ms: when it leaves, or should have left. */
  send(bytes: Uint8Array, issuedAt: number): void {
    this.#expected = this.#counter.replies + this.#commands;
    this.#issuedAt = issuedAt;
    this.#link?.send(bytes);
  }

  /** Close the connection; what is unanswered is lost. */
  leave(): void {
    if (this.#link === null) return;
    this.#link.close();
    this.#link = null;
    const lost = this.#expected === 0 ? 0 : this.#expected - this.#counter.replies;
    this.#expected = 0;
    this.#refused = 0;
    this.#events.onLost(this, lost);
  }

  #receive(bytes: Uint8Array): void {
    const refused = this.#counter.errors;
    try {
      this.#counter.feed(bytes);
    } catch {
      this.leave(); // Not RESP: nothing after it means anything.
      return;
    }
    const errors = this.#counter.errors - refused;
    this.#refused += errors;
    if (this.#expected === 0 || this.#counter.replies < this.#expected) return;
    this.#expected = 0;
    const inBatch = this.#refused;
    this.#refused = 0;
    this.#events.onAnswered(this, this.#issuedAt, inBatch);
    if (!this.isBusy) this.#events.onIdle(this);
  }
}
