/**
 * The states of a replica's link to its master, as ROLE names them.
 *
 *   none        this node is a master
 *   connect     there is a master to be reached, and nothing under way
 *   connecting  a connection is being made (across a socket: a wire is always there)
 *   handshake   the questions up to PSYNC are asked, an answer outstanding
 *   sync        a full sync is under way
 *   connected   the stream is being followed
 *
 * @see redis/redis 7.0 src/replication.c, roleCommand(), replicationCron()
 */
import type { LinkState } from '../base/role-reply.js';
import type { Millis } from '../base/time.js';
import type { ReplicationEvent } from './environment.js';

/** The only ways from one state to another. */
const TRANSITIONS: Readonly<Record<LinkState, readonly LinkState[]>> = {
  none: ['connect'],
  connect: ['none', 'connect', 'connecting', 'handshake'],
  connecting: ['none', 'connect', 'handshake'],
  handshake: ['none', 'connect', 'sync', 'connected'],
  sync: ['none', 'connect', 'connected'],
  connected: ['none', 'connect'],
};

/** All of them. */
export const LINK_TRANSITIONS: readonly (readonly [from: string, to: string])[] = Object.entries(
  TRANSITIONS,
).flatMap(([from, all]) => all.map((to) => [from, to] as const));

export function isLegalTransition(from: LinkState, to: LinkState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** What a link looks like to its timeouts. */
export interface LinkView {
  readonly state: LinkState;
  /** When the state was entered, or the master last gave a sign since; monotonic ms. */
  readonly heardAt: Millis;
  /** A partition separates the two. */
  readonly isCut: boolean;
  /** An unanswered question is given up after this long. */
  readonly handshakeTimeoutMs: Millis;
}

/**
 * Decide whether a link is to be given up and tried anew.
 *
 * @param timeoutMs - `repl-timeout`; a silence of exactly so long is not yet too long.
 * @returns why, or null.
 */
export function whyGiveUp(link: LinkView, now: Millis, timeoutMs: Millis): string | null {
  if (link.state === 'connecting' && now - link.heardAt > link.handshakeTimeoutMs) {
    return 'Timeout connecting to the MASTER...';
  }
  if (link.state === 'handshake' && now - link.heardAt > link.handshakeTimeoutMs) {
    return 'Timeout connecting to the MASTER...';
  }
  // Chunks that a partition swallowed do not come again.
  if (link.state === 'sync' && link.isCut) return 'partition during full sync';
  if (link.state !== 'sync' && link.state !== 'connected') return null;
  if (now - link.heardAt <= timeoutMs) return null;
  return link.state === 'sync'
    ? "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' parameter in redis.conf to a larger value."
    : 'MASTER timeout: no data nor PING received...';
}

/** What it is called when the link is lost in a state. */
export const LOSSES = {
  none: 'handshake-failed',
  connect: 'handshake-failed',
  connecting: 'handshake-failed',
  handshake: 'handshake-failed',
  sync: 'full-resync-failed',
  connected: 'link-down',
} as const satisfies Record<LinkState, ReplicationEvent['type']>;
