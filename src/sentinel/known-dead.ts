/**
 * What the runtime knows for certain: a thread ended, or listens again.
 *
 * Down-after exists because silence proves nothing. A thread's exit does, so those who watch it
 * count it as down at once. Everything else stays: a quorum must agree, a majority must elect.
 */
import type { Address } from '../base/address.js';
import type { LinkKey } from './link-key.js';
import { disconnect } from './links.js';
import { inFailover } from './state.js';
import type { Instance } from './state.js';
import type { Turn } from './turn.js';

/** It is dead until it answers a PING on a connection made after this. */
export function onActorDown(turn: Turn, address: Address): void {
  for (const key of linksTo(turn, address)) {
    // A reply may still be on its way on the old connection: it proves nothing any more.
    disconnect(turn, key);
    turn.setLink(key, { knownDead: true });
  }
  for (const instance of at(turn, address)) {
    if (instance.kind !== 'sentinel') continue;
    // The one this sentinel made room for will not fail over: it need not wait for it any longer.
    // (As a candidate itself it finds out when it counts the votes.)
    const master = turn.masterOf(instance);
    if (master.leader === instance.runid && !inFailover(master)) {
      turn.update(master, { failoverStartedAt: null });
    }
  }
}

/**
 * Try it at once, without waiting for the next reconnect; if its new link is not known, expect to
 * hear of it.
 */
export function onActorUp(turn: Turn, address: Address): void {
  for (const master of turn.masters.values()) turn.update(master, { newsAt: turn.now });
  for (const key of linksTo(turn, address)) {
    disconnect(turn, key);
    turn.setLink(key, { reconnectedAt: null });
  }
}

/** A node's INFO has changed: ask for it, without waiting for the period to end. */
export function onNodeNews(turn: Turn, address: Address): void {
  for (const instance of at(turn, address)) {
    if (instance.kind !== 'sentinel') turn.update(instance, { infoWanted: true });
  }
}

function at(turn: Turn, address: Address): Instance[] {
  return [...turn.masters.keys()]
    .flatMap((name) => [...turn.group(name)])
    .filter((instance) => turn.same(instance.address, address));
}

function linksTo(turn: Turn, address: Address): Set<LinkKey> {
  return new Set(at(turn, address).map((instance) => instance.link));
}
