/** What must be seen often enough for a search to mean anything, by the names it has there. */
import { LAPPED } from '../replication/environment.js';
import { LINK_TRANSITIONS } from '../replication/link-state.js';

/** How a step of a replica's link to its master is counted. */
export const linkTransition = (from: string, to: string): string => `link ${from} → ${to}`;

/** How a step of a sentinel's failover is counted. */
export const failoverTransition = (from: string, to: string): string => `failover ${from} → ${to}`;

/** The steps that a failover can take. A sentinel's turn may take several of them at once. */
const FAILOVER_TRANSITIONS = [
  ['none', 'wait-start'],
  ['wait-start', 'none'],
  ['wait-start', 'select-replica'],
  ['select-replica', 'none'],
  ['select-replica', 'wait-promotion'],
  ['wait-promotion', 'none'],
  ['wait-promotion', 'reconf-replicas'],
  ['reconf-replicas', 'none'],
] as const;

/** The faults that random plans have. */
const FAULTS = [
  'crash',
  'power-loss',
  'freeze',
  'isolate',
  'cut',
  'clock',
  'slow-disk',
  'full-mailbox',
  'burst',
  'failover',
] as const;

/** How it is counted that a failover by hand took the epoch of another one. */
export const TWO_MASTERS = 'epochs with two masters';

/** How a fault is counted. */
export const faultName = (type: string): string => `fault ${type}`;

/** How it is counted that a replica of the process fell more than a ring behind. */
export const LAPPED_RINGS = 'lapped rings';

/** Whether a node's event tells that: while it followed, or when it was promoted. */
export function isLapping(event: string, payload: unknown): boolean {
  const { reason, drain } = Object(payload);
  if (event === 'promoted') return drain === 'lapped';
  return event === 'link-down' && reason === LAPPED;
}

/** Faults, and all that the tables of states allow. */
export const WANTED: readonly string[] = [
  ...FAULTS.map(faultName),
  LAPPED_RINGS,
  ...LINK_TRANSITIONS.map(([from, to]) => linkTransition(from, to)),
  ...FAILOVER_TRANSITIONS.map(([from, to]) => failoverTransition(from, to)),
];
