/** The cluster's events, and the emitter that knows their types. */
import { EventEmitter } from 'node:events';

import type { ActorKind, Address, DownReason } from '../runtime/messages.js';

/** Name → payload. */
export interface ClusterEvents {
  /** A node listens: for the first time, again, or answers again after a standstill. */
  'node-up': { readonly id: string } & Address;
  'node-down': { readonly id: string; readonly reason: DownReason; readonly detail: string };
  'sentinel-up': { readonly id: string } & Address;
  'sentinel-down': { readonly id: string; readonly reason: DownReason; readonly detail: string };
  /** The supervisor starts it again after so many ms. */
  restarting: { readonly id: string; readonly afterMs: number };
  /** A dead master without a disk: it comes back as a replica after the failover. */
  'waiting-for-failover': { readonly id: string };
  /** The supervisor starts it no more. */
  'given-up': { readonly id: string; readonly why: string };
  /** Another node is master. Once per failover, at the first word of it. */
  'switch-master': { readonly from: string | null; readonly to: string } & Address;
  /** What a sentinel publishes, as its subscribers see it: `+sdown`, `+vote-for-leader`… */
  sentinel: { readonly id: string; readonly channel: string; readonly payload: string };
  /** What a node says of itself: `role-changed`, `fenced`, `full-resync`, `partial-resync`… */
  node: { readonly id: string; readonly name: string; readonly payload: unknown };
}

export type ClusterEvent = keyof ClusterEvents;
export type ClusterListener<Name extends ClusterEvent> = (event: ClusterEvents[Name]) => void;

/** An EventEmitter that knows its events. */
export class ClusterEmitter {
  // Any number of clients listen to it, so that a count of them tells of no leak.
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  on<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): void {
    this.#emitter.on(name, listener);
  }

  off<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): void {
    this.#emitter.off(name, listener);
  }

  emit<Name extends ClusterEvent>(name: Name, event: ClusterEvents[Name]): void {
    this.#emitter.emit(name, event);
  }
}

/** `node-up`, `sentinel-down`… */
export function upDown<Kind extends ActorKind, Way extends 'up' | 'down'>(
  kind: Kind,
  way: Way,
): `${Kind}-${Way}` {
  return `${kind}-${way}`;
}
