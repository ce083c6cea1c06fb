/**
 * Who is master, as far as the actors' events say it: a node of the system, or a server outside of
 * it.
 *
 * An outside master is followed in one of two ways. *Chained*: one node, the head, follows it,
 * because it was started or told so, and the others follow the head; sentinels have no part in it.
 * *Watched*: the sentinels have promoted a replica outside, and have every node follow that one.
 */
import type { Address } from '../base/address.js';
import { followedBy, masterNamedBy } from './switch-master.js';

export interface OutsideMaster extends Address {
  /** The sentinels have made it master, and watch it. */
  readonly isWatched: boolean;
}

/** What is asked of the system. */
export interface MastershipOwner {
  /** @returns the id of the actor that is found there. */
  idAt(address: Address): string | undefined;
  hasSentinels(): boolean;
  /** What the sentinels call the system's nodes. */
  readonly group: string;
  /** Another one is master. */
  onChange(): void;
}

export class Mastership {
  readonly #owner: MastershipOwner;
  #masterId: string | null = null;
  #outside: OutsideMaster | null = null;

  constructor(owner: MastershipOwner) {
    this.#owner = owner;
  }

  /**
   * The node that is master; where that is a server outside, the head: the one that was master
   * before, or was started to follow it. Null before there is a node.
   */
  get masterId(): string | null {
    return this.#masterId;
  }

  /** The master that is no node of the system; null: it is one. */
  get outside(): OutsideMaster | null {
    return this.#outside;
  }

  /** A node is started. The first one is the master, or the head. */
  begin(id: string, replicaOf: Address | undefined): void {
    if (this.#masterId !== null) return;
    this.#masterId = id;
    if (replicaOf !== undefined) this.#outside = { ...replicaOf, isWatched: false };
  }

  /** Whether this node is master, and its death leaves the system without one. */
  isMaster(id: string): boolean {
    return id === this.#masterId && this.#outside === null;
  }

  /** @returns whom a node follows that starts again: an address, a node's id, or null: none. */
  followedBy(id: string): Address | string | null {
    const outside = this.#outside;
    if (outside !== null && (outside.isWatched || id === this.#masterId)) {
      return { host: outside.host, port: outside.port };
    }
    return id === this.#masterId ? null : this.#masterId;
  }

  /** An actor's event. */
  onEvent(id: string, name: string, payload: unknown): void {
    const followed = followedBy(name, payload);
    if (followed !== null) {
      this.#onFollowed(id, followed.master, followed.isOrderOfSentinel);
      return;
    }
    const named = masterNamedBy(name, payload, this.#owner.group);
    if (named === null) return;
    if (named === 'sender') this.#be(id);
    else if (named === 'sender-alone') {
      const isChained = this.#outside?.isWatched === false;
      if (isChained || !this.#owner.hasSentinels()) this.#be(id);
    } else {
      const node = this.#owner.idAt(named);
      if (node === undefined) this.#follow({ ...named, isWatched: true });
      else this.#be(node);
    }
  }

  /** A node was told to follow. The sentinels' orders are preceded by their own events. */
  #onFollowed(id: string, master: Address, isOrderOfSentinel: boolean): void {
    if (id !== this.#masterId || isOrderOfSentinel || this.#outside?.isWatched === true) return;
    if (this.#owner.idAt(master) === undefined) this.#follow({ ...master, isWatched: false });
  }

  #follow(outside: OutsideMaster): void {
    const before = this.#outside;
    const { host, port, isWatched } = outside;
    if (before?.host === host && before.port === port && before.isWatched === isWatched) return;
    this.#outside = outside;
    this.#owner.onChange();
  }

  #be(id: string): void {
    if (this.isMaster(id)) return;
    this.#masterId = id;
    this.#outside = null;
    this.#owner.onChange();
  }
}
