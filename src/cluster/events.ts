/** The cluster's events, and the emitter that knows their types. */
import { EventEmitter } from 'node:events';

import type { Address } from '../base/address.js';
import { RingleaderError } from '../base/errors.js';
import { checkFunction, refusal } from '../base/refuse.js';
import type { Millis } from '../base/time.js';
import type { ElectionEntry } from '../coordinator/election-log.js';
import type { ActorKind, DownReason } from '../runtime/messages.js';

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
  /**
   * Another node is master. Once per failover, at the first word of it. `from` is null where the
   * master was a server outside.
   */
  'switch-master': { readonly from: string | null; readonly to: string } & Address;
  /**
   * The master is a server outside, at this address: the nodes take no writes. `id`: the node that
   * follows it, and that the others follow; where the sentinels have promoted the outside server,
   * all do.
   */
  following: { readonly id: string } & Address;
  'coordinator-up': { readonly id: string } & Address;
  'coordinator-down': { readonly id: string; readonly reason: DownReason; readonly detail: string };
  /** What sentinels of the cluster say to each other in an election, in the order it passed. */
  election: ElectionEntry;
  /** What a sentinel publishes, as its subscribers see it: `+sdown`, `+vote-for-leader`… */
  sentinel: { readonly id: string; readonly channel: string; readonly payload: string };
  /** What a node says of itself: `role-changed`, `fenced`, `full-resync`, `partial-resync`… */
  node: { readonly id: string; readonly name: string; readonly payload: unknown };
}

export type ClusterEvent = keyof ClusterEvents;
export type ClusterListener<Name extends ClusterEvent> = (event: ClusterEvents[Name]) => void;

const NAMES = {
  'node-up': true,
  'node-down': true,
  'sentinel-up': true,
  'sentinel-down': true,
  restarting: true,
  'waiting-for-failover': true,
  'given-up': true,
  'switch-master': true,
  following: true,
  'coordinator-up': true,
  'coordinator-down': true,
  election: true,
  sentinel: true,
  node: true,
} as const satisfies Record<ClusterEvent, true>;

/** An EventEmitter that knows its events. */
export class ClusterEmitter {
  // Any number of clients listen to it, so that a count of them tells of no leak.
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  /** Of those who wait for an event, how they are told that there will be none. */
  readonly #waiting = new Set<(error: Error) => void>();
  #isClosed = false;

  /** @throws RingleaderError CONFIG_INVALID: there is no such event, or it is no function. */
  on<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): void {
    checkName(name);
    checkFunction('a listener', listener);
    this.#emitter.on(name, listener);
  }

  off<Name extends ClusterEvent>(name: Name, listener: ClusterListener<Name>): void {
    checkName(name);
    this.#emitter.off(name, listener);
  }

  emit<Name extends ClusterEvent>(name: Name, event: ClusterEvents[Name]): void {
    if (!this.#isClosed) this.#emitter.emit(name, event);
  }

  /** The next event of that name; rejected with TIMEOUT, or with what `close` is given. */
  next<Name extends ClusterEvent>(name: Name, timeoutMs: Millis): Promise<ClusterEvents[Name]> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(fail);
        this.off(name, listener);
      };
      const listener = (event: ClusterEvents[Name]): void => {
        end();
        resolve(event);
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      this.on(name, listener);
      const timer =
        timeoutMs === Infinity
          ? undefined
          : setTimeout(
              () => fail(new RingleaderError('TIMEOUT', `no ${name} within ${timeoutMs} ms`)),
              Math.min(timeoutMs, 2 ** 31 - 1),
            );
      this.#waiting.add(fail);
    });
  }

  /** There will be no more events: what a stop does to nodes and sentinels is none. */
  close(error: Error): void {
    this.#isClosed = true;
    for (const fail of this.#waiting) fail(error);
  }
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && Object.hasOwn(NAMES, name)) return;
  throw refusal('an event', `one of ${Object.keys(NAMES).join(', ')}`, name);
}

/** `node-up`, `sentinel-down`… */
export function upDown<Kind extends ActorKind, Way extends 'up' | 'down'>(
  kind: Kind,
  way: Way,
): `${Kind}-${Way}` {
  return `${kind}-${way}`;
}

/**
 * Call back with the id of each node that becomes master, or follows one outside for the others.
 *
 * @returns what ends it.
 */
export function onMaster(events: ClusterEmitter, callback: (id: string) => void): () => void {
  const onSwitch = ({ to }: { readonly to: string }): void => callback(to);
  const onFollowing = ({ id }: { readonly id: string }): void => callback(id);
  events.on('switch-master', onSwitch);
  events.on('following', onFollowing);
  return () => {
    events.off('switch-master', onSwitch);
    events.off('following', onFollowing);
  };
}
