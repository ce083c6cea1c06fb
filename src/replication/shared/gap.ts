/**
 * The heartbeat's check for a gap: a replica that is connected, behind, and not moving.
 *
 * A wake can be lost in a partition, or with a mailbox that was full; the stream itself cannot,
 * it stands in the master's ring. So once a heartbeat a replica compares offsets, and one that has
 * stood still for a whole interval while there was something to read reads on.
 */

/** One look at the two offsets. */
export interface GapSample {
  readonly own: number;
  readonly master: number;
}

/**
 * @param previous - the look before; null: none since the link came up.
 * @returns bytes that are missing, if nothing has moved since the previous look although there was
 * something to read then; else 0.
 */
export function findGap(previous: GapSample | null, current: GapSample): number {
  if (previous === null || previous.own !== current.own) return 0;
  return previous.master > previous.own ? current.master - current.own : 0;
}
