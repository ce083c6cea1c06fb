/**
 * A node tells the sentinels of its process when what INFO would tell them has changed: its role,
 * its master and the link to it, its replicas. So they need not ask every second.
 */
import type { Address } from '../src/base/address.js';
import type { Frame } from '../src/frame/codec.js';
import type { ActorKind } from '../src/runtime/messages.js';
import type { SendResult } from '../src/runtime/wire.js';

/** What a sentinel goes by, of a node's INFO. */
export interface NodeFacts {
  role(): string;
  /** Whom it follows. */
  master(): Address | null;
  /** Its link to that master does not work. */
  isStale(): boolean;
  replicas(): readonly { readonly session: Address }[];
}

/** An actor of the process, as far as it is told. */
export interface NewsPeer {
  readonly kind: ActorKind;
  readonly wire: { send(frame: Frame): SendResult };
}

export interface NewsFrame extends Frame {
  readonly type: 'news';
}

const NEWS: NewsFrame = { type: 'news' };

export function isNewsFrame(frame: Frame): frame is NewsFrame {
  return frame.type === 'news';
}

export class NodeNews {
  readonly #peers: () => readonly NewsPeer[];
  readonly #facts: NodeFacts;
  /** Directives that INFO shows. */
  readonly #settings: () => string;
  /** What each sentinel was told of last, by its wire: a new thread has a new one. */
  readonly #told = new WeakMap<NewsPeer['wire'], string>();

  constructor(peers: () => readonly NewsPeer[], facts: NodeFacts, settings: () => string) {
    this.#peers = peers;
    this.#facts = facts;
    this.#settings = settings;
  }

  /** Tell whoever does not know yet; one beyond a partition is told when it has healed. */
  tell(): void {
    const now = this.#describe();
    for (const { kind, wire } of this.#peers()) {
      if (kind !== 'sentinel' || this.#told.get(wire) === now) continue;
      if (wire.send(NEWS) === 'sent') this.#told.set(wire, now);
    }
  }

  #describe(): string {
    const master = this.#facts.master();
    const addresses = [
      ...(master === null ? [] : [master]),
      ...this.#facts.replicas().map(({ session }) => session),
    ];
    const where = addresses.map(({ host, port }) => `${host} ${port}`).join();
    return `${this.#facts.role()} ${this.#facts.isStale()} ${where} ${this.#settings()}`;
  }
}
