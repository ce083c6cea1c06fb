/** By what a link is found: a node's is of one master's group, a sentinel's of all groups. */
import type { Address } from '../base/address.js';
import { joinHostPort } from '../base/host-port.js';

export type LinkKey = string;

export const nodeLinkKey = (master: string, { host, port }: Address): LinkKey =>
  `node ${joinHostPort(host, port)} of ${master}`;

const PEER = 'sentinel ';

export const peerLinkKey = (runid: string): LinkKey => PEER + runid;

/** @returns the master whose group the link to a node belongs to; null: it leads to a sentinel. */
export function groupOfLink(key: LinkKey): string | null {
  return /^node \S+ of (.+)$/s.exec(key)?.[1] ?? null;
}

/** @returns the run id of the sentinel that the link leads to; null: it leads to a node. */
export function sentinelOfLink(key: LinkKey): string | null {
  return key.startsWith(PEER) ? key.slice(PEER.length) : null;
}
