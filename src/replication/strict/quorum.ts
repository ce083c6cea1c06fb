/**
 * How many of a strict cluster's nodes make its promise: every write that was acknowledged is held
 * by a majority of all nodes, the master counted, and no node serves as master before a majority,
 * itself counted, has promised to follow it. Two majorities have a node in common, and that one
 * knows of every write that was acknowledged before.
 *
 * With the data goes the ballot of the master that last confirmed them: of two nodes the one whose
 * data are of the higher ballot, and of equal ones reach further, has all that was acknowledged to
 * anyone by what both know (as in Raft: the last entry's term, then the log's length).
 *
 * @see https://raft.github.io/raft.pdf, 5.4; https://arxiv.org/abs/1608.06696 (Flexible Paxos)
 */

/** Where a node's data stand. */
export interface DataPlace {
  /** Ballot of the master that confirmed them last; {@link NO_DATA}: they are not whole. */
  readonly data: number;
  /** The last byte. */
  readonly offset: number;
}

/** A node that has promised to follow the candidate. */
export interface Joiner extends DataPlace {
  readonly index: number;
}

export const NO_DATA = -1;

/** Whether `one` may know of acknowledged writes that `other` has not. */
export function isAhead(one: DataPlace, other: DataPlace): boolean {
  return one.data === other.data ? one.offset > other.offset : one.data > other.data;
}

export type CandidacyStep =
  /** Too few have promised. */
  | { readonly state: 'wait' }
  /** This node's data are the newest of a majority's: it is master. */
  | { readonly state: 'established' }
  /** Another one of them has newer data, which this node must have first. */
  | { readonly state: 'catch-up'; readonly from: Joiner };

/**
 * Decide what a candidate does next.
 *
 * @param own - its own data.
 * @param countsItself - it has held its data since before the candidacy: what it once acknowledged
 * to a master is still there.
 * @param joiners - who has promised to follow it. Those without data promise nothing of worth.
 * @param needed - nodes that make a majority with this one.
 */
export function stepCandidacy(
  own: DataPlace,
  countsItself: boolean,
  joiners: readonly Joiner[],
  needed: number,
): CandidacyStep {
  const whole = joiners.filter(({ data }) => data !== NO_DATA);
  if (whole.length < (countsItself ? needed : needed + 1)) return { state: 'wait' };
  let newest: Joiner | null = null;
  for (const joiner of whole) {
    if (isAhead(joiner, newest ?? own)) newest = joiner;
  }
  return newest === null ? { state: 'established' } : { state: 'catch-up', from: newest };
}

/**
 * The offset up to which enough replicas hold the stream.
 *
 * @param offsets - of those that count.
 * @returns -1: there are too few of them.
 */
export function heldOffset(offsets: readonly number[], needed: number): number {
  if (needed === 0) return Number.MAX_SAFE_INTEGER;
  if (offsets.length < needed) return -1;
  return [...offsets].toSorted((a, b) => b - a)[needed - 1]!;
}
