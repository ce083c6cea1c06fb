/** By what a link is found: a node's is of one master's group, a sentinel's of all groups. */
import type { Address } from '../base/address.js';
import { joinHostPort } from '../base/host-port.js';

export type LinkKey = string;

export const nodeLinkKey = (master: string, { host, port }: Address): LinkKey =>
  `node ${joinHostPort(host, port)} of ${master}`;

export const peerLinkKey = (runid: string): LinkKey => `sentinel ${runid}`;

/** @returns the master whose group the link to a node belongs to; null: it leads to a sentinel. */
export function groupOfLink(key: LinkKey): string | null {
  return /^node \S+ of (.+)$/s.exec(key)?.[1] ?? null;
}
